using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Passerelle.Gateway.Doctor;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Tests.Reading;
using Passerelle.Gateway.Tests.Routing;

namespace Passerelle.Gateway.Tests.Doctor;

/// <summary>Gmail asks before it forwards (facts §9): the question is shown, never answered by a flow, and one click says yes.</summary>
public sealed class ForwardingConfirmationsTests
{
    private static CancellationToken Cancel => TempStore.Cancel;

    [Fact]
    public async Task The_question_is_kept_for_people_with_its_code_and_no_flow_answers_it()
    {
        await using var bench = await RoutingBench.AcknowledgingAsync();
        var message = await bench.ArriveAsync(ArcForwarder.Seal(Question("https://mail-settings.google.com/mail/vf-%5BANGjdJ8x%5D-abc")));
        Assert.Equal(("forwarding-confirmation", MessageState.Kept), (message.Kind, message.State));
        Assert.Empty(await bench.LettersAsync());
        var asked = await bench.Inbound.Store.ReadAsync(tx => ForwardingConfirmationRows.Find(tx, bench.Inbound.Organisation, message.Id), Cancel);
        Assert.Equal(
            ("sales@fabrikam.example", "123456789", "https://mail-settings.google.com/mail/vf-%5BANGjdJ8x%5D-abc"),
            (asked!.Mailbox, asked.Code, asked.Link)); // the test's point
    }

    [Fact]
    public async Task One_click_follows_the_link_presses_the_pages_button_and_is_not_needed_twice()
    {
        await using var google = await HttpsServer.StartAsync();
        var asked = new ConcurrentQueue<string>();
        google.Answer = async http =>
        {
            asked.Enqueue($"{http.Request.Method} {http.Request.Path} {(http.Request.HasFormContentType ? (await http.Request.ReadFormAsync(Cancel))["at"].ToString() : "")}".Trim());
            if (http.Request.Path == "/mail/vf-old") http.Response.Redirect("/mail/vf-new");
            else await http.Response.WriteAsync("<form method='POST' action='/mail/vf-new'><input type='hidden' name='at' value='token'><input type='submit' value='Confirm'></form>", Cancel);
        };
        await using var bench = await InboundBench.OpenAsync();
        var message = await bench.ArriveAsync(Question("x"));
        await PutLinkAsync(bench, message, $"{google.Url}/mail/vf-old");
        using var http = google.Outbound();
        var confirmations = new ForwardingConfirmations(bench.Store, http, bench.Temp.Time) { Hosts = [google.HostAndPort] };
        Assert.IsType<ConfirmOutcome.Unknown>(await confirmations.ConfirmAsync(await bench.Temp.OrganisationAsync("Fabrikam"), message.Id, Cancel));
        Assert.IsType<ConfirmOutcome.Confirmed>(await confirmations.ConfirmAsync(bench.Organisation, message.Id, Cancel));
        Assert.IsType<ConfirmOutcome.Confirmed>(await confirmations.ConfirmAsync(bench.Organisation, message.Id, Cancel));
        Assert.Equal(["GET /mail/vf-old", "GET /mail/vf-new", "POST /mail/vf-new token"], asked);
        Assert.Equal(bench.Temp.Time.GetUtcNow(), Assert.Single(await confirmations.OfAppAsync(bench.Organisation, bench.App, Cancel)).ConfirmedAt);
    }

    [Theory]
    [InlineData("https://elsewhere.example/login", 302, "", "elsewhere.example")]
    [InlineData("", 200, "<form method='post' action='https://elsewhere.example/take'></form>", "elsewhere.example")]
    [InlineData("", 200, "<p>Hello</p>", "no button")]
    [InlineData("", 404, "", "answered 404")]
    public async Task A_page_that_leads_elsewhere_or_has_no_button_confirms_nothing(string location, int status, string page, string said)
    {
        await using var google = await HttpsServer.StartAsync();
        google.Answer = http =>
        {
            http.Response.StatusCode = status;
            if (location.Length > 0) http.Response.Headers.Location = location;
            return http.Response.WriteAsync(page, Cancel);
        };
        await using var bench = await InboundBench.OpenAsync();
        var message = await bench.ArriveAsync(Question("x"));
        await PutLinkAsync(bench, message, $"{google.Url}/mail/vf-old");
        using var http = google.Outbound();
        var confirmations = new ForwardingConfirmations(bench.Store, http, bench.Temp.Time) { Hosts = [google.HostAndPort] };
        var failed = Assert.IsType<ConfirmOutcome.Failed>(await confirmations.ConfirmAsync(bench.Organisation, message.Id, Cancel));
        Assert.Contains(said, failed.Sentence, StringComparison.Ordinal);
        Assert.Null(Assert.Single(await confirmations.OfAppAsync(bench.Organisation, bench.App, Cancel)).ConfirmedAt);
    }

    [Fact]
    public async Task A_link_to_another_host_is_never_asked_and_the_policy_judges_the_right_ones()
    {
        await using var google = await HttpsServer.StartAsync();
        var asked = 0;
        google.Answer = _ =>
        {
            asked++;
            return Task.CompletedTask;
        };
        await using var bench = await InboundBench.OpenAsync();
        var message = await bench.ArriveAsync(Question("x"));
        await PutLinkAsync(bench, message, $"{google.Url}/mail/vf-old");
        using var http = google.Outbound();
        Assert.IsType<ConfirmOutcome.NothingToConfirm>(
            await new ForwardingConfirmations(bench.Store, http, bench.Temp.Time).ConfirmAsync(bench.Organisation, message.Id, Cancel));
        using var closed = google.Outbound(allowed: false);
        var refused = await new ForwardingConfirmations(bench.Store, closed, bench.Temp.Time) { Hosts = [google.HostAndPort] }.ConfirmAsync(bench.Organisation, message.Id, Cancel);
        Assert.Contains("Outbound:Allow", Assert.IsType<ConfirmOutcome.Failed>(refused).Sentence, StringComparison.Ordinal);
        Assert.Equal(0, asked);
    }

    private static string Question(string link) => Written.Mail(
        from: "Gmail Team <forwarding-noreply@google.com>",
        subject: "(#123456789) Gmail Forwarding Confirmation - Receive Mail from sales@fabrikam.example",
        text: $"sales@fabrikam.example has requested to automatically forward mail to your email address.\nConfirmation code: 123456789\n\n{link}\n");

    private static Task PutLinkAsync(InboundBench bench, Message message, string link) => bench.Store.WriteAsync(
        Passerelle.Gateway.Store.Lane.Work,
        tx => tx.For(bench.Organisation).Execute(
            "UPDATE forwarding_confirmation SET link = @link WHERE organisation_id = @organisation AND message_id = @Id", new { message.Id, link }),
        Cancel);
}
