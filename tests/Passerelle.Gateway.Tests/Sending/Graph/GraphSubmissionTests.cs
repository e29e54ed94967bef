using Microsoft.AspNetCore.Http;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Cluster;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Sending;
using Passerelle.Gateway.Tests.Tokens;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Tests.Sending.Graph;

/// <summary>An app whose letters leave by Graph and by nothing else.</summary>
public sealed class GraphSubmissionTests
{
    [Fact]
    public async Task A_letter_leaves_with_its_own_bytes_once_it_is_marked()
    {
        await using var rig = await OpenAsync();
        var marked = LetterState.Waiting;
        var id = Guid.Empty;
        var answer = rig.Authority.Graph;
        rig.Authority.Graph = async (asked, http) =>
        {
            marked = await rig.Office.StateAsync(id);
            await answer(asked, http);
        };
        var row = await rig.SendOneAsync(letter =>
        {
            id = letter.Id;
            return letter;
        });
        Assert.Equal((LetterState.Settled, "Microsoft Graph answered 202 Accepted, request-id request-1"), (row.State, row.StateReason));
        var asked = Assert.Single(rig.Authority.AskedOfGraph);
        Assert.Equal(
            ("POST", "/v1.0/users/support@contoso.example/sendMail", $"Bearer {FakeAuthority.GraphToken("Mail.Send")}", "text/plain"),
            (asked.Method, asked.Path, asked.Authorization, asked.Type));
        Assert.StartsWith("From: support@contoso.example\r\nTo: ann@fabrikam.example\r\n", asked.Mail, StringComparison.Ordinal);
        Assert.Contains($"Message-ID: {row.InternetId}\r\n", asked.Mail, StringComparison.Ordinal);
        Assert.EndsWith("Good day,\r\n.this line begins with a dot\r\n", asked.Mail, StringComparison.Ordinal);
        Assert.Equal(LetterState.Submitting, marked);
        Assert.Equal(0, rig.Server.Connections);
        Assert.Equal("ann@fabrikam.example=accepted", await rig.Office.RecipientsAsync(row.Id));
    }

    /// <summary>Without the mark nothing is said: a newer owner may be sending the same letter.</summary>
    [Fact]
    public async Task Who_has_lost_the_app_asks_nothing()
    {
        await using var rig = await OpenAsync();
        var owner = await rig.Office.OwnerAsync();
        await rig.Office.LetterAsync(await rig.Office.ConversationAsync());
        var (letter, app) = (await rig.Office.ClaimAsync(owner), await rig.AppAsync());
        await Assert.ThrowsAsync<OwnershipLost>(() => rig.Graph.SendAsync(
            letter, app, Ready("Mail.Send"), GraphMailTests.Letter(), rig.Pool, () => throw new OwnershipLost(owner), TempStore.Cancel));
        Assert.Empty(rig.Authority.AskedOfGraph);
    }

    [Theory]
    [InlineData(429, "ApplicationThrottled", "Waiting", "deferred")]
    [InlineData(503, "serviceNotAvailable", "Waiting", "deferred")]
    [InlineData(403, "ErrorAccessDenied", "Blocked", "blocked")]
    [InlineData(404, "MailboxNotEnabledForRESTAPI", "Blocked", "blocked")]
    [InlineData(400, "ErrorInvalidRecipients", "Dead", "refused")]
    [InlineData(413, "ErrorMessageSizeExceeded", "Dead", "refused")]
    [InlineData(504, "gatewayTimeout", "Unclear", "unclear")]
    public async Task An_answer_makes_of_the_letter_what_it_says(int status, string code, string state, string outcome)
    {
        await using var rig = await OpenAsync();
        rig.Authority.Graph = (_, http) => AnswerAsync(http, status, code, retryAfter: 900);
        var row = await rig.SendOneAsync();
        Assert.Equal(state, $"{row.State}");
        var attempt = Assert.Single(await rig.Office.AttemptsAsync(row.Id));
        Assert.Equal((outcome, "Reply"), (attempt.Outcome, attempt.LastStep));
        Assert.Contains($"Microsoft Graph answered {status} {code} In Graph's words", attempt.Words, StringComparison.Ordinal);
        Assert.Equal(AppState.Connected, await rig.Office.AppStateAsync());
        if (outcome == "deferred") Assert.True(row.DueAt >= rig.Office.Temp.Time.GetUtcNow().AddSeconds(900));
        Assert.Single(rig.Authority.AskedOfGraph);
    }

