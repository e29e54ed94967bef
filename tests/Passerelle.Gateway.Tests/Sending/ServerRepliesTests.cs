using System.Text;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Tests.Sending;

/// <summary>Replies of real servers, each said at every step of a submission: fitting or not, the letter has an end that is true.</summary>
public sealed class ServerRepliesTests
{
    /// <summary>What the client has just said: nothing yet, a verb, or the final dot.</summary>
    private static readonly string[] Steps = ["", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "."];

    [Fact, Corpus]
    public async Task A_reply_at_any_step_leaves_no_letter_in_doubt_that_is_not()
    {
        await using var rig = await SendingRig.OpenAsync();
        var copes = new Tally("smtp-server-replies", "client copes");
        foreach (var file in Directory.EnumerateFiles(Corpora.Folder("smtp-server-replies"), "*.txt").Order(StringComparer.Ordinal))
        {
            if (Path.GetFileName(file).StartsWith("LICENSE", StringComparison.Ordinal)) continue;
            var reply = (await File.ReadAllTextAsync(file, TempStore.Cancel)).ReplaceLineEndings("\r\n");
            var wrong = new List<string>();
            foreach (var step in Steps)
            {
                rig.Server.Mails.Clear();
                rig.Server.Instead = said => said == step ? reply : null;
                var outcome = await SendAsync(rig);
                if (!IsTrue(outcome, rig.Server.Mails.Count, step == "." ? reply : "250")) wrong.Add($"{Path.GetFileName(file)} after '{step}': {outcome}");
            }
            copes.Count(wrong.Count == 0, () => string.Join("; ", wrong));
        }

        copes.Reaches();
    }

    private static async Task<SendOutcome> SendAsync(SendingRig rig)
    {
        var letter = new ClaimedLetter(
            await rig.Office.RowAsync(await rig.Office.LetterAsync(await rig.Office.ConversationAsync())), 1, rig.Office.Temp.Time.GetUtcNow(), ["ann@fabrikam.example"]);
        var raw = Encoding.ASCII.GetBytes("Subject: Hello\r\nFrom: support@contoso.example\r\n\r\nGood day\r\n");
        using var pool = rig.NewPool();
        return await rig.Submission.SendAsync(
            letter, await rig.AppAsync(), new TokenAnswer.Ready(new SecretText("token-1"), IsPassword: false), raw, pool, () => Task.CompletedTask, TempStore.Cancel);
    }

    /// <summary>Accepted is what a server took with a 2xx; unclear is what it may have taken; all else it did not take.</summary>
    private static bool IsTrue(SendOutcome outcome, int taken, string dotReply) => outcome switch
    {
        SendOutcome.Accepted => taken == 1 && dotReply[0] == '2',
        SendOutcome.Unclear => taken == 1,
        SendOutcome.Refused or SendOutcome.Deferred or SendOutcome.Blocked => taken == 0 || dotReply[0] is '4' or '5',
        _ => false,
    };
}
