using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Doctor;
using Passerelle.Gateway.Tests.Apps;

namespace Passerelle.Gateway.Tests.Doctor;

public sealed class ScopesTests
{
    [Theory]
    [InlineData("openid profile offline_access https://outlook.office.com/SMTP.Send", null)]
    [InlineData("offline_access https://outlook.office365.com/SMTP.Send https://outlook.office365.com/IMAP.AccessAsUser.All", null)]
    [InlineData("offline_access https://outlook.office.com/.default", null)]
    [InlineData("https://outlook.office.com/.default", "G1")] // no refresh token
    [InlineData("offline_access https://outlook.office.com/.default https://outlook.office.com/SMTP.Send", "G1")]
    [InlineData("offline_access https://graph.microsoft.com/Mail.Send https://outlook.office.com/SMTP.Send", "G1")]
    [InlineData("offline_access User.Read https://outlook.office.com/SMTP.Send", "G1")]
    [InlineData("offline_access SMTP.Send", "G1")] // a bare name is Graph's
    [InlineData("offline_access https://outlook.office.com/SMTP.Sent", "E5")]
    [InlineData("offline_access https://outlook.office.com/SMTP.SendAsApp", "E5")]
    [InlineData("openid offline_access", "G1")]
    public void A_scope_is_judged_before_anybody_signs_in(string scope, string? step) =>
        Assert.Equal(step, Scopes.Fault(SomeApp.Connected with { Preset = Preset.Generic, Scope = scope })?.SetupStep);
}
