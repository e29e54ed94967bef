using System.Text;
using System.Text.Json;
using Passerelle.Lab.Testing;

namespace Passerelle.Lab.Tests.Graph;

/// <summary>sendMail as JSON and as MIME, by a person and by an application (facts §4.3, §3.4, §3.7, §3.8).</summary>
public sealed class SendMailTests(LabUnderTest lab)
{
    private const string Raop = "Access to OData is disabled: [RAOP] : Blocked by tenant configured AppOnly AccessPolicy settings.";

    [Fact, Shows("3.4:Graph-sendMail", "4.3:saveToSentItems-default-true.-Message-ID-is-assi")]
    public async Task A_person_sends_and_finds_it_among_the_sent_unless_told_otherwise()
    {
        GraphLab graph = await GraphLab.OfPersonAsync(lab, null, "Mail.Send");
        Answer sent = (await graph.PostAsync("/me/sendMail", Letter(graph.Contoso.Ann, "Kept"))).Is(202);
        Assert.Empty(sent.Text);
        LabMailItem arrived = await ArrivedAsync(graph, graph.Contoso.Ann, "Kept");
        Assert.Contains(graph.Contoso.Support, arrived.From, StringComparison.Ordinal);
        Assert.Equal(arrived.MessageId, Assert.Single(await Mail(graph).ListAsync(graph.Contoso.Support, "sent-items", GraphLab.Cancel)).MessageId);

        (await graph.PostAsync("/me/sendMail", Letter(graph.Contoso.Ann, "Not kept", saveToSentItems: false))).Is(202);
        await ArrivedAsync(graph, graph.Contoso.Ann, "Not kept");
        Assert.Single(await Mail(graph).ListAsync(graph.Contoso.Support, "sent-items", GraphLab.Cancel));
    }

