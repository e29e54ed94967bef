using Passerelle.Flows.Liquid;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Templates;

namespace Passerelle.Gateway.Routing;

/// <summary>Gathers what a run is about.</summary>
internal sealed class RunSubjects(IStore store, MailSources sources)
{
    /// <returns>Null when the message or its app is not there.</returns>
    public async Task<RunSubject?> OfAsync(Guid organisationId, Guid messageId, CancellationToken cancel)
    {
        var rows = await store.ReadAsync(tx => Rows(tx, organisationId, messageId), cancel);
        if (rows is not { Message: { } message, App: { } app }) return null;
        var mail = await sources.ReadAsync(message, app.OwnAddresses, cancel);
        return new RunSubject(message, rows.Attachments, app, mail, rows.IsOurs) { Templates = rows.Templates };
    }

    private static SubjectRows Rows(Tx tx, Guid organisationId, Guid messageId) =>
        MessageRows.Find(tx, organisationId, messageId) is { } message
            ? new(
                message,
                MessageRows.Attachments(tx, organisationId, messageId),
                AppRows.Find(tx, organisationId, message.AppId),
                IsOurs(tx, message),
                TemplateRows.Sources(tx, organisationId))
            : new(null, [], null, false, new());

    /// <summary>Our Message-IDs begin with the letter's id, so one of any app is found by key.</summary>
    private static bool IsOurs(Tx tx, Message message) =>
        message.InternetId.TrimStart('<').Split('@') is [var left, ..] && Guid.TryParseExact(left, "N", out var id)
        && tx.For(message.OrganisationId).One<long>(
            "SELECT COUNT(*) FROM letter WHERE organisation_id = @organisation AND id = @id", new { id }) > 0;

    private sealed record SubjectRows(Message? Message, IReadOnlyList<Attachment> Attachments, EmailApp? App, bool IsOurs, Dictionary<string, TemplateSource> Templates);
}
