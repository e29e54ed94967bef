using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Routing.Flows;

/// <summary>A flow: one draft that is edited, and the versions that were published.</summary>
internal sealed record FlowRow
{
    public required Guid Id { get; init; }
    public required string Name { get; init; }

    /// <summary>JSON; may be invalid while it is edited.</summary>
    public required string Draft { get; init; }

    /// <summary>0: never published.</summary>
    public required long PublishedVersion { get; init; }

    /// <summary>While true, messages are kept instead of run.</summary>
    public required bool Paused { get; init; }

    /// <summary>Of the draft; a stale editor is refused.</summary>
    public required long Version { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>One published version; never changed.</summary>
internal sealed record FlowVersion
{
    public required long Number { get; init; }
    public required string Definition { get; init; }
    public required DateTimeOffset PublishedAt { get; init; }

    /// <summary>Null: no person did it.</summary>
    public Guid? PublishedBy { get; init; }
}

/// <summary>The SQL of flows, within the caller's transaction.</summary>
internal static class FlowRows
{
    private const string Columns = "id, name, draft, published_version, paused, version, created_at";

    public static FlowRow? Find(Tx tx, Guid organisationId, Guid id) => tx.For(organisationId).One<FlowRow>(
        $"SELECT {Columns} FROM flow WHERE organisation_id = @organisation AND id = @id", new { id });

    public static List<FlowRow> List(Tx tx, Guid organisationId) => tx.For(organisationId).List<FlowRow>(
        $"SELECT {Columns} FROM flow WHERE organisation_id = @organisation ORDER BY id DESC LIMIT 1000");

    public static FlowVersion? Version(Tx tx, Guid organisationId, Guid id, long number) => tx.For(organisationId).One<FlowVersion>(
        """
        SELECT number, definition, published_at, published_by FROM flow_version
        WHERE organisation_id = @organisation AND flow_id = @id AND number = @number
        """,
        new { id, number });

    public static List<FlowVersion> Versions(Tx tx, Guid organisationId, Guid id) => tx.For(organisationId).List<FlowVersion>(
        """
        SELECT number, definition, published_at, published_by FROM flow_version
        WHERE organisation_id = @organisation AND flow_id = @id ORDER BY number DESC LIMIT 1000
        """,
        new { id });

    public static void Insert(Tx tx, Guid organisationId, Guid id, string name, string draft, DateTimeOffset now) =>
        tx.For(organisationId).Execute(
            """
            INSERT INTO flow (organisation_id, id, name, draft, published_version, paused, version, created_at)
            VALUES (@organisation, @id, @name, @draft, 0, @paused, 1, @now)
            """,
            new { id, name, draft, paused = false, now });

    /// <returns>False when the draft's version has moved on.</returns>
    public static bool Save(Tx tx, Guid organisationId, Guid id, long seenVersion, string name, string draft) =>
        tx.For(organisationId).Execute(
            """
            UPDATE flow SET name = @name, draft = @draft, version = version + 1
            WHERE organisation_id = @organisation AND id = @id AND version = @seenVersion
            """,
            new { id, seenVersion, name, draft }) == 1;

    /// <returns>The number of the new version; null when the draft's version has moved on.</returns>
    public static long? Publish(
        Tx tx, Guid organisationId, Guid id, long seenVersion, string definition, Guid? person, DateTimeOffset now)
    {
        var sql = tx.For(organisationId);
        var number = sql.One<long?>(
            """
            UPDATE flow SET published_version = published_version + 1
            WHERE organisation_id = @organisation AND id = @id AND version = @seenVersion RETURNING published_version
            """,
            new { id, seenVersion });
        if (number is null) return null;
        sql.Execute(
            """
            INSERT INTO flow_version (organisation_id, flow_id, number, definition, published_at, published_by)
            VALUES (@organisation, @id, @number, @definition, @now, @person)
            """,
            new { id, number, definition, now, person });
        return number;
    }

    public static bool Pause(Tx tx, Guid organisationId, Guid id, bool paused) => tx.For(organisationId).Execute(
        "UPDATE flow SET paused = @paused WHERE organisation_id = @organisation AND id = @id", new { id, paused }) == 1;
}
