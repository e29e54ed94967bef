using Passerelle.Lab.Testing;

namespace Passerelle.Journey.Tests;

/// <summary>The guide's other way: user name and password, while Microsoft still lets it.</summary>
public sealed class PasswordTests(SharedLab lab)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_app_with_a_password_answers_while_basic_sign_in_is_on_and_says_so_when_it_is_off()
    {
        await using var scene = await Scene.DraftAsync(lab, "--Sending:IdleSeconds=1");
        await scene.PrepareMailboxAsync();
        await scene.Lab.SetBasicAuthAsync(scene.Contoso.DirectoryId, scene.Contoso.Support, enabled: true, Cancel);
        await scene.SaveWithPasswordAsync("mistyped");
        await scene.RepairsAsync();
        Assert.Contains("5.7.139", (await scene.AppAsync()).GetProperty("stateReason").GetString(), StringComparison.Ordinal);
        await scene.SaveWithPasswordAsync(Contoso.Password);
        await scene.AcknowledgeAsync();
        await scene.RepairsAsync();
        Assert.Equal("connected", await scene.StateAsync());
        await scene.AnswerToAsync(await scene.AnnWritesAsync("By password"));
        Assert.Null(Assert.Single(await scene.SubmittedAsync()).Token);

        await scene.Lab.SetBasicAuthAsync(scene.Contoso.DirectoryId, scene.Contoso.Support, enabled: false, Cancel);
        var wrong = Assert.Single(await scene.ExamineAsync(), finding => finding.GetProperty("result").GetString() == "wrong");
        Assert.Equal("sign-in-accepted", wrong.GetProperty("check").GetString());
        Assert.Contains("5.7.139", wrong.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }
}
