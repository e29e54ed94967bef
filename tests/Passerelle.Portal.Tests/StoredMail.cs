using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Store;

namespace Passerelle.Portal.Tests;

/// <summary>A mail that has come in and was read, as the stages leave it.</summary>
internal static class StoredMail
{
    private const string Raw = """
        From: Carla Customer <carla@fabrikam.example>
        To: support@contoso.example
        Cc: Dora <dora@adatum.example>
        Subject: The blue one is broken
        Date: Sun, 01 Nov 2026 11:59:00 +0000
        Message-ID: <one@fabrikam.example>
        Content-Type: text/html; charset=utf-8

        <p>Dear all, <b>the blue one</b> is broken.</p>

        """;

    public static async Task<Guid> PutAsync(RunningGateway gateway, EmailApp app, CancellationToken cancel)
    {
        var now = gateway.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var raw = Encoding.UTF8.GetBytes(Raw.ReplaceLineEndings("\r\n"));
        await gateway.Services.GetRequiredService<IStore>().WriteAsync(
            Lane.Work,
            tx =>
            {
                RawMails.Insert(tx, app.OrganisationId, id, raw, now);
                ReceiptRows.Insert(tx, ArrivedMail.ReceiptOf(app, id, raw.Length, now));
                tx.For(app.OrganisationId).Execute(
                    "UPDATE receipt SET state = 'read', message_id = @id, settled_at = @now WHERE organisation_id = @organisation AND id = @id",
                    new { id, now });
                MessageRows.Insert(tx, MessageOf(app, id, raw.Length, now), []);
                return true;
            },
            cancel);
        return id;
    }

    /// <summary>As a scanner would have left it.</summary>
    public static Task QuarantineAsync(RunningGateway gateway, EmailApp app, Guid message, CancellationToken cancel) =>
        gateway.Services.GetRequiredService<IStore>().WriteAsync(
            Lane.Work,
            tx => tx.For(app.OrganisationId).Execute(
                """
                UPDATE message SET state = 'quarantined', state_reason = 'ClamAV found Test.Signature', malware = 'infected', spam = 'not-scanned', verdict = 'suspicious'
                WHERE organisation_id = @organisation AND id = @message
                """,
                new { message }),
            cancel);

    /// <summary>The message asks whether a mailbox may be forwarded here.</summary>
    public static Task AskAsync(RunningGateway gateway, EmailApp app, Guid message, CancellationToken cancel) =>
        gateway.Services.GetRequiredService<IStore>().WriteAsync(
            Lane.Work,
            tx =>
            {
                ForwardingConfirmationRows.Insert(tx, app.OrganisationId, new ForwardingConfirmation
                {
                    MessageId = message,
                    AppId = app.Id,
                    Mailbox = "carla@fabrikam.example",
                    Code = "123456789",
                    Link = "https://mail-settings.google.com/mail/vf-token",
                    ReceivedAt = gateway.Services.GetRequiredService<TimeProvider>().GetUtcNow(),
                });
                return true;
            },
            cancel);

    private static Message MessageOf(EmailApp app, Guid id, int size, DateTimeOffset now) => new()
    {
        OrganisationId = app.OrganisationId,
        Id = id,
        AppId = app.Id,
        ReceiptId = id,
        RawId = id,
        ConversationId = id,
        Kind = "human",
        KindEvidence = "",
        FromAddress = "carla@fabrikam.example",
        FromName = "Carla Customer",
        PartiesJson = new Parties(
            [new("Carla Customer", "carla@fabrikam.example")], null, [], [new("", "support@contoso.example")], [new("Dora", "dora@adatum.example")]).ToJson(),
        Subject = "The blue one is broken",
        Text = "Dear all, the blue one is broken.",
        Html = "<p>Dear all, <b>the blue one</b> is broken.</p>",
        InternetId = "<one@fabrikam.example>",
        InReplyTo = "",
        ReferenceIds = "[]",
        Verdict = "unproven",
        VerdictReasons = """["No ARC seal by the mailbox's provider"]""",
        Findings = "[]",
        Size = size,
        ReceivedAt = now,
        ReadAt = now,
        State = MessageState.Held,
        StateReason = "The app is a draft",
        DueAt = now,
        Attempts = 0,
        Epoch = 0,
    };
}
