using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Passerelle.Gateway.Polling.Doubts;
using Passerelle.Gateway.Store;
using Passerelle.Lab.Testing;

namespace Passerelle.Journey.Tests;

/// <summary>A letter whose last word was lost: what Exchange itself kept of it decides, or a person.</summary>
public sealed class DoubtTests(SharedLab lab)
{
    private static readonly string[] Quickly = ["--Polling:SentItemsMinutes=0", "--Sending:ReplySeconds=1"];
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_letter_that_Exchange_never_took_is_sent_again_once_Graph_proves_it()
    {
        await using var scene = await SceneAsync("Mail.ReadBasic", "sent-items");
        var lost = await LoseAsync(scene, "Lost");
        await LookAsync(scene);
        Assert.StartsWith("No copy lies in Sent Items, and none of a later letter", await EvidenceAsync(scene, lost), StringComparison.Ordinal);
        Assert.Equal("unclear", await StateAsync(scene, lost));

        await scene.AnswerToAsync(await scene.AnnWritesAsync("Witness"));
        await Eventually.SeesAsync("The witness is settled", async _ => (await LetterAsync(scene, "Re: Witness")).State == "settled");
        await LookAsync(scene);
        await Eventually.SeesAsync("The lost one has left", async _ => await StateAsync(scene, lost) == "settled");
        Assert.Equal(2, (await scene.SubmittedAsync()).Count(line => line.Answer.StartsWith("250", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_letter_whose_copy_Graph_finds_is_settled_and_not_sent_again()
    {
        await using var scene = await SceneAsync("Mail.ReadBasic", "sent-items");
        await FoundAsync(scene);
    }

    /// <summary>The default: where somebody lets Passerelle read by IMAP, a copy settles a letter, and nothing is sent again.</summary>
    [Fact]
    public async Task By_IMAP_too_a_copy_settles_and_without_one_a_person_decides()
    {
        await using var scene = await SceneAsync("IMAP.AccessAsUser.All", "hold");
        await LetReadAsync(scene);
        await FoundAsync(scene);
        var lost = await LoseAsync(scene, "Lost");
        await scene.AnswerToAsync(await scene.AnnWritesAsync("Witness"));
        await Eventually.SeesAsync("The witness is settled", async _ => (await LetterAsync(scene, "Re: Witness")).State == "settled");
        await LookAsync(scene);
        Assert.Equal("unclear", await StateAsync(scene, lost));
        Assert.EndsWith("the app's settings let a person decide", await EvidenceAsync(scene, lost), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_permission_nothing_is_decided_and_Microsofts_own_words_say_why()
    {
        await using var scene = await SceneAsync("User.Read", "sent-items");
        var lost = await LoseAsync(scene, "Lost");
        await LookAsync(scene);
        Assert.Equal("unclear", await StateAsync(scene, lost));
        Assert.Matches("(?s)^Passerelle may not look into Sent Items.*AADSTS65001", await EvidenceAsync(scene, lost));
        Assert.Equal("connected", await scene.StateAsync());
    }

    private static async Task FoundAsync(Scene scene)
    {
        await scene.AnswerToAsync(await scene.AnnWritesAsync("Found"));
        var found = await Eventually.SeesAsync("The answer is settled", async _ => await LetterAsync(scene, "Re: Found") is { State: "settled" } letter ? letter : null);
        await DoubtAsync(scene, found.Id);
        await LookAsync(scene);
        Assert.Equal("", await EvidenceAsync(scene, found.Id));
        Assert.Equal("settled", await StateAsync(scene, found.Id));
        Assert.Equal("Its copy lies in Sent Items of the mailbox: it left", (await LetterAsync(scene, "Re: Found")).Reason);
        Assert.Single(await scene.SubmittedAsync());
    }

    /// <param name="permission">Of Graph, delegated; an administrator has agreed to it.</param>
    private async Task<Scene> SceneAsync(string permission, string policy)
    {
        var scene = await Scene.ConnectedAsync(lab, Quickly);
        await scene.Lab.SetPermissionsAsync(
            scene.Contoso.DirectoryId, scene.Contoso.ClientId,
            [(LabControl.Graph, "User.Read", "delegated"), (LabControl.Graph, "SMTP.Send", "delegated"), .. permission == "User.Read" ? Array.Empty<(string, string, string)>() : [(LabControl.Graph, permission, "delegated")]],
            Cancel);
        await scene.Lab.GrantAdminConsentAsync(scene.Contoso.DirectoryId, scene.Contoso.ClientId, Cancel);
        await scene.SaveAsync(form => new(form) { ["unclearLetters"] = policy });
        Assert.Equal("connected", await scene.StateAsync()); // a setting of ours, no reason to sign in again
        return scene;
    }

    /// <summary>The server says nothing to the final dot, and has taken nothing.</summary>
    private static async Task<Guid> LoseAsync(Scene scene, string subject)
    {
        await new LabFaults(scene.Lab, scene.Contoso.Lab).ArmAsync(new LabFault("smtp-data") { Silent = true, Mailbox = scene.Contoso.Support }, Cancel);
        await scene.AnnWritesAsync(subject);
        return (await Eventually.SeesAsync($"{subject} is unclear", async _ => await LetterAsync(scene, $"Re: {subject}") is { State: "unclear" } letter ? letter : null)).Id;
    }

    /// <summary>As the rows stand when the reply to the final dot was lost.</summary>
    private static async Task DoubtAsync(Scene scene, Guid letter)
    {
        var organisation = await scene.Gateway.OrganisationAsync();
        await scene.Gateway.Services.GetRequiredService<IStore>().WriteAsync(
            Lane.Work,
            tx => tx.For(organisation).Execute("UPDATE letter SET state = 'unclear', settled_at = NULL WHERE organisation_id = @organisation AND id = @letter", new { letter }),
            Cancel);
    }

    private static async Task LetReadAsync(Scene scene)
    {
        using var portal = await scene.Gateway.SignInAsync();
        using var browser = scene.Fixture.Browser();
        var end = await browser.SignInAsync(await portal.LeaveAsync($"/authorise/{scene.App}/mailbox", Cancel), scene.Contoso.Support, Contoso.Password, Cancel);
        await portal.OpenAsync(end.Callback!.PathAndQuery, Cancel); // it leads back to us
    }

    /// <summary>One round of a process that has just started: it has looked for nothing yet.</summary>
    private static async Task LookAsync(Scene scene)
    {
        var worker = scene.Gateway.Services.GetServices<IHostedService>().OfType<DoubtWorker>().Single();
        worker.Forget();
        await worker.LookAsync(Cancel);
    }

    private static async Task<string> StateAsync(Scene scene, Guid letter) =>
        (await scene.RowsAsync<LetterState>("SELECT id, state, state_reason AS reason, evidence FROM letter WHERE organisation_id = @organisation")).Single(row => row.Id == letter).State;

    private static async Task<string> EvidenceAsync(Scene scene, Guid letter) =>
        (await scene.RowsAsync<LetterState>("SELECT id, state, state_reason AS reason, evidence FROM letter WHERE organisation_id = @organisation")).Single(row => row.Id == letter).Evidence;

    private static async Task<LetterState> LetterAsync(Scene scene, string subject) =>
        (await scene.RowsAsync<LetterState>($"SELECT id, state, state_reason AS reason, evidence FROM letter WHERE organisation_id = @organisation AND subject = '{subject}'")) is [var row] ? row : LetterState.None;

    private sealed record LetterState
    {
        public static LetterState None { get; } = new() { Id = Guid.Empty, State = "", Reason = "", Evidence = "" };
        public required Guid Id { get; init; }
        public required string State { get; init; }
        public required string Reason { get; init; }
        public required string Evidence { get; init; }
    }
}