    /// <summary>The whole mail was there, and no word came: on a new connection and on one that was used before.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task An_answer_that_is_lost_is_unclear_and_asked_for_once(int before)
    {
        await using var rig = await OpenAsync();
        for (var sent = 0; sent < before; sent++) Assert.Equal(LetterState.Settled, (await rig.SendOneAsync()).State);
        rig.Authority.Graph = (_, http) =>
        {
            http.Abort();
            return Task.CompletedTask;
        };
        var row = await rig.SendOneAsync();
        Assert.Equal((LetterState.Unclear, null), (row.State, row.DueAt));
        Assert.Equal("FinalDot", Assert.Single(await rig.Office.AttemptsAsync(row.Id)).LastStep);
        rig.Office.Temp.Time.Advance(TimeSpan.FromDays(3));
        Assert.False(await rig.Dispatch.SendNextAsync(await rig.Office.OwnerAsync(), rig.Pool, TempStore.Cancel));
        Assert.Equal(before + 1, rig.Authority.AskedOfGraph.Count);
    }

    [Fact]
    public async Task A_token_that_is_refused_is_replaced_once()
    {
        await using var rig = await OpenAsync();
        Issue(rig, FakeAuthority.GraphToken("Mail.Send", "User.Read"));
        rig.Authority.Graph = (asked, http) => asked.Authorization.EndsWith(FakeAuthority.GraphToken("Mail.Send"), StringComparison.Ordinal)
            ? AnswerAsync(http, 401, "InvalidAuthenticationToken")
            : AnswerAsync(http, 202, "");
        Assert.Equal(LetterState.Settled, (await rig.SendOneAsync()).State);
        Assert.Equal(2, rig.Authority.AskedOfGraph.Count);
    }

    /// <summary>Exchange Online has a Mail.Send too, and it is another one (facts/microsoft365.md §3.4).</summary>
    [Fact]
    public async Task Without_the_permission_nothing_is_asked_and_a_sentence_names_it()
    {
        await using var rig = await OpenAsync("User.Read");
        var row = await rig.SendOneAsync();
        Assert.Equal((LetterState.Blocked, "The token covers User.Read, and sending by Microsoft Graph needs Mail.Send"), (row.State, row.StateReason));
        Assert.Empty(rig.Authority.AskedOfGraph);

        var app = await rig.AppAsync() with { Way = Ways.AppOnly };
        var missing = GraphRights.Missing(app, new SecretText(FakeAuthority.AppToken("Mail.Send")));
        Assert.Equal("The token is for https://outlook.office365.com, and Microsoft Graph wants one of its own", missing?.Detail);
    }

    [Fact]
    public async Task Recipients_that_the_letter_does_not_name_get_it_too_and_none_gets_it_twice()
    {
        await using var rig = await OpenAsync();
        await rig.SendOneAsync(letter => letter with { Recipients = ["ann@fabrikam.example", "eve@adatum.example"] });
        Assert.StartsWith("Bcc: eve@adatum.example\r\nFrom: ", Assert.Single(rig.Authority.AskedOfGraph).Mail, StringComparison.Ordinal);

        var row = await rig.SendOneAsync(letter => letter with { Recipients = ["eve@adatum.example"] }); // Ann has it already
        Assert.Equal(LetterState.Dead, row.State);
        Assert.EndsWith("only SMTP can send it", row.StateReason, StringComparison.Ordinal);
        Assert.Single(rig.Authority.AskedOfGraph);
    }

    [Fact]
    public async Task An_app_is_connected_by_what_its_token_says()
    {
        await using var rig = await OpenAsync();
        var (app, now) = (await rig.AppAsync(), rig.Office.Temp.Time.GetUtcNow());
        Redemption Redeemed(string token) => new(app, new TokenReply.Issued(new SecretText(token), now.AddHours(1), new SecretText("refresh"), null, ""), new SignedIn("support@contoso.example", "", ""), now);
        Assert.IsType<ConnectOutcome.Refused>(await rig.Connect.ProveAsync(Redeemed(FakeAuthority.GraphToken("User.Read")), TempStore.Cancel));
        Assert.Equal("Microsoft Graph: Mail.Send", Assert.IsType<ConnectOutcome.Connected>(await rig.Connect.ProveAsync(Redeemed(FakeAuthority.GraphToken("Mail.Send")), TempStore.Cancel)).Reply);
        Assert.Equal(0, rig.Server.Connections);
    }

