using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Doctor;
using Passerelle.Gateway.Tests.Apps;

namespace Passerelle.Gateway.Tests.Doctor;

/// <summary>Reports about a mail to support@contoso.example, by whom they are about and what they say.</summary>
public sealed class ForwardingCausesTests
{
    private static readonly EmailApp App = SomeApp.Connected;

    private static string Ours => App.ForwardingAddress;

    [Theory]
    [InlineData("support@contoso.example", "5.7.520", "F3")]
    [InlineData("{ours}", "5.4.316", "F6")]
    [InlineData("{ours}", "5.7.323", "F6")]
    [InlineData("deadbeef@in.contoso.example", "5.1.1", "F1")] // ours, and no app's
    [InlineData("somebody@elsewhere.example", "5.1.1", "F1")]
    [InlineData("support@in.contoso.exmaple", "5.4.310", "F1")]
    [InlineData("support@contoso.example", "5.2.2", "X1")]
    [InlineData("support@contoso.example", "5.2.1", "X1")]
    [InlineData("support@contoso.example", "5.1.10", "X1")]
    [InlineData("support@contoso.onmicrosoft.com", "5.1.10", "X1")] // the mailbox by its first name
    [InlineData("sales@contoso.example", "5.4.14", "F5")]
    [InlineData("support@contoso.example", "5.7.950", "F5")]
    public void A_report_leads_to_its_step(string recipient, string status, string step) => Assert.Equal(
        step, ForwardingCauses.Of(recipient.Replace("{ours}", Ours, StringComparison.Ordinal), status, $"550 {status} whatever", App).SetupStep);
}
