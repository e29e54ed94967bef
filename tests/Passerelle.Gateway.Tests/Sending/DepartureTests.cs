using Microsoft.AspNetCore.Http;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Sending;
using Passerelle.Gateway.Tests.Sending.Graph;
using Passerelle.Gateway.Tests.Tokens;

namespace Passerelle.Gateway.Tests.Sending;

/// <summary>SMTP, and Graph while SMTP AUTH is off: the other way is taken only where it is certain that nothing was sent.</summary>
public sealed class DepartureTests
{
    private const string OffForMailbox = "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox.";
    private const string OffForTenant = "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.";

    [Theory]
    [InlineData(OffForMailbox)]
    [InlineData(OffForTenant)]
    public async Task While_SMTP_AUTH_is_off_letters_leave_by_Graph_and_the_app_stays_connected(string reply)
    {
        await using var rig = await OpenAsync();
        rig.Server.AuthReply = reply;
        Assert.Equal(LetterState.Settled, (await rig.SendOneAsync()).State);
        Assert.Equal(LetterState.Settled, (await rig.SendOneAsync()).State);
        Assert.Equal((2, 1, 0), (rig.Authority.AskedOfGraph.Count, rig.Server.Connections, rig.Server.Mails.Count));
        Assert.Equal(AppState.Connected, await rig.Office.AppStateAsync());
        Assert.Equal("https://graph.microsoft.com/Mail.Send", Assert.Single(rig.Authority.Asked)["scope"]); // and the grant for SMTP is as it was
        Assert.Equal("refresh-1", await rig.StoredRefreshTokenAsync());

        rig.Server.AuthReply = "235 2.7.0 Authentication successful";
        rig.Office.Temp.Time.Advance(TimeSpan.FromMinutes(16));
        Assert.Equal("250 2.0.0 OK", (await rig.SendOneAsync()).StateReason);
        Assert.Equal(2, rig.Authority.AskedOfGraph.Count);
    }

    [Theory]
    [InlineData("535 5.7.3 Authentication unsuccessful")]
    [InlineData("535 5.7.139 Authentication unsuccessful, the request did not meet the criteria to be authenticated successfully. Contact your administrator.")]
    [InlineData("454 4.7.0 Temporary authentication failure")]
    public async Task Another_refusal_of_the_sign_in_asks_nothing_of_Graph(string reply)
    {
        await using var rig = await OpenAsync();
        rig.Server.AuthReply = reply;
        Assert.NotEqual(LetterState.Settled, (await rig.SendOneAsync()).State);
        Assert.Empty(rig.Authority.AskedOfGraph);
    }

    [Theory]
    [InlineData("", "Unclear")] // closed after the final dot
    [InlineData("451 4.7.500 Server busy\r\n", "Waiting")]
    [InlineData("550 5.1.1 No such user\r\n", "Dead")]
    public async Task Once_a_mail_was_said_its_answer_stands(string reply, string state)
    {
        await using var rig = await OpenAsync();
        rig.Server.DotReply = reply;
        Assert.Equal(state, $"{(await rig.SendOneAsync()).State}");
        Assert.Empty(rig.Authority.AskedOfGraph);
    }

    [Fact]
    public async Task Without_the_consent_for_Graph_the_servers_refusal_stands()
    {
        await using var rig = await OpenAsync();
        rig.Server.AuthReply = OffForMailbox;
        rig.Authority.Fail(400, "invalid_grant", "AADSTS65001: The user or administrator has not consented to use the application", 65001);
        Assert.Equal((LetterState.Blocked, OffForMailbox), await StandingAsync(rig));
        Assert.Empty(rig.Authority.AskedOfGraph);
        Assert.Equal(AppState.Broken, await rig.Office.AppStateAsync());
    }

    [Fact]
    public async Task A_token_that_Graph_does_not_take_is_forgotten_and_the_letter_waits()
    {
        await using var rig = await OpenAsync();
        rig.Server.AuthReply = OffForMailbox;
        rig.Authority.Graph = (_, http) => GraphSubmissionTests.AnswerAsync(http, 401, "InvalidAuthenticationToken");
        Assert.Equal(LetterState.Waiting, (await StandingAsync(rig)).State);
        rig.Authority.Graph = (_, http) =>
        {
            http.Response.StatusCode = StatusCodes.Status202Accepted;
            return Task.CompletedTask;
        };
        rig.Office.Temp.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.True(await rig.Dispatch.SendNextAsync(await rig.Office.OwnerAsync(), rig.Pool, TempStore.Cancel));
        Assert.Equal(2, rig.Authority.Asked.Count);
    }

    /// <summary>By SMTP alone, the default, no other way is ever taken.</summary>
    [Fact]
    public async Task Who_says_SMTP_means_SMTP()
    {
        await using var rig = await OpenAsync("smtp");
        rig.Server.AuthReply = OffForMailbox;
        Assert.Equal(LetterState.Blocked, (await StandingAsync(rig)).State);
        Assert.Empty(rig.Authority.Asked);
    }

    /// <summary>The way back from broken, and the first sign-in, go by what letters go by.</summary>
    [Fact]
    public async Task An_app_whose_SMTP_AUTH_is_off_connects_by_Graph_when_it_may()
    {
        await using var rig = await OpenAsync();
        rig.Server.AuthReply = OffForMailbox;
        rig.Authority.Answer = form => Task.FromResult<(int, object)>((200, new
        {
            token_type = "Bearer",
            access_token = form["scope"].Contains("graph", StringComparison.Ordinal) ? FakeAuthority.GraphToken("Mail.Send") : "token-2",
            expires_in = 3600,
        }));
        Assert.Equal("Microsoft Graph: Mail.Send", Assert.IsType<ConnectOutcome.Connected>(await rig.Connect.ProveAgainAsync(await rig.AppAsync(), TempStore.Cancel)).Reply);
        await rig.SetAsync("transport = 'smtp'");
        Assert.IsType<ConnectOutcome.Refused>(await rig.Connect.ProveAgainAsync(await rig.AppAsync(), TempStore.Cancel));
    }

    private static async Task<(LetterState State, string Reason)> StandingAsync(SendingRig rig)
    {
        var row = await rig.SendOneAsync();
        return (row.State, row.StateReason);
    }

    private static async Task<SendingRig> OpenAsync(string transport = "smtp-then-graph")
    {
        var rig = await SendingRig.OpenAsync();
        await rig.SetAsync("transport = @transport", new { transport });
        rig.Authority.Answer = _ => Task.FromResult<(int, object)>((200, new { token_type = "Bearer", access_token = FakeAuthority.GraphToken("Mail.Send"), expires_in = 3600, refresh_token = "refresh-2" }));
        return rig;
    }
}