    [Fact]
    public async Task A_letter_that_is_too_large_goes_by_a_draft_and_its_files_piece_by_piece()
    {
        await using var rig = await OpenAsync("Mail.Send", "Mail.ReadWrite");
        rig.Authority.Graph = (asked, http) => DraftAsync(rig, asked, http);
        Assert.IsType<SendOutcome.Accepted>(await SendLargeAsync(rig));
        var asked = rig.Authority.AskedOfGraph.Select(one => $"{one.Method} {one.Path.Replace("/v1.0/users/support@contoso.example", "", StringComparison.Ordinal)} {one.Range}".TrimEnd());
        Assert.Equal(
            [
                "POST /messages",
                "POST /messages/AAA=/attachments/createUploadSession",
                "PUT /uploads/1 bytes 0-3276799/4000000",
                "PUT /uploads/1 bytes 3276800-3999999/4000000",
                "POST /messages/AAA=/attachments",
                "POST /messages/AAA=/send",
            ],
            asked);
        Assert.All(rig.Authority.AskedOfGraph, one => Assert.Equal(one.Method == "PUT" ? "" : $"Bearer {FakeAuthority.GraphToken("Mail.Send", "Mail.ReadWrite")}", one.Authorization));
        Assert.Contains("Message-Id: <id@contoso.example>", rig.Authority.AskedOfGraph.First().Mail, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>What fills a request of 4 MB in base64 is uploaded, also below 3 MiB: no request is longer.</summary>
    [Theory]
    [InlineData(2_990_000, "/attachments")]
    [InlineData(3_000_000, "/createUploadSession")]
    [InlineData(3_100_000, "/createUploadSession")]
    public async Task A_file_goes_with_a_request_while_it_fits_in_base64(int bytes, string path)
    {
        await using var rig = await OpenAsync("Mail.Send", "Mail.ReadWrite");
        rig.Authority.Graph = (asked, http) => DraftAsync(rig, asked, http);
        Assert.IsType<SendOutcome.Accepted>(await SendAsync(rig, new SendingOptions(), ("file.bin", bytes), ("other.bin", 2_000_000)));
        Assert.Contains(rig.Authority.AskedOfGraph, asked => asked.Path.EndsWith(path, StringComparison.Ordinal));
        Assert.InRange(rig.Authority.AskedOfGraph.Max(asked => asked.Body.Length), 1, 4_000_000);
    }

    /// <summary>Until send nothing has left: it is tried again as a whole, and the half draft goes.</summary>
    [Theory]
    [InlineData("/messages", 500)]
    [InlineData("/createUploadSession", 504)]
    [InlineData("/uploads/1", 503)]
    [InlineData("/uploads/1", 0)]
    [InlineData("/attachments", 429)]
    [InlineData("/attachments", 0)]
    public async Task Trouble_before_the_draft_is_sent_is_no_doubt(string path, int status)
    {
        await using var rig = await OpenAsync("Mail.Send", "Mail.ReadWrite");
        rig.Authority.Graph = (asked, http) =>
        {
            if (asked.Method is "DELETE" || !asked.Path.EndsWith(path, StringComparison.Ordinal)) return DraftAsync(rig, asked, http);
            if (status > 0) return AnswerAsync(http, status, "trouble");
            http.Abort();
            return Task.CompletedTask;
        };
        Assert.Equal(SubmissionStep.Content, Assert.IsType<SendOutcome.Deferred>(await SendLargeAsync(rig)).Last);
        Assert.DoesNotContain(rig.Authority.AskedOfGraph, asked => asked.Path.EndsWith("/send", StringComparison.Ordinal));
        Assert.Equal(path == "/messages" ? 0 : 1, rig.Authority.AskedOfGraph.Count(asked => asked is { Method: "DELETE", Path: "/v1.0/users/support@contoso.example/messages/AAA=" }));
    }

    [Fact]
    public async Task A_draft_whose_sending_is_not_answered_is_unclear_and_stays()
    {
        await using var rig = await OpenAsync("Mail.Send", "Mail.ReadWrite");
        rig.Authority.Graph = (asked, http) =>
        {
            if (!asked.Path.EndsWith("/send", StringComparison.Ordinal)) return DraftAsync(rig, asked, http);
            http.Abort();
            return Task.CompletedTask;
        };
        Assert.IsType<SendOutcome.Unclear>(await SendLargeAsync(rig));
        Assert.Single(rig.Authority.AskedOfGraph, asked => asked.Path.EndsWith("/send", StringComparison.Ordinal));
        Assert.DoesNotContain(rig.Authority.AskedOfGraph, asked => asked.Method == "DELETE");
    }

    [Fact]
    public async Task A_draft_without_the_permission_for_it_is_not_begun()
    {
        await using var rig = await OpenAsync();
        var blocked = Assert.IsType<SendOutcome.Blocked>(await SendLargeAsync(rig));
        Assert.Equal("The letter is too large for one request to Microsoft Graph, and a draft for it needs Mail.ReadWrite", blocked.Finding.What?.ToString());
        Assert.Empty(rig.Authority.AskedOfGraph);
    }

    private static async Task<SendingRig> OpenAsync(params string[] scopes)
    {
        var rig = await SendingRig.OpenAsync(withGrant: false);
        await rig.SetAsync("transport = 'graph'");
        var token = FakeAuthority.GraphToken(scopes.Length == 0 ? ["Mail.Send"] : scopes);
        await rig.GrantAsync(token, TimeSpan.FromHours(1), "refresh-1");
        Issue(rig, token);
        return rig;
    }

    private static void Issue(SendingRig rig, string token) =>
        rig.Authority.Answer = _ => Task.FromResult<(int, object)>((200, new { token_type = "Bearer", access_token = token, expires_in = 3600, refresh_token = "refresh-2" }));

    private static TokenAnswer.Ready Ready(params string[] scopes) => new(new SecretText(FakeAuthority.GraphToken(scopes)), IsPassword: false);

    /// <summary>4 MB and 2 MB of files, 1 MB to a request.</summary>
    private static Task<SendOutcome> SendLargeAsync(SendingRig rig) =>
        SendAsync(rig, new SendingOptions { GraphRequestBytes = 1_000_000 }, ("large.bin", 4_000_000), ("middle.bin", 2_000_000));

    private static async Task<SendOutcome> SendAsync(SendingRig rig, SendingOptions options, params (string Name, int Bytes)[] files)
    {
        await rig.Office.LetterAsync(await rig.Office.ConversationAsync());
        var letter = await rig.Office.ClaimAsync(await rig.Office.OwnerAsync());
        var grant = await rig.Tokens.GetAsync(await rig.AppAsync(), TempStore.Cancel);
        return await rig.NewGraph(options).SendAsync(
            letter, await rig.AppAsync(), Assert.IsType<TokenAnswer.Ready>(grant), GraphMailTests.Letter(files), rig.Pool, () => Task.CompletedTask, TempStore.Cancel);
    }

    /// <summary>All goes well.</summary>
    private static Task DraftAsync(SendingRig rig, GraphAsked asked, HttpContext http)
    {
        (http.Response.StatusCode, object? body) = asked switch
        {
            { Method: "DELETE" } => (204, null),
            { Method: "PUT", Range: "bytes 0-3276799/4000000" } => (200, new { nextExpectedRanges = new[] { "3276800-" } }),
            { Method: "PUT" } => (201, null),
            _ when asked.Path.EndsWith("/createUploadSession", StringComparison.Ordinal) => (201, new { uploadUrl = $"http://127.0.0.1:{rig.Authority.Port}/uploads/1" }),
            _ when asked.Path.EndsWith("/send", StringComparison.Ordinal) => (202, null),
            _ => (201, (object?)new { id = "AAA=" }),
        };
        return body is null ? Task.CompletedTask : http.Response.WriteAsJsonAsync(body, TempStore.Cancel);
    }

    internal static Task AnswerAsync(HttpContext http, int status, string code, int? retryAfter = null)
    {
        http.Response.StatusCode = status;
        if (retryAfter is { } seconds) http.Response.Headers.RetryAfter = $"{seconds}";
        return code.Length == 0 ? Task.CompletedTask : http.Response.WriteAsJsonAsync(new { error = new { code, message = "In Graph's words" } }, TempStore.Cancel);
    }
}
