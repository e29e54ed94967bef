using Passerelle.Flows.Liquid;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Templates;

/// <summary>The SQL of table <c>template</c>.</summary>
internal static class TemplateRows
{
    public const int Most = 200;

    /// <returns>By name.</returns>
    public static List<Template> List(Tx tx, Guid organisationId) =>
        tx.For(organisationId).List<Template>("SELECT * FROM template WHERE organisation_id = @organisation ORDER BY name");

    public static Template? Find(Tx tx, Guid organisationId, Guid id) =>
        tx.For(organisationId).One<Template>("SELECT * FROM template WHERE organisation_id = @organisation AND id = @id", new { id });

    public static Template? FindByName(Tx tx, Guid organisationId, string name) =>
        tx.For(organisationId).One<Template>("SELECT * FROM template WHERE organisation_id = @organisation AND name = @name", new { name });

    /// <summary>All of them, for a flow that may name any.</summary>
    public static Dictionary<string, TemplateSource> Sources(Tx tx, Guid organisationId) =>
        List(tx, organisationId).ToDictionary(template => template.Name, template => template.Source, StringComparer.Ordinal);

    /// <returns>False when the name is taken, or there are as many as there may be.</returns>
    public static bool Insert(Tx tx, Template template)
    {
        var sql = tx.For(template.OrganisationId);
        return sql.One<long>("SELECT COUNT(*) FROM template WHERE organisation_id = @organisation") < Most && sql.Execute(
            """
            INSERT INTO template (organisation_id, id, name, subject, text, html, sample, version, person_id, created_at, changed_at)
            VALUES (@organisation, @Id, @Name, @Subject, @Text, @Html, @Sample, @Version, @PersonId, @CreatedAt, @ChangedAt)
            ON CONFLICT (organisation_id, name) DO NOTHING
            """,
            new
            {
                template.Id,
                template.Name,
                template.Subject,
                template.Text,
                template.Html,
                template.Sample,
                template.Version,
                template.PersonId,
                template.CreatedAt,
                template.ChangedAt,
            }) == 1;
    }

    /// <returns>False when it is not at <paramref name="seen"/> any more, or another has its name.</returns>
    public static bool Update(Tx tx, Template template, long seen) => tx.For(template.OrganisationId).Execute(
        """
        UPDATE template SET name = @Name, subject = @Subject, text = @Text, html = @Html, sample = @Sample, version = version + 1, person_id = @PersonId,
            changed_at = @ChangedAt
        WHERE organisation_id = @organisation AND id = @Id AND version = @seen
          AND NOT EXISTS (SELECT 1 FROM template t WHERE t.organisation_id = @organisation AND t.name = @Name AND t.id <> @Id)
        """,
        new { template.Id, template.Name, template.Subject, template.Text, template.Html, template.Sample, template.PersonId, template.ChangedAt, seen }) == 1;

    public static bool Delete(Tx tx, Guid organisationId, Guid id) =>
        tx.For(organisationId).Execute("DELETE FROM template WHERE organisation_id = @organisation AND id = @id", new { id }) == 1;
}
