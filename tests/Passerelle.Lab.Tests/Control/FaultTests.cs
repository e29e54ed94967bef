using System.Net;
using DnsClient;
using Microsoft.Extensions.Time.Testing;
using Passerelle.Lab.Testing;
using Passerelle.Lab.Tests.Exchange;

namespace Passerelle.Lab.Tests.Control;

public sealed class FaultTests(LabUnderTest lab)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_AADSTS_code_of_the_catalogue_can_be_answered_by_the_token_endpoint()
    {
        Contoso contoso = await lab.NewLabAsync();
        var faults = new LabFaults(lab.Fixture.Control, contoso.Lab);
        LabFaultCode[] codes = [.. (await faults.CatalogueAsync(null, Cancel)).Where(row => row.Places.Contains("token"))];
        Assert.True(codes.Length > 150, $"{codes.Length} codes");
        foreach (LabFaultCode row in codes)
        {
            await faults.ArmAsync(new LabFault("token") { Code = "AADSTS" + row.Code }, Cancel);
            TokenAnswer answer = await lab.AppTokenAsync(contoso);
            answer.IsRefused(row.Status!.Value, int.Parse(row.Code, null), row.Error!); // every AADSTS row has both
        }

        Assert.Empty(await faults.ListAsync(Cancel));
        Assert.Equal(200, (await lab.AppTokenAsync(contoso)).Status);
    }

    [Theory]
    [InlineData("50173", "E7")]
    [InlineData("AADSTS7000215", "E4")]
    [InlineData("SendAsDenied", "X5")]
    [InlineData("MailboxConcurrency", "X6")]
    public async Task The_catalogue_is_found_by_code_words_and_step(string search, string step)
    {
        var faults = new LabFaults(lab.Fixture.Control, "any");
        IReadOnlyList<LabFaultCode> found = await faults.CatalogueAsync(search, Cancel);
        Assert.NotEmpty(found);
        Assert.True(found.Count < 10);
        IReadOnlyList<LabFaultCode> byStep = await faults.CatalogueAsync(found[0].Step.Split('/', ' ', '-')[0], Cancel);
        Assert.Contains(byStep, row => row.Code == found[0].Code);
        Assert.NotEmpty(await faults.CatalogueAsync(step, Cancel));
    }

    [Fact]
    public async Task A_fault_happens_as_often_as_it_was_told_and_to_whom_it_was_told()
    {
        Contoso contoso = await lab.NewLabAsync();
        var faults = new LabFaults(lab.Fixture.Control, contoso.Lab);
        async Task<string> AskAsync() => (await lab.AppTokenAsync(contoso)).Text("error_codes");

        await faults.ArmAsync(new LabFault("token") { Code = "90033", ClientId = Guid.Empty.ToString(), Times = null }, Cancel);
        Assert.Equal("", await AskAsync());
        await faults.ClearAsync(Cancel);

        await faults.ArmAsync(new LabFault("token") { Code = "90033", ClientId = contoso.ClientId.ToString(), Times = 2 }, Cancel);
        Assert.Equal(["[90033]", "[90033]", ""], [await AskAsync(), await AskAsync(), await AskAsync()]);

        Guid always = await faults.ArmAsync(new LabFault("token") { Code = "90033", Times = null }, Cancel);
        Assert.Equal(["[90033]", "[90033]", "[90033]"], [await AskAsync(), await AskAsync(), await AskAsync()]);
        await faults.DisarmAsync(always, Cancel);
        Assert.Equal("", await AskAsync());
        LabRefusedException gone = await Assert.ThrowsAsync<LabRefusedException>(() => faults.DisarmAsync(always, Cancel));
        Assert.Equal(404, gone.Status);
    }

    [Fact]
    public async Task Of_two_callers_one_meets_a_fault_that_happens_once()
    {
        Contoso contoso = await lab.NewLabAsync();
        await new LabFaults(lab.Fixture.Control, contoso.Lab).ArmAsync(new LabFault("token") { Code = "90033" }, Cancel);
        TokenAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => lab.AppTokenAsync(contoso)));
        Assert.Single(answers, answer => answer.Status != 200);
    }

    [Fact]
    public async Task A_probable_fault_happens_sometimes()
    {
        Contoso contoso = await lab.NewLabAsync();
        await new LabFaults(lab.Fixture.Control, contoso.Lab)
            .ArmAsync(new LabFault("keys") { Http = new LabHttpReply(), Times = null, Probability = 0.5 }, Cancel);
        var seen = new HashSet<HttpStatusCode>();
        for (var i = 0; i < 200 && seen.Count < 2; i++)
        {
            using HttpResponseMessage answer = await lab.Fixture.Http.GetAsync($"/{contoso.DirectoryId}/discovery/v2.0/keys", Cancel);
            seen.Add(answer.StatusCode);
        }

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable], seen.Order());
    }

    [Theory]
    [InlineData("token", "/{0}/oauth2/v2.0/token")]
    [InlineData("discovery", "/{0}/v2.0/.well-known/openid-configuration")]
    [InlineData("keys", "/{0}/discovery/v2.0/keys")]
    public async Task Something_that_is_not_Microsoft_may_answer(string where, string path)
    {
        Contoso contoso = await lab.NewLabAsync();
        var faults = new LabFaults(lab.Fixture.Control, contoso.Lab);
        var address = string.Format(null, path, contoso.DirectoryId);
        await faults.ArmAsync(new LabFault(where) { Http = new LabHttpReply(200, Body: "<html>Sign in to the hotel's network</html>") }, Cancel);
        await faults.ArmAsync(new LabFault(where) { Http = new LabHttpReply(429, "text/plain", "slow down", RetryAfterSeconds: 17) }, Cancel);
        await faults.ArmAsync(new LabFault(where) { Http = new LabHttpReply(200, "application/json", Bytes: 3 * 1024 * 1024) }, Cancel);

        using HttpResponseMessage hotel = await lab.Fixture.Http.GetAsync(address, Cancel);
        Assert.Equal((HttpStatusCode.OK, "text/html"), (hotel.StatusCode, hotel.Content.Headers.ContentType?.MediaType));
        using HttpResponseMessage busy = await lab.Fixture.Http.GetAsync(address, Cancel);
        Assert.Equal((429, TimeSpan.FromSeconds(17)), ((int)busy.StatusCode, busy.Headers.RetryAfter?.Delta));
        Assert.Equal(3 * 1024 * 1024, (await lab.Fixture.Http.GetByteArrayAsync(address, Cancel)).Length);
    }

    [Fact]
    public async Task A_late_answer_comes_on_the_hosts_clock_and_a_silent_one_does_not_come()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using LabFixture host = await LabFixture.StartAsync(time, null, Cancel);
        Contoso contoso = await host.ContosoAsync("demo", LabUnderTest.Callback, Cancel);
        var faults = new LabFaults(host.Control, "demo");
        var address = $"/{contoso.DirectoryId}/discovery/v2.0/keys";
        await faults.ArmAsync(new LabFault("keys") { Delay = TimeSpan.FromSeconds(40) }, Cancel);
        Task<HttpResponseMessage> late = host.Http.GetAsync(address, Cancel);
        while ((await faults.ListAsync(Cancel)).Count > 0) await Task.Yield(); // taken: it waits now
        Assert.False(late.IsCompleted);
        while (!late.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(40));
            await Task.WhenAny(late, Task.Delay(20, Cancel)); // its timer may be set a moment after it was taken
        }

        Assert.Equal(HttpStatusCode.OK, (await late).StatusCode);

        await faults.ArmAsync(new LabFault("keys") { Silent = true }, Cancel);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        Task<HttpResponseMessage> silent = host.Http.GetAsync(address, patience.Token);
        while ((await faults.ListAsync(Cancel)).Count > 0) await Task.Yield();
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => silent);
    }

    [Fact]
    public async Task At_authorize_a_code_goes_back_to_the_application_or_stays_on_the_page_as_its_kind_is()
    {
        Contoso contoso = await lab.NewLabAsync();
        var faults = new LabFaults(lab.Fixture.Control, contoso.Lab);
        await faults.ArmAsync(new LabFault("authorize") { Code = "65004" }, Cancel);
        SignInEnd back = await lab.SignInAsync(contoso);
        Assert.Equal(("access_denied", "st/ate+1"), (back.Field("error"), back.Field("state")));
        Assert.StartsWith("AADSTS65004: ", back.Field("error_description"), StringComparison.Ordinal);

        await faults.ArmAsync(new LabFault("authorize") { Code = "90002" }, Cancel);
        SignInEnd page = await lab.SignInAsync(contoso);
        Assert.Null(page.Callback);
        Assert.Contains("AADSTS90002", page.Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"where\":\"token\"}")]
    [InlineData("{\"where\":\"token\",\"code\":\"AADSTS1\"}")]
    [InlineData("{\"where\":\"token\",\"code\":\"430-4.2.0\"}")]
    [InlineData("{\"where\":\"smtp-auth\",\"reply\":\"no\"}")]
    [InlineData("{\"where\":\"smtp-auth\",\"http\":{}}")]
    [InlineData("{\"where\":\"dns\",\"reply\":\"MX nowhere\"}")]
    [InlineData("{\"where\":\"token\",\"code\":\"50173\",\"silent\":true}")]
    [InlineData("{\"where\":\"token\",\"code\":\"50173\",\"times\":0}")]
    [InlineData("{\"where\":\"token\",\"code\":\"50173\",\"probability\":0}")]
    [InlineData("{\"where\":\"moon\",\"code\":\"50173\"}")]
    public async Task An_order_that_makes_no_fault_is_refused_with_the_reason(string order)
    {
        Contoso contoso = await lab.NewLabAsync();
        using var content = new StringContent(order, null, "application/json");
        using HttpResponseMessage answer = await lab.Fixture.Control.Http.PostAsync($"labs/{contoso.Lab}/faults", content, Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Empty(await new LabFaults(lab.Fixture.Control, contoso.Lab).ListAsync(Cancel));
    }

    [Fact]
    public async Task Every_reply_of_the_catalogue_can_be_said_by_the_submission_port()
    {
        Contoso contoso = await lab.NewLabAsync();
        await lab.Fixture.Control.SetOrganisationSmtpAuthAsync(contoso.DirectoryId, true, Cancel);
        var faults = new LabFaults(lab.Fixture.Control, contoso.Lab);
        var token = (await lab.GrantAsync(contoso)).GetProperty("access_token").GetString()!; // a grant always has it
        foreach (LabFaultCode row in await faults.CatalogueAsync(null, Cancel))
        {
            var where = row.Places.FirstOrDefault(place => place.StartsWith("smtp", StringComparison.Ordinal));
            if (where is null) continue;
            await faults.ArmAsync(new LabFault(where) { Code = row.Code, Mailbox = contoso.Support }, Cancel);
            await using Dialogue smtp = await Dialogue.OpenAsync(lab.Fixture.Endpoints.SmtpPort!.Value); // the fixture always has it
            await smtp.EncryptAsync();
            var reply = await Submission.SignInAsync(smtp, contoso.Support, token);
            if (where != "smtp-auth") reply = await smtp.SayAsync($"MAIL FROM:<{contoso.Support}>");
            if (where is "smtp-data" or "smtp-rcpt") reply = await smtp.SayAsync($"RCPT TO:<{contoso.Ann}>");
            if (where == "smtp-data")
            {
                await smtp.SayAsync("DATA");
                reply = await smtp.SayAsync($"From: {contoso.Support}\r\nSubject: x\r\n\r\nx\r\n.");
            }

            Assert.StartsWith(row.Answer, reply, StringComparison.Ordinal);
        }

        Assert.Empty(await faults.ListAsync(Cancel));
    }

    [Fact]
    public async Task The_MX_and_the_names_can_fail_too()
    {
        Contoso contoso = await lab.NewLabAsync();
        var faults = new LabFaults(lab.Fixture.Control, contoso.Lab);
        await faults.ArmAsync(new LabFault("mx") { Reply = "451 4.7.500 Server busy", Mailbox = contoso.Support }, Cancel);
        await using Dialogue mx = await Dialogue.OpenAsync(lab.Fixture.Endpoints.MxPort!.Value); // the fixture always has it
        await mx.SayAsync("EHLO mail.example");
        await mx.SayAsync("MAIL FROM:<>");
        Assert.Equal("451 4.7.500 Server busy", await mx.SayAsync($"RCPT TO:<{contoso.Support}>"));
        Assert.StartsWith("250", await mx.SayAsync($"RCPT TO:<{contoso.Support}>"), StringComparison.Ordinal);

        var dns = new LookupClient(new LookupClientOptions(new IPEndPoint(IPAddress.Loopback, lab.Fixture.Endpoints.DnsPort!.Value))
        {
            UseCache = false,
            Retries = 0,
            ThrowDnsErrors = false,
        });
        async Task<(string, string)> AskAsync()
        {
            IDnsQueryResponse answer = await dns.QueryAsync(contoso.Domain, QueryType.MX, cancellationToken: Cancel);
            return (answer.Header.ResponseCode.ToString(), answer.Answers.MxRecords().FirstOrDefault()?.Exchange.Value ?? "");
        }

        await faults.ArmAsync(new LabFault("dns") { Code = "SERVFAIL", Domain = contoso.Domain }, Cancel);
        await faults.ArmAsync(new LabFault("dns") { Code = "NOMX", Domain = contoso.Domain }, Cancel);
        await faults.ArmAsync(new LabFault("dns") { Reply = "MX 10 mx.elsewhere.example", Domain = contoso.Domain }, Cancel);
        Assert.Equal(("ServerFailure", ""), await AskAsync());
        Assert.Equal(("NoError", ""), await AskAsync());
        Assert.Equal(("NoError", "mx.elsewhere.example."), await AskAsync());
        Assert.Equal(contoso.Domain.Replace('.', '-') + ".mail.protection.outlook.com.", (await AskAsync()).Item2);
    }
}
