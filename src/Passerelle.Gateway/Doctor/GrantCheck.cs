using System.Globalization;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Doctor;

/// <summary>Permission and consent: somebody has authorised, the provider still renews it, and it says SMTP.Send.</summary>
internal sealed class GrantCheck(TokenSource tokens)
{
    public async Task<Finding> RunAsync(Patient patient, CancellationToken cancel)
    {
        if (patient.Traces.GrantObtainedAt is not { } obtained)
        {
            return new(
                "", "G3", Finding.Wrong, Finding.Seen, "Nobody has authorised this app yet", Cause.Mailbox,
                patient.App.IsAppOnly ? "Press Connect on the page Authorisation" : "Press Authorise and sign in as the mailbox");
        }
        return await tokens.GetAsync(patient.App, cancel) switch
        {
            TokenAnswer.Broken broken => broken.Finding,
            TokenAnswer.Later later => new(
                "", "G4", Finding.Unknown, Finding.Probed, later.Reason, Cause.Passerelle, "Wait: the provider does not answer now"),
            _ when !CanSend(patient) => new(
                "", "E5", Finding.Wrong, Finding.Seen, $"The grant is for {patient.Traces.GrantScope}", Cause.Entra,
                "API permissions › Add a permission › SMTP.Send, then authorise again"),
            _ when patient.App.IsAppOnly => new(
                "", "E6", Finding.Right, Finding.Seen,
                string.Create(CultureInfo.InvariantCulture, $"The application itself may send; its token of {obtained:u} has the role SMTP.SendAsApp or is opaque to us"), "", ""),
            _ => new(
                "", "E6", Finding.Right, Finding.Seen,
                string.Create(CultureInfo.InvariantCulture, $"{patient.Traces.SignedInAs} authorised {patient.Traces.GrantScope} at {obtained:u}"), "", ""),
        };
    }

    private static bool CanSend(Patient patient) =>
        patient.App.IsAppOnly // its token is read before use
        || patient.App.Preset != Preset.Microsoft365
        || (patient.Traces.GrantScope ?? "").Contains("SMTP.Send", StringComparison.OrdinalIgnoreCase);
}
