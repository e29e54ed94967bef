using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Operations.Keeping;

/// <summary>What a hold can be on.</summary>
internal static class HoldScopes
{
    public const string App = "app";
    public const string Conversation = "conversation";
    public const string Correspondent = "correspondent";

    public static IReadOnlyList<string> All { get; } = [App, Conversation, Correspondent];
}

/// <summary>While it stands, nothing of its subject is pruned or erased.</summary>
internal sealed record LegalHold
{
    public required Guid OrganisationId { get; init; }
    public required Guid Id { get; init; }

    /// <summary>One of <see cref="HoldScopes"/>.</summary>
    public required string Scope { get; init; }

    /// <summary>An id in hexadecimal (<c>N</c>), or a folded address.</summary>
    public required string Subject { get; init; }
    public required string Reason { get; init; }

    /// <summary>Null: the operator of the machine.</summary>
    public Guid? PlacedBy { get; init; }
    public required DateTimeOffset PlacedAt { get; init; }
    public Guid? LiftedBy { get; init; }

    /// <summary>Null: it stands.</summary>
    public DateTimeOffset? LiftedAt { get; init; }
    public required string LiftedReason { get; init; }
}

/// <summary>The SQL of table <c>legal_hold</c>.</summary>
internal static class LegalHoldRows
{
    private const int MostListed = 500;

    /// <returns>False: one stands on it already.</returns>
    public static bool Insert(Tx tx, LegalHold hold) => tx.For(hold.OrganisationId).Execute(
        """
        INSERT INTO legal_hold (organisation_id, id, scope, subject, reason, placed_by, placed_at, lifted_reason)
        VALUES (@organisation, @Id, @Scope, @Subject, @Reason, @PlacedBy, @PlacedAt, '')
        ON CONFLICT (organisation_id, scope, subject) WHERE lifted_at IS NULL DO NOTHING
        """,
        new { hold.Id, hold.Scope, hold.Subject, hold.Reason, hold.PlacedBy, hold.PlacedAt }) == 1;

    public static LegalHold? Find(Tx tx, Guid organisationId, Guid id) => tx.For(organisationId).One<LegalHold>(
        "SELECT * FROM legal_hold WHERE organisation_id = @organisation AND id = @id", new { id });

    public static bool Lift(Tx tx, Guid organisationId, Guid id, string reason, Guid? by, DateTimeOffset now) => tx.For(organisationId).Execute(
        """
        UPDATE legal_hold SET lifted_at = @now, lifted_by = @by, lifted_reason = @reason
        WHERE organisation_id = @organisation AND id = @id AND lifted_at IS NULL
        """,
        new { id, reason, by, now }) == 1;

    /// <summary>Those that stand first, then the newest.</summary>
    public static List<LegalHold> List(Tx tx, Guid organisationId) => tx.For(organisationId).List<LegalHold>(
        """
        SELECT * FROM legal_hold WHERE organisation_id = @organisation
        ORDER BY CASE WHEN lifted_at IS NULL THEN 0 ELSE 1 END, id DESC LIMIT @MostListed
        """,
        new { MostListed });

    /// <summary>A lifted hold still names the address.</summary>
    public static void Forget(Tx tx, Guid organisationId, string address) => tx.For(organisationId).Execute(
        """
        DELETE FROM legal_hold WHERE organisation_id = @organisation AND scope = 'correspondent' AND subject = @address AND lifted_at IS NOT NULL
        """,
        new { address });
}

/// <summary>All holds of an organisation that stand now, read in the transaction that prunes or erases.</summary>
internal sealed class StandingHolds
{
    private readonly HashSet<(string Scope, string Subject)> _subjects;

    private StandingHolds(IEnumerable<Subject> rows) => _subjects = [.. rows.Select(row => (row.Scope, row.Name))];

    public static StandingHolds Of(Tx tx, Guid organisationId) => new(tx.For(organisationId).List<Subject>(
        "SELECT scope, subject AS name FROM legal_hold WHERE organisation_id = @organisation AND lifted_at IS NULL"));

    public static string Word(Guid id) => id.ToString("N");

    /// <param name="addresses">Folded: who wrote it, with whom its conversation is, to whom it went.</param>
    public bool Cover(Guid appId, Guid conversationId, params IEnumerable<string> addresses) =>
        _subjects.Count > 0
        && (_subjects.Contains((HoldScopes.App, Word(appId)))
            || _subjects.Contains((HoldScopes.Conversation, Word(conversationId)))
            || addresses.Any(Cover));

    public bool Cover(string address) => _subjects.Contains((HoldScopes.Correspondent, AddressText.Fold(address)));

    private sealed record Subject
    {
        public required string Scope { get; init; }
        public required string Name { get; init; }
    }
}
