namespace Passerelle.Journey.Tests;

/// <summary>Two machines that answer each other must come to an end, and ours is the first to be silent.</summary>
public sealed class LoopTests(SharedLab lab)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Our_acknowledgement_and_a_naive_responder_end_after_one_answer_of_ours()
    {
        await using var scene = await Scene.ConnectedAsync(lab);
        await scene.Mail.RespondAsync(scene.Contoso.Ann, "naive", Cancel);
        await scene.AnnWritesAsync("Ping");
        await scene.JourneyAsync("Ping", "routed", "settled");
        await scene.JourneyAsync("Re: Re: Ping", "routed", "");

        await scene.Mail.RespondAsync(scene.Contoso.Ann, "off", Cancel);
        var quiet = await scene.AnnWritesAsync("Unrelated"); // had the echo been answered, that answer would have left before this one
        await scene.AnswerToAsync(quiet);
        Assert.Equal(2, (await scene.SubmittedAsync()).Count);
    }
}
