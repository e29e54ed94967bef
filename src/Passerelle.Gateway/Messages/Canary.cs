using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Messages;

/// <summary>
/// A mail that the doctor wrote to a mailbox from outside, as a customer does: it comes back by forwarding, or a report of it
/// comes to the return address, which is a secret of this one mail and is taken for two days (design §8.5).
/// </summary>
internal sealed record Canary
{
    /// <summary>Carries the id, so that reading knows the mail again.</summary>
    public const string Header = "X-Passerelle-Canary";

    public required Guid OrganisationId { get; init; }
    public required Guid AppId { get; init; }
    public required Guid Id { get; init; }

    /// <summary>Lower case; at the inbound domain.</summary>
    public required string ReturnAddress { get; init; }

    /// <summary>Message-ID with angle brackets.</summary>
    public required string InternetId { get; init; }

    /// <summary>The server offered DSN (RFC 3461): it tells of success too, so its silence says something.</summary>
    public required bool ReportsPromised { get; init; }

    /// <summary>Reply of the server that took it.</summary>
    public required string Words { get; init; }
    public required DateTimeOffset SentAt { get; init; }
}

/// <summary>The SQL of tables <c>canary</c> and <c>canary_report</c>. One canary of an app at a time.</summary>
internal static class CanaryRows
{
    private const int MostReports = 8;
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(2);

    /// <summary>In the place of an older one, whose reports are forgotten.</summary>
    public static void Put(Tx tx, Canary canary)
    {
        var sql = tx.For(canary.OrganisationId);
        sql.Execute(
            """
            DELETE FROM canary_report WHERE organisation_id = @organisation
                AND canary_id IN (SELECT id FROM canary WHERE organisation_id = @organisation AND app_id = @AppId)
            """,
            new { canary.AppId });
        sql.Execute("DELETE FROM canary WHERE organisation_id = @organisation AND app_id = @AppId", new { canary.AppId });
        sql.Execute(
            """
            INSERT INTO canary (organisation_id, app_id, id, return_address, internet_id, reports_promised, words, sent_at)
            VALUES (@organisation, @AppId, @Id, @ReturnAddress, @InternetId, @ReportsPromised, @Words, @SentAt)
            """,
            canary);
    }

    /// <returns>Null: the doctor has sent none.</returns>
    public static Canary? Find(Tx tx, Guid organisationId, Guid appId) => tx.For(organisationId).One<Canary>(
        "SELECT * FROM canary WHERE organisation_id = @organisation AND app_id = @appId", new { appId });

    /// <param name="address">Folded.</param>
    public static Canary? ReturningTo(Tx tx, string address, DateTimeOffset now) => tx.Across("the address says whose it is").One<Canary>(
        """
        -- across: the address says whose it is
        SELECT * FROM canary WHERE return_address = @address AND sent_at > @oldest
        """,
        new { address, oldest = now - Lifetime });

    /// <summary>Keeps the first few; more of them say nothing new.</summary>
    public static void AddReport(Tx tx, Guid organisationId, Guid canaryId, byte[] raw, DateTimeOffset now)
    {
        var sql = tx.For(organisationId);
        var number = sql.One<long>(
            "SELECT COUNT(*) FROM canary_report WHERE organisation_id = @organisation AND canary_id = @canaryId", new { canaryId }) + 1;
        if (number > MostReports) return;
        sql.Execute(
            """
            INSERT INTO canary_report (organisation_id, canary_id, number, raw, at) VALUES (@organisation, @canaryId, @number, @raw, @now)
            """,
            new { canaryId, number, raw, now });
    }

    /// <returns>As they came.</returns>
    public static List<byte[]> Reports(Tx tx, Guid organisationId, Guid canaryId) => tx.For(organisationId).List<byte[]>(
        "SELECT raw FROM canary_report WHERE organisation_id = @organisation AND canary_id = @canaryId ORDER BY number",
        new { canaryId });
}
