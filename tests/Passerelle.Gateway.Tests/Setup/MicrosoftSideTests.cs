using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Setup;
using Passerelle.Gateway.Tests.Apps;

namespace Passerelle.Gateway.Tests.Setup;

public sealed class MicrosoftSideTests
{
    private const string Callback = "https://mail.contoso.example/callback";
    private static readonly EmailApp App = SomeApp.Connected;

    [Fact]
    public void Before_anybody_looked_nothing_is_done_and_what_is_not_needed_says_so() =>
        Assert.All(Side([]), step => Assert.Equal(
            step.Name is "access-tokens" or "mail-send" ? Sight.NotNeeded : Sight.Unseen, step.Sight));

    [Fact]
    public void Steps_stand_in_the_guides_order() => Assert.Equal(
        ["E1", "E2", "E3", "E4", "E5", "E5", "E6", "E8", "E10", "X1", "X2", "F1", "F2", "F3"], Side([]).Select(step => step.SetupStep));

    [Theory]
    [InlineData(Transports.Smtp, false, "permission smtp-auth")]
    [InlineData(Transports.Graph, false, "permission-graph")]
    [InlineData(Transports.SmtpThenGraph, false, "permission-graph permission smtp-auth")]
    [InlineData(Transports.Graph, true, "permission-graph-app")]
    [InlineData(Transports.Smtp, true, "permission-app service-principal smtp-auth")]
    public void What_is_to_be_done_follows_how_letters_leave(string transport, bool isAppOnly, string steps) => Assert.Equal(
        steps.Split(' '),
        MicrosoftSide.Of(App with { Transport = transport, Way = isAppOnly ? Ways.AppOnly : Ways.Code }, Callback, [])
            .Select(step => step.Name).Where(name => name.StartsWith("permission", StringComparison.Ordinal) || name is "smtp-auth" or "service-principal"));

    [Theory]
    [InlineData("E1", "register")]
    [InlineData("E2", "redirect")]
    [InlineData("E3", "redirect")]
    [InlineData("E4", "credential")]
    [InlineData("E5", "permission")]
    [InlineData("E6", "consent")]
    [InlineData("E7", "consent")]
    [InlineData("E8", "ids")]
    [InlineData("E9", "sign-in")]
    [InlineData("E10", "sign-in")]
    [InlineData("X1", "mailbox")]
    [InlineData("X2", "smtp-auth")]
    [InlineData("X3", "smtp-auth")]
    [InlineData("F1", "forwarding")]
    [InlineData("F2", "keep-copy")]
    [InlineData("F3", "outbound-policy")]
    [InlineData("F4", "outbound-policy")]
    [InlineData("F5", "outbound-policy")]
    public void A_mistake_stands_at_the_one_step_where_it_is_mended(string setupStep, string name)
    {
        var wrong = new Finding("any", setupStep, Finding.Wrong, Finding.Probed, "words", "owner", "fix");
        var step = Assert.Single(Side([wrong]), step => step.Sight == Sight.Wrong);
        Assert.Equal((name, wrong), (step.Name, step.Finding));
    }

    [Fact]
    public void A_step_that_two_checks_prove_is_done_only_when_both_did()
    {
        Assert.Equal(Sight.Unseen, Step("ids", Right("client-id", "E8")).Sight);
        Assert.Equal(Sight.Done, Step("ids", Right("client-id", "E8"), Right("directory-id", "G1")).Sight);
    }

    [Fact]
    public void What_cannot_be_proved_from_here_is_never_done() => Assert.Equal(
        Sight.Unseen, Step("forwarding", Right("forwarding-seen", "F1") with { Evidence = Finding.NotProvableHere }).Sight);

    [Fact]
    public void A_permission_too_many_is_shown_where_the_guide_asks_for_it()
    {
        var excess = new Finding("application-roles", "E5", Finding.Excess, Finding.Probed, "Mail.Send", "Entra administrator", "Remove it");
        Assert.Equal((Sight.Excess, excess), (Step("mail-send", excess).Sight, Step("mail-send", excess).Finding));
        Assert.Equal(Sight.Unseen, Step("permission", excess).Sight);
    }

    /// <summary>The guide leaves the copy to the admin: its absence is amber, and nothing else is doubted for it.</summary>
    [Fact]
    public void No_copy_in_the_mailbox_is_advised_against_and_is_no_mistake()
    {
        var advised = new Finding("copy-kept", "F2", Finding.Excess, Finding.Probed, "No copy", "Exchange administrator", "Tick it");
        Assert.Equal((Sight.Excess, advised), (Step("keep-copy", advised).Sight, Step("keep-copy", advised).Finding));
        Assert.Equal(Sight.Done, Step("keep-copy", Right("copy-kept", "F2")).Sight);
        Assert.Equal(Sight.Done, Step("forwarding", advised, Right("forwarding-seen", "F1")).Sight);
    }

    [Fact]
    public void The_values_to_copy_are_this_apps()
    {
        var values = Side([]).SelectMany(step => step.Values).ToDictionary(value => value.Name, value => value.Value);
        Assert.Equal(
            (Callback, App.ForwardingAddress, App.ClientId, App.DirectoryId, App.EmailId),
            (values["callback"], values["forwarding-address"], values["client-id"], values["directory-id"], values["mailbox"]));
    }

    [Fact]
    public void An_app_with_a_password_has_no_registration() =>
        Assert.DoesNotContain(MicrosoftSide.Of(App with { Authentication = AppForm.PasswordSignIn }, Callback, []), step => step.SetupStep[0] == 'E');

    private static Finding Right(string check, string step) => new(check, step, Finding.Right, Finding.Probed, "seen", "", "");

    private static IReadOnlyList<SideStep> Side(IReadOnlyList<Finding> findings) => MicrosoftSide.Of(App, Callback, findings);

    private static SideStep Step(string name, params Finding[] findings) => Side(findings).Single(step => step.Name == name);
}
