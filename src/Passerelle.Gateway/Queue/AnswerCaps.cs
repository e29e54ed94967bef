using Microsoft.Extensions.Options;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Queue;

/// <summary>An automatic letter that wants to be written.</summary>
/// <param name="Correspondent">Bare address, any case.</param>
/// <param name="Origin">acknowledgement or flow.</param>
internal sealed record WantedAnswer(Guid OrganisationId, Guid AppId, Guid ConversationId, string Correspondent, string Origin);

/// <summary>
/// How much may leave without a person: counted from letter rows inside the transaction that would add one, so nothing from
/// outside, no restart and no second worker lifts a cap. Every letter counts, whatever became of it.
/// </summary>
internal sealed class AnswerCaps(IOptions<QueueOptions> options)
{
    /// <param name="reason">The cap that forbids it, for the journey; empty when allowed.</param>
    public bool Allows(Tx tx, WantedAnswer wanted, DateTimeOffset now, out string reason)
    {
        var caps = options.Value;
        var sql = tx.For(wanted.OrganisationId);
        var correspondent = wanted.Correspondent.ToLowerInvariant();
        reason =
            wanted.Origin == NewLetter.Acknowledgement && Acknowledged(sql, wanted) ? "This conversation was acknowledged before"
            : CountTo(sql, wanted, correspondent, now.AddHours(-1)) >= caps.AutomaticPerCorrespondentHour
                ? $"{caps.AutomaticPerCorrespondentHour} automatic answers to this correspondent within an hour"
            : CountTo(sql, wanted, correspondent, now.AddDays(-1)) >= caps.AutomaticPerCorrespondentDay
                ? $"{caps.AutomaticPerCorrespondentDay} automatic answers to this correspondent within a day"
            : CountOf(sql, wanted, now.AddHours(-1)) >= caps.AutomaticPerAppHour
                ? $"{caps.AutomaticPerAppHour} automatic answers of this app within an hour"
            : "";
        return reason.Length == 0;
    }

    private static bool Acknowledged(Sql sql, WantedAnswer wanted) => sql.One<long>(
        """
        SELECT COUNT(*) FROM letter WHERE organisation_id = @organisation AND conversation_id = @ConversationId
          AND origin = 'acknowledgement'
        """,
        new { wanted.ConversationId }) > 0;

    private static long CountTo(Sql sql, WantedAnswer wanted, string correspondent, DateTimeOffset since) => sql.One<long>(
        """
        SELECT COUNT(*) FROM letter WHERE organisation_id = @organisation AND app_id = @AppId AND automatic
          AND created_at > @since AND correspondent = @correspondent
        """,
        new { wanted.AppId, since, correspondent });

    private static long CountOf(Sql sql, WantedAnswer wanted, DateTimeOffset since) => sql.One<long>(
        """
        SELECT COUNT(*) FROM letter WHERE organisation_id = @organisation AND app_id = @AppId AND automatic AND created_at > @since
        """,
        new { wanted.AppId, since });
}
