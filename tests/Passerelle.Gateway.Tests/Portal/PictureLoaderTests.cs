using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Outbound;
using Passerelle.Gateway.Portal;
using Passerelle.Gateway.Tests.Outbound;

namespace Passerelle.Gateway.Tests.Portal;

/// <summary>Addresses of pictures are a stranger's words: they lead nowhere that the policy closes, and cost what is bounded.</summary>
public sealed class PictureLoaderTests
{
    private static readonly byte[] Dot = Convert.FromBase64String("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7");

    private static CancellationToken Cancel => TempStore.Cancel;

    [Fact]
    public async Task A_picture_is_fetched_without_a_word_about_who_reads()
    {
        await using var server = await ServerAsync();
        using var traced = new System.Diagnostics.Activity("a request of the reader's").Start();
        var found = await LoadAsync([server.HostAndPort], $"{server.Url}/dot.gif?for=ann", $"{server.Url}/dot.gif?for=ann");
        Assert.Equal([0, 1], found.Keys.Order());
        Assert.Equal($"data:image/gif;base64,{Convert.ToBase64String(Dot)}", found[1]);
        var asked = Assert.Single(server.Calls); // the same address once
        Assert.Equal(["Accept", "Host", "User-Agent"], asked.Headers.Keys.Order());
        Assert.Equal("Passerelle", asked.Header("User-Agent"));
    }

    [Theory]
    [InlineData("http://127.0.0.1:{0}/")]
    [InlineData("http://localhost:{0}/")]
    [InlineData("http://[::1]:{0}/")]
    [InlineData("http://[::ffff:127.0.0.1]:{0}/")]
    [InlineData("http://2130706433:{0}/")]
    [InlineData("http://0x7f.1:{0}/")]
    [InlineData("http://0.0.0.0:{0}/")]
    [InlineData("http://user@127.0.0.1:{0}/")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://10.0.0.1/")]
    public async Task What_is_inside_is_never_asked(string address)
    {
        await using var server = await ServerAsync();
        Assert.Empty(await LoadAsync([], string.Format(System.Globalization.CultureInfo.InvariantCulture, address, new Uri(server.Url).Port)));
        Assert.Empty(server.Calls);
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://127.0.0.1/x.png")]
    [InlineData("gopher://127.0.0.1/x.png")]
    [InlineData("javascript:alert(1)")]
    [InlineData("//127.0.0.1/x.png")]
    [InlineData("x.png")]
    [InlineData("http://")]
    [InlineData("http://:80/")]
    [InlineData("")]
    public async Task What_is_no_address_of_the_web_is_left_out(string address) => Assert.Empty(await LoadAsync([], address));

    [Fact]
    public async Task A_redirect_is_judged_anew()
    {
        await using var inside = await ServerAsync();
        await using var server = await ServerAsync();
        foreach (var to in new[] { inside.Url, "file:///etc/passwd", $"http://user:pass@{server.HostAndPort}/end" })
        {
            server.Answer = http =>
            {
                http.Response.Redirect(to);
                return Task.CompletedTask;
            };
            Assert.Empty(await LoadAsync([server.HostAndPort], $"{server.Url}/dot.gif"));
        }
        Assert.Empty(inside.Calls);
    }

    [Fact]
    public async Task Redirects_are_followed_and_end()
    {
        await using var server = await ServerAsync();
        server.Answer = http =>
        {
            if (http.Request.Path == "/first") http.Response.Redirect("/second");
            else if (http.Request.Path == "/second") return http.Response.Body.WriteAsync(Dot).AsTask();
            else http.Response.Redirect("/round");
            return Task.CompletedTask;
        };
        var found = await LoadAsync([server.HostAndPort], $"{server.Url}/first", $"{server.Url}/round");
        Assert.Equal([0], found.Keys);
        Assert.Equal(4, server.Calls.Count(call => call.Path == "/round"));
    }

    [Theory]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")]
    [InlineData("<html><script>alert(1)</script></html>")]
    [InlineData("%PDF-1.7")]
    [InlineData("")]
    public async Task What_is_no_picture_by_its_bytes_is_left_out_whatever_it_is_called(string content)
    {
        await using var server = await ServerAsync();
        server.Answer = http =>
        {
            http.Response.ContentType = "image/png";
            return http.Response.WriteAsync(content);
        };
        Assert.Empty(await LoadAsync([server.HostAndPort], $"{server.Url}/x.png"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_picture_beyond_the_bound_is_left_out_and_not_read_to_its_end(bool isDeclared)
    {
        await using var server = await ServerAsync();
        server.Answer = async http =>
        {
            if (isDeclared) http.Response.ContentLength = 1024L * 1024 * 1024;
            var block = new byte[64 * 1024];
            Dot.CopyTo(block, 0);
            try
            {
                while (!http.RequestAborted.IsCancellationRequested) await http.Response.Body.WriteAsync(block, http.RequestAborted);
            }
            catch (Exception gone) when (gone is OperationCanceledException or IOException)
            {
                // it hung up, as it should
            }
        };
        Assert.Empty(await LoadAsync([server.HostAndPort], $"{server.Url}/large.gif"));
    }

    [Fact]
    public async Task All_together_are_bounded_too()
    {
        await using var server = await ServerAsync();
        var large = new byte[PictureLoader.LargestPicture - 1];
        Dot.CopyTo(large, 0);
        server.Answer = http => http.Response.Body.WriteAsync(large).AsTask();
        var found = await LoadAsync([server.HostAndPort], [.. Enumerable.Range(0, 6).Select(number => $"{server.Url}/{number}.gif")]);
        Assert.Equal([0, 1, 2, 3], found.Keys.Order());
    }

    [Theory]
    [InlineData(404)]
    [InlineData(500)]
    [InlineData(206)]
    public async Task What_is_not_there_is_left_out(int status)
    {
        await using var server = await ServerAsync();
        server.AnswerWith(status);
        Assert.Empty(await LoadAsync([server.HostAndPort], $"{server.Url}/x.png"));
    }

    private static async Task<OutsideServer> ServerAsync()
    {
        var server = await OutsideServer.StartAsync();
        server.Answer = http => http.Response.Body.WriteAsync(Dot).AsTask();
        return server;
    }

    private static async Task<IReadOnlyDictionary<int, string>> LoadAsync(string[] allow, params string[] addresses)
    {
        var options = Options.Create(new OutboundOptions { Allow = allow, ConnectSeconds = 2 });
        using var outbound = new OutboundHttp(new OutboundPolicy(options, System.Net.Dns.GetHostAddressesAsync, TimeProvider.System), new OutboundTrust(options), options);
        return await new PictureLoader(outbound, TimeProvider.System).LoadAsync(addresses, Cancel);
    }
}
