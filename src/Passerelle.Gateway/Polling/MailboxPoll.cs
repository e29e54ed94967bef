using System.Text.Json;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Polling;

/// <summary>That an app's mailbox is looked at, and how that stands: a row of table <c>mailbox_poll</c>.</summary>
internal sealed record MailboxPoll
{
    public const string Watching = "watching";
    public const string Broken = "broken";

    public required Guid OrganisationId { get; init; }
    public required Guid AppId { get; init; }

    /// <summary>Sealed.</summary>
    public required string RefreshToken { get; init; }
    public required string Scope { get; init; }
    public required string SignedInAs { get; init; }

    /// <summary>What the mailbox got earlier is left there.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>As <see cref="MailboxPosition"/> writes it.</summary>
    public required string ListedTo { get; init; }
    public required string State { get; init; }
    public string? Finding { get; init; }
    public required string Words { get; init; }
    public DateTimeOffset? LookedAt { get; init; }
    public required DateTimeOffset DueAt { get; init; }

    public Finding? Cause => Finding is { } json ? JsonSerializer.Deserialize<Finding>(json) : null;
}

/// <summary>The SQL of table <c>mailbox_poll</c>.</summary>
internal static class MailboxPollRows
{
    public static MailboxPoll? Find(Tx tx, Guid organisationId, Guid appId) => tx.For(organisationId).One<MailboxPoll>(
        "SELECT * FROM mailbox_poll WHERE organisation_id = @organisation AND app_id = @appId", new { appId });

    /// <summary>In the place of an older one.</summary>
    public static void Put(Tx tx, MailboxPoll poll)
    {
        Remove(tx, poll.OrganisationId, poll.AppId);
        tx.For(poll.OrganisationId).Execute(
            """
            INSERT INTO mailbox_poll (organisation_id, app_id, refresh_token, scope, signed_in_as, since, listed_to, state, words, due_at)
            VALUES (@organisation, @AppId, @RefreshToken, @Scope, @SignedInAs, @Since, @ListedTo, @State, '', @DueAt)
            """,
            poll);
    }

    public static bool Remove(Tx tx, Guid organisationId, Guid appId) => tx.For(organisationId).Execute(
        "DELETE FROM mailbox_poll WHERE organisation_id = @organisation AND app_id = @appId", new { appId }) == 1;

    public static List<MailboxPoll> Due(Tx tx, DateTimeOffset now, int limit) => tx.Across("the mailboxes of all apps").List<MailboxPoll>(
        """
        -- across: the mailboxes of all apps
        SELECT p.* FROM mailbox_poll p JOIN app a ON a.organisation_id = p.organisation_id AND a.id = p.app_id
        WHERE p.state = 'watching' AND p.due_at <= @now AND a.state IN ('connected', 'degraded', 'broken')
        ORDER BY p.due_at LIMIT @limit
        """,
        new { now, limit });

    /// <summary>Whoever moves the time on looks; everybody else sees it is not due.</summary>
    /// <returns>False: another one was faster.</returns>
    public static bool Claim(Tx tx, MailboxPoll poll, DateTimeOffset until) => tx.For(poll.OrganisationId).Execute(
        """
        UPDATE mailbox_poll SET due_at = @until
        WHERE organisation_id = @organisation AND app_id = @AppId AND due_at = @DueAt AND state = 'watching'
        """,
        new { poll.AppId, poll.DueAt, until }) == 1;

    /// <summary>Before anything is done with the access token that came along.</summary>
    public static void Renewed(Tx tx, MailboxPoll poll, string refreshToken) => tx.For(poll.OrganisationId).Execute(
        "UPDATE mailbox_poll SET refresh_token = @refreshToken WHERE organisation_id = @organisation AND app_id = @AppId AND since = @Since",
        new { poll.AppId, poll.Since, refreshToken });

    public static void Listed(Tx tx, MailboxPoll poll, string listedTo, DateTimeOffset now) => tx.For(poll.OrganisationId).Execute(
        """
        UPDATE mailbox_poll SET listed_to = @listedTo, looked_at = @now, words = ''
        WHERE organisation_id = @organisation AND app_id = @AppId AND since = @Since
        """,
        new { poll.AppId, poll.Since, listedTo, now });

    public static void Failed(Tx tx, MailboxPoll poll, string words) => tx.For(poll.OrganisationId).Execute(
        "UPDATE mailbox_poll SET words = @words WHERE organisation_id = @organisation AND app_id = @AppId AND since = @Since",
        new { poll.AppId, poll.Since, words });

    public static void Break(Tx tx, MailboxPoll poll, Finding finding) => tx.For(poll.OrganisationId).Execute(
        """
        UPDATE mailbox_poll SET state = 'broken', finding = @finding
        WHERE organisation_id = @organisation AND app_id = @AppId AND since = @Since
        """,
        new { poll.AppId, poll.Since, finding = JsonSerializer.Serialize(finding) });
}