    [Fact, Shows("3.4:Graph-sendMail", "4.2:403")]
    public async Task An_application_sends_as_any_mailbox_with_the_role_and_as_none_without()
    {
        GraphLab graph = await GraphLab.OfAppAsync(lab, "Mail.Send");
        (await graph.PostAsync($"/users/{graph.Contoso.Sales}/sendMail", Letter(graph.Contoso.Bob, "From the application"))).Is(202);
        Assert.Contains(graph.Contoso.Sales, (await ArrivedAsync(graph, graph.Contoso.Bob, "From the application")).From, StringComparison.Ordinal);
        GraphLab reader = graph.With(await GraphLab.AppTokenAsync(lab, graph.Contoso, "Mail.Read"));
        (await reader.PostAsync($"/users/{graph.Contoso.Sales}/sendMail", Letter(graph.Contoso.Bob, "No")))
            .IsRefused(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.");
    }

    [Fact, Shows("4.3:MIME-same-URL-Content-Type-text-plain-body", "4.2:400")]
    public async Task MIME_goes_as_base64_with_its_thread_headers_and_loses_its_Bcc()
    {
        GraphLab graph = await GraphLab.OfPersonAsync(lab, null, "Mail.Send");
        var mime = $"From: {graph.Contoso.Support}\r\nTo: {graph.Contoso.Ann}\r\nBcc: {graph.Contoso.Bob}\r\nSubject: As MIME\r\n"
            + "In-Reply-To: <asked@fabrikam.example>\r\nReferences: <asked@fabrikam.example>\r\nMIME-Version: 1.0\r\n\r\nHello\r\n";
        (await MimeAsync(graph, Convert.ToBase64String(Encoding.ASCII.GetBytes(mime)))).Is(202);
        LabMailItem arrived = await ArrivedAsync(graph, graph.Contoso.Ann, "As MIME");
        Assert.Equal("asked@fabrikam.example", arrived.InReplyTo);
        LabMailItem blind = await ArrivedAsync(graph, graph.Contoso.Bob, "As MIME");
        Assert.DoesNotContain("Bcc:", Encoding.ASCII.GetString(await Mail(graph).RawAsync(blind.Id, GraphLab.Cancel)), StringComparison.OrdinalIgnoreCase);
        (await MimeAsync(graph, "this is no base64!")).IsRefused(400, "ErrorMimeContentInvalidBase64String", "Invalid base64 string for MIME content.");
    }

    [Fact, Shows("4.2:403~3")]
    public async Task Somebody_elses_address_in_From_wants_Send_As()
    {
        GraphLab graph = await GraphLab.OfPersonAsync(lab, null, "Mail.Send");
        object letter = Letter(graph.Contoso.Ann, "As sales", from: graph.Contoso.Sales);
        (await graph.PostAsync("/me/sendMail", letter)).IsRefused(403, "ErrorSendAsDenied",
            "The user account which was used to submit this request does not have the right to send mail on behalf of the specified sending account., Cannot submit message.");
        var person = LabUnderTest.Read(JsonSerializer.SerializeToElement(new { access_token = graph.Token })).GetPayloadValue<string>("oid");
        await new LabSubmission(lab.Fixture.Control, graph.Contoso.DirectoryId)
            .SetMailboxRightsAsync(graph.Contoso.Sales, [], [Guid.Parse(person)], GraphLab.Cancel);
        (await graph.PostAsync("/me/sendMail", letter)).Is(202);
        Assert.Contains(graph.Contoso.Sales, (await ArrivedAsync(graph, graph.Contoso.Ann, "As sales")).From, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_shared_mailbox_sends_for_a_delegate_with_the_shared_permission()
    {
        GraphLab graph = await GraphLab.OfPersonAsync(lab, null, "Mail.Send", "Mail.Send.Shared");
        var path = $"/users/{graph.Contoso.Sales}/sendMail";
        (await graph.PostAsync(path, Letter(graph.Contoso.Ann, "Shared"))).Is(403);
        var person = LabUnderTest.Read(JsonSerializer.SerializeToElement(new { access_token = graph.Token })).GetPayloadValue<string>("oid");
        await new LabSubmission(lab.Fixture.Control, graph.Contoso.DirectoryId)
            .SetMailboxRightsAsync(graph.Contoso.Sales, [], [Guid.Parse(person)], GraphLab.Cancel);
        (await graph.PostAsync(path, Letter(graph.Contoso.Ann, "Shared"))).Is(202);
    }

    [Fact, Shows("4.3:Custom-headers-must-start-with-x")]
    public async Task Custom_headers_start_with_x_and_are_five_at_most()
    {
        GraphLab graph = await GraphLab.OfPersonAsync(lab, null, "Mail.Send");
        (await graph.PostAsync("/me/sendMail", Letter(graph.Contoso.Ann, "Marked", headers: ["x-gateway-id"]))).Is(202);
        LabMailItem arrived = await ArrivedAsync(graph, graph.Contoso.Ann, "Marked");
        Assert.Contains("x-gateway-id: 42", Encoding.ASCII.GetString(await Mail(graph).RawAsync(arrived.Id, GraphLab.Cancel)), StringComparison.Ordinal);
        (await graph.PostAsync("/me/sendMail", Letter(graph.Contoso.Ann, "No", headers: ["In-Reply-To"])))
            .IsRefused(400, "InvalidInternetMessageHeader", "The internet message header name 'In-Reply-To' should start with 'x-' or 'X-'.");
        (await graph.PostAsync("/me/sendMail", Letter(graph.Contoso.Ann, "No", headers: ["x-1", "x-2", "x-3", "x-4", "x-5", "x-6"]))).Is(400);
    }

    [Fact, Shows("4.2:404", "4.2:404-403-in-some")]
    public async Task Nobody_and_an_account_without_mailbox_are_told_apart()
    {
        GraphLab graph = await GraphLab.OfAppAsync(lab, "Mail.Send");
        var nobody = "nobody@" + graph.Contoso.Domain;
        (await graph.PostAsync($"/users/{nobody}/sendMail", Letter(graph.Contoso.Ann, "No")))
            .IsRefused(404, "ErrorInvalidUser", $"The requested user '{nobody}' is invalid.");
        var bare = "bare@" + graph.Contoso.Domain;
        await lab.Fixture.Control.SendAsync(HttpMethod.Post, $"directories/{graph.Contoso.DirectoryId}/users",
            new { address = bare, displayName = "Bare", password = Contoso.Password, mailbox = false }, GraphLab.Cancel);
        (await graph.PostAsync($"/users/{bare}/sendMail", Letter(graph.Contoso.Ann, "No")))
            .IsRefused(404, "MailboxNotEnabledForRESTAPI", "REST API is not yet supported for this mailbox.");
    }

    [Fact, Shows("4.2:400~2")]
    public async Task A_mail_without_a_right_recipient_is_not_accepted()
    {
        GraphLab graph = await GraphLab.OfPersonAsync(lab, null, "Mail.Send");
        (await graph.PostAsync("/me/sendMail", Letter("no address", "No")))
            .IsRefused(400, "ErrorInvalidRecipients", "At least one recipient isn't valid., At least one recipient isn't valid.");
    }

    [Fact, Shows("4.2:413", "4.3:Request-size-limit-4-MB-unverified")]
    public async Task A_request_above_four_megabytes_is_too_large()
    {
        GraphLab graph = await GraphLab.OfPersonAsync(lab, null, "Mail.Send");
        Answer refused = await graph.PostAsync("/me/sendMail", new { message = new { subject = new string('x', 4 * 1024 * 1024) } });
        refused.IsRefused(413, "RequestEntityTooLarge", "The request entity is too large.");
    }

    [Fact]
    public async Task An_application_access_policy_restricts_to_its_mailboxes_and_deny_wins()
    {
        GraphLab graph = await GraphLab.OfAppAsync(lab, "Mail.Send");
        await PoliciesAsync(graph, (false, graph.Contoso.Support));
        (await graph.PostAsync($"/users/{graph.Contoso.Support}/sendMail", Letter(graph.Contoso.Ann, "Inside"))).Is(202);
        (await graph.PostAsync($"/users/{graph.Contoso.Sales}/sendMail", Letter(graph.Contoso.Ann, "Outside"))).IsRefused(403, "ErrorAccessDenied", Raop);
        await PoliciesAsync(graph, (false, graph.Contoso.Support), (true, graph.Contoso.Support));
        (await graph.PostAsync($"/users/{graph.Contoso.Support}/sendMail", Letter(graph.Contoso.Ann, "Denied"))).IsRefused(403, "ErrorAccessDenied", Raop);
    }

    [Fact, Shows("4.2:403")]
    public async Task RBAC_for_Applications_opens_the_mailboxes_of_its_scope_without_a_role_in_the_token()
    {
        GraphLab graph = await GraphLab.OfAppAsync(lab);
        var principal = LabUnderTest.Read(JsonSerializer.SerializeToElement(new { access_token = graph.Token })).GetPayloadValue<string>("oid");
        var rights = new LabSubmission(lab.Fixture.Control, graph.Contoso.DirectoryId);
        await rights.SetPrincipalsAsync([(graph.Contoso.ClientId, Guid.Parse(principal))], GraphLab.Cancel);
        await rights.SetApplicationRolesAsync([("mail", "Application Mail.Send", graph.Contoso.ClientId, [graph.Contoso.Support])], GraphLab.Cancel);
        (await graph.PostAsync($"/users/{graph.Contoso.Support}/sendMail", Letter(graph.Contoso.Ann, "In scope"))).Is(202);
        (await graph.PostAsync($"/users/{graph.Contoso.Sales}/sendMail", Letter(graph.Contoso.Ann, "Out of scope")))
            .IsRefused(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.");
    }

    [Fact]
    public async Task The_daily_limit_of_the_mailbox_holds_for_Graph_too()
    {
        GraphLab graph = await GraphLab.OfAppAsync(lab, "Mail.Send");
        await new LabSubmission(lab.Fixture.Control, graph.Contoso.DirectoryId).SetLimitsAsync(new { recipientsPerDay = 1 }, GraphLab.Cancel);
        var path = $"/users/{graph.Contoso.Support}/sendMail";
        (await graph.PostAsync(path, Letter(graph.Contoso.Ann, "First"))).Is(202);
        (await graph.PostAsync(path, Letter(graph.Contoso.Ann, "Second"))).Is(429);
        await lab.Fixture.Control.AdvanceAsync(graph.Contoso.Lab, TimeSpan.FromHours(25), GraphLab.Cancel);
        GraphLab later = graph.With(await GraphLab.AppTokenAsync(lab, graph.Contoso, "Mail.Send"));
        (await later.PostAsync(path, Letter(graph.Contoso.Ann, "Next day"))).Is(202);
    }

    internal static object Letter(string to, string subject, bool? saveToSentItems = null, string? from = null, string[]? headers = null)
    {
        var message = new Dictionary<string, object>
        {
            ["subject"] = subject,
            ["body"] = new { contentType = "HTML", content = "<p>Hello</p>" },
            ["toRecipients"] = new[] { new { emailAddress = new { address = to } } },
        };
        if (from is not null) message["from"] = new { emailAddress = new { address = from } };
        if (headers is not null) message["internetMessageHeaders"] = headers.Select(name => new { name, value = "42" }).ToArray();
        return saveToSentItems is { } save ? new { message, saveToSentItems = save } : new { message };
    }

    internal static LabMail Mail(GraphLab graph) => new(graph.Lab.Fixture.Control, graph.Contoso.Lab);

    internal static async Task<LabMailItem> ArrivedAsync(GraphLab graph, string mailbox, string subject) =>
        await Mail(graph).WaitAsync(mailbox, TimeSpan.FromSeconds(20), GraphLab.Cancel, subject)
        ?? throw new InvalidOperationException($"'{subject}' did not arrive");

    private static Task<Answer> MimeAsync(GraphLab graph, string base64) =>
        graph.SendAsync(HttpMethod.Post, "/me/sendMail", new StringContent(base64, null, "text/plain"));

    private Task PoliciesAsync(GraphLab graph, params (bool Deny, string Mailbox)[] policies) => lab.Fixture.Control.SendAsync(
        HttpMethod.Put, $"directories/{graph.Contoso.DirectoryId}/application-access-policies",
        new
        {
            policies = policies.Select((p, at) => new
            {
                id = new Guid(at + 1, 0, 0, new byte[8]),
                appId = graph.Contoso.ClientId,
                scope = p.Mailbox,
                right = p.Deny ? "denyAccess" : "restrictAccess",
                description = "",
            }),
        }, GraphLab.Cancel);
}
