using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Access;

/// <summary>One person of an organisation.</summary>
internal sealed record Person
{
    public required Guid Id { get; init; }
    public required string Name { get; init; }
    public required string Email { get; init; }
    public required string Role { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>Who belongs to an organisation. People are global; the membership decides what they see.</summary>
internal sealed class People(IStore store)
{
    /// <returns>In the order they joined the installation.</returns>
    public Task<List<Person>> ListAsync(Guid organisationId, CancellationToken cancel) => store.ReadAsync(
        tx => tx.For(organisationId).List<Person>(
            """
            SELECT p.id, p.name, p.email, m.role, p.created_at
            FROM membership m JOIN person p ON p.id = m.person_id
            WHERE m.organisation_id = @organisation ORDER BY p.created_at, p.id
            """),
        cancel);

    /// <summary>Every organisation of this installation, oldest first.</summary>
    public Task<List<Guid>> OrganisationsAsync(CancellationToken cancel) => store.ReadAsync(
        tx => tx.Across("the list of owners").List<Guid>("SELECT id FROM organisation ORDER BY created_at, id"),
        cancel);

    public Task<string?> OrganisationNameAsync(Guid organisationId, CancellationToken cancel) => store.ReadAsync(
        tx => tx.Across("the list of owners").One<string>(
            "SELECT name FROM organisation WHERE id = @organisationId", new { organisationId }),
        cancel);

    /// <summary>Within the caller's transaction.</summary>
    public static void Insert(Tx tx, Guid organisationId, Person person, string passwordHash, string language)
    {
        tx.Across("people are global").Execute(
            """
            INSERT INTO person (id, email, name, password_hash, language, created_at)
            VALUES (@Id, @Email, @Name, @passwordHash, @language, @CreatedAt)
            """,
            new { person.Id, Email = Fold(person.Email), person.Name, passwordHash, language, person.CreatedAt });
        tx.For(organisationId).Execute(
            "INSERT INTO membership (organisation_id, person_id, role) VALUES (@organisation, @Id, @Role)",
            new { person.Id, person.Role });
    }

    /// <summary>How an account's address is compared and stored.</summary>
    public static string Fold(string email) => email.Trim().ToLowerInvariant();
}
