using System.Text.RegularExpressions;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Queue.Returns;

/// <summary>A server may give a mail another Message-ID, and says so in its answer: <c>250 2.0.0 OK &lt;id&gt; [Hostname=…]</c>.</summary>
internal static partial class LetterAliases
{
    public static void Note(Tx tx, ClaimedLetter letter, string reply)
    {
        if (Id().Match(reply) is not { Success: true } said || said.Value == letter.Row.InternetId) return;
        tx.For(letter.OrganisationId).Execute(
            """
            INSERT INTO letter_alias (organisation_id, app_id, internet_id, letter_id) VALUES (@organisation, @AppId, @said, @Id)
            ON CONFLICT (organisation_id, app_id, internet_id) DO NOTHING
            """,
            new { letter.AppId, said = said.Value, letter.Id });
    }

    [GeneratedRegex(@"<[^<>\s@]{1,400}@[^<>\s@]{1,255}>", RegexOptions.NonBacktracking)]
    private static partial Regex Id();
}
