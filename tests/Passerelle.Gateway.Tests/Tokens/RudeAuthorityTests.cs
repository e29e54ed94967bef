using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Passerelle.Gateway.Outbound;
using Passerelle.Gateway.Sending;
using Passerelle.Gateway.Sending.Devices;
using Passerelle.Gateway.Tests.Sending;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Tests.Tokens;

/// <summary>An authority that drips, stays silent, answers with a page, with three megabytes, or points into our own network: at
/// each of its addresses. Every call comes back by itself, with words, and nothing is stored.</summary>
public sealed class RudeAuthorityTests
{
    private static readonly OutboundOptions Bounds = new() { RequestSeconds = 1 };

    public static TheoryData<string> Manners => ["silent", "dripping", "page", "huge", "redirect", "gone"];

    [Theory, MemberData(nameof(Manners))]
    public async Task A_renewal_ends_and_the_grant_stays_as_it_was(string manner)
    {
        await using var rig = await SendingRig.OpenAsync(withGrant: false, bounds: Bounds);
        await rig.GrantAsync("old", TimeSpan.FromMinutes(1), "refresh-1");
        using var end = Behave(rig, "/token", manner);
        var answer = await rig.Tokens.GetAsync(await rig.AppAsync(), TempStore.Cancel);
        Assert.False(answer is TokenAnswer.Ready { Secret: var token } && token.Reveal() != "old");
        if (manner is not "redirect") Assert.False(answer is TokenAnswer.Broken); // nothing is known to be wrong: it is tried again
        Assert.Equal("refresh-1", await rig.StoredRefreshTokenAsync());
        Assert.Equal(0, rig.Server.Connections); // a redirect to it is not followed, although it may be connected to
    }

    [Theory, MemberData(nameof(Manners))]
    public async Task The_applications_own_token_is_asked_for_once_and_the_server_never(string manner)
    {
        await using var rig = await SendingRig.OpenAsync(withGrant: false, bounds: Bounds);
        await rig.SetAsync("way = 'app-only', scope = 'https://outlook.office365.com/.default'");
        using var end = Behave(rig, "/token", manner);
        var outcome = await rig.Connect.ProveApplicationAsync(await rig.AppAsync(), TempStore.Cancel);
        Assert.False(outcome is ConnectOutcome.Connected);
        Assert.Equal(0, rig.Server.Connections);
        Assert.Null(await rig.StoredRefreshTokenAsync());
    }

    [Theory, MemberData(nameof(Manners))]
    public async Task Authorise_and_a_device_code_end_with_words_when_discovery_is_rude(string manner)
    {
        await using var rig = await SendingRig.OpenAsync(withGrant: false, bounds: Bounds);
        using var end = Behave(rig, "/openid-configuration", manner);
        var begun = await rig.Authorisations.BeginAsync(await rig.AppAsync(), Asker(), TempStore.Cancel);
        // A page is what a provider without discovery has there: it is plain OAuth 2.0, and the way goes on.
        Assert.True(begun is BeginOutcome.Later { Reason.Length: > 0 } or BeginOutcome.Refused or BeginOutcome.Started);
        if (manner is "silent" or "dripping" or "huge" or "gone") Assert.IsType<BeginOutcome.Later>(begun);
        Assert.Empty(rig.Authority.Asked);
    }

    [Theory, MemberData(nameof(Manners))]
    public async Task A_device_code_is_not_handed_out_by_a_rude_answer(string manner)
    {
        await using var rig = await SendingRig.OpenAsync(withGrant: false, bounds: Bounds);
        using var end = Behave(rig, "/devicecode", manner);
        Assert.IsNotType<DeviceStart.Started>(await rig.DeviceSignIns.StartAsync(await rig.AppAsync(), TempStore.Cancel));
        Assert.Null(await rig.DeviceSignIns.FindAsync(rig.Office.Organisation, rig.Office.App, TempStore.Cancel));
    }

    [Theory, MemberData(nameof(Manners))]
    public async Task A_sign_in_whose_keys_cannot_be_read_connects_nobody(string manner)
    {
        await using var rig = await SendingRig.OpenAsync(withGrant: false, bounds: Bounds);
        var session = SHA256.HashData("session"u8);
        var started = Assert.IsType<BeginOutcome.Started>(await rig.Authorisations.BeginAsync(await rig.AppAsync(), Asker(), TempStore.Cancel));
        var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(new Uri(started.RedirectUrl).Query);
        var idToken = rig.Authority.IdToken(query["client_id"]!, query["nonce"], "support@contoso.example", rig.Office.Temp.Time.GetUtcNow()); // it was asked with both
        rig.Authority.Answer = _ => Task.FromResult<(int, object)>((200, new { access_token = "token-9", expires_in = 3600, id_token = idToken }));
        using var end = Behave(rig, "/keys", manner);
        var outcome = await rig.Authorisations.CompleteAsync(
            new CallbackQuery(query["state"], "code-1", null, null), new ReturningBrowser(session, [], started.Cookie.Value), TempStore.Cancel);
        Assert.True(outcome is CompleteOutcome.Later or CompleteOutcome.Refused);
        Assert.Null(await rig.StoredRefreshTokenAsync());
    }

    private static Asker Asker() => new(Guid.Empty, SHA256.HashData("session"u8));

    /// <returns>Lets go of what is still held when the test is over.</returns>
    private static CancellationTokenSource Behave(SendingRig rig, string path, string manner)
    {
        var over = new CancellationTokenSource();
        rig.Authority.Strange = (path, manner switch
        {
            "silent" => http => HeldAsync(http, over.Token),
            "dripping" => http => DripAsync(http, over.Token),
            "page" => http => WriteAsync(http, 200, "<!doctype html><title>Sign in to this network</title>"),
            "huge" => http => WriteAsync(http, 200, new string(' ', 3 * 1024 * 1024)),
            "redirect" => http => RedirectAsync(http, $"http://127.0.0.1:{rig.Server.Port}/secrets"),
            _ => AbortAsync,
        });
        return over;
    }

    private static async Task HeldAsync(HttpContext http, CancellationToken over)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over, http.RequestAborted);
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, either.Token);
        }
        catch (OperationCanceledException)
        {
            // the client has gone
        }
    }

    /// <summary>Headers at once, then one byte at a time: no single read ever times out.</summary>
    private static async Task DripAsync(HttpContext http, CancellationToken over)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over, http.RequestAborted);
        http.Response.ContentType = "application/json";
        try
        {
            while (true)
            {
                await http.Response.WriteAsync(" ", either.Token);
                await http.Response.Body.FlushAsync(either.Token);
                await Task.Delay(50, either.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // the client has gone
        }
    }

    private static Task RedirectAsync(HttpContext http, string inside)
    {
        http.Response.Redirect(inside, permanent: false, preserveMethod: true);
        return Task.CompletedTask;
    }

    private static Task AbortAsync(HttpContext http)
    {
        http.Abort();
        return Task.CompletedTask;
    }

    private static Task WriteAsync(HttpContext http, int status, string body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/html";
        return http.Response.WriteAsync(body);
    }
}
