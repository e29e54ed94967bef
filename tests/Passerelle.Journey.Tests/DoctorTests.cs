using System.Globalization;
using System.Text.Json;

namespace Passerelle.Journey.Tests;

/// <summary>The doctor over a real set-up: well, and with one thing wrong at a time.</summary>
public sealed class DoctorTests(SharedLab lab)
{
    private static readonly string[] Checks =
    [
        "directory-id", "client-id", "client-secret", "redirect-uri", "permission-and-consent", "application-roles", "smtp-and-tls", "sign-in-accepted",
        "forwarding-seen", "copy-kept", "forwarding-address-reachable", "send-test",
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_healthy_app_is_right_in_all_checks_and_before_its_first_mail_unknown_where_nothing_can_prove_it()
    {
        await using var scene = await Scene.ConnectedAsync(lab);
        var early = await scene.ExamineAsync();
        Assert.Equal(Checks, early.Select(finding => Text(finding, "check")));
        Assert.Equal(["forwarding-seen", "copy-kept", "send-test"], early.Where(finding => Text(finding, "result") != "right").Select(finding => Text(finding, "check")));
        Assert.All(early.Where(finding => Text(finding, "result") != "right"), finding =>
            Assert.Equal(("unknown", "not-provable-here"), (Text(finding, "result"), Text(finding, "evidence"))));

        await scene.AnnWritesAsync("Proof");
        await scene.JourneyAsync("Proof", "routed", "settled");
        var begun = TimeProvider.System.GetTimestamp();
        var findings = await scene.ExamineAsync();
        TestContext.Current.SendDiagnosticMessage(string.Create(
            CultureInfo.InvariantCulture, $"All checks took {TimeProvider.System.GetElapsedTime(begun).TotalSeconds:0.00} s"));
        Assert.All(findings, finding => Assert.Equal("right", Text(finding, "result")));
    }

    [Guide("63")]
    [Theory]
    [InlineData("directoryId", "11111111-2222-4333-8444-666666666666", "directory-id", "E8")]
    [InlineData("clientId", "11111111-2222-4333-8444-777777777777", "client-id", "E8")]
    [InlineData("clientSecret", "abc8Q~not.the.secret_value-000000000000", "client-secret", "E4")]
    public async Task A_wrong_value_in_the_form_is_found_at_its_own_step_and_later_steps_are_not_blamed(
        string field, string value, string check, string step)
    {
        await using var scene = await Scene.DraftAsync(lab);
        await scene.PrepareMailboxAsync();
        await scene.SaveAsync(form => new(form) { [field] = value });
        FirstWrongIs(await scene.ExamineAsync(), check, step);
    }

    [Fact]
    public async Task A_redirect_URI_that_is_not_registered_is_found_at_its_own_step()
    {
        await using var scene = await Scene.DraftAsync(lab);
        await scene.SaveAsync();
        await scene.Lab.SetAuthenticationAsync(
            scene.Contoso.DirectoryId, scene.Contoso.ClientId, [("web", "https://elsewhere.contoso.example/callback")], false, false, false, Cancel);
        FirstWrongIs(await scene.ExamineAsync(), "redirect-uri", "E2");
    }

    [Fact]
    public async Task An_app_that_nobody_authorised_is_found_at_consent()
    {
        await using var scene = await Scene.DraftAsync(lab);
        await scene.PrepareMailboxAsync();
        await scene.SaveAsync();
        FirstWrongIs(await scene.ExamineAsync(), "permission-and-consent", "G3");
    }

    [Fact]
    public async Task Authenticated_SMTP_switched_off_is_found_at_the_sign_in()
    {
        await using var scene = await Scene.ConnectedAsync(lab);
        await scene.SetSmtpAuthAsync(false);
        FirstWrongIs(await scene.ExamineAsync(), "sign-in-accepted", "X2");
    }

    /// <summary>Right before it, wrong at it with an owner and a fix, unknown behind it.</summary>
    private static void FirstWrongIs(JsonElement[] findings, string check, string step)
    {
        Assert.Equal(Checks, findings.Select(finding => Text(finding, "check")));
        var at = Array.IndexOf(Checks, check);
        Assert.All(findings[..at], finding => Assert.Equal("right", Text(finding, "result")));
        Assert.Equal(("wrong", step), (Text(findings[at], "result"), Text(findings[at], "setupStep")));
        Assert.NotEmpty(Text(findings[at], "owner"));
        Assert.NotEmpty(Text(findings[at], "fix"));
        Assert.All(findings[(at + 1)..], finding => Assert.Equal(
            ("unknown", $"Not judged: {check} comes first"), (Text(finding, "result"), Text(finding, "detail"))));
    }

    private static string Text(JsonElement finding, string field) => finding.GetProperty(field).GetString()!; // findings have no nulls
}
