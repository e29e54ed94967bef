using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Reading;

namespace Passerelle.Gateway.Tests.Reading;

/// <summary>A resolver that hears and says nothing.</summary>
public sealed class DnsResolverTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_the_resolver_is_silent_other_questions_do_not_wait_for_it()
    {
        using var silent = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var resolver = new DnsResolver(
            Options.Create(new ReadingOptions { Resolver = silent.Client.LocalEndPoint!.ToString()!, DnsSeconds = 1 }), TimeProvider.System); // bound just above
        await Assert.ThrowsAnyAsync<Exception>(() => resolver.TxtAsync("first.example", Cancel));
        await Assert.ThrowsAnyAsync<Exception>(() => resolver.TxtAsync("second.example", Cancel));
        var asked = new List<string>();
        while (silent.Available > 0) asked.Add(Encoding.Latin1.GetString((await silent.ReceiveAsync(Cancel)).Buffer));
        Assert.Contains(asked, question => question.Contains("first", StringComparison.Ordinal));
        Assert.DoesNotContain(asked, question => question.Contains("second", StringComparison.Ordinal));
    }
}
