using System.Globalization;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Tokens;
using static Passerelle.Gateway.Apps.Finding;

namespace Passerelle.Gateway.Doctor;

/// <summary>
/// Permission and consent: the scope is the right one, somebody has authorised, the provider still renews it, and the last
/// sign-in did not fail.
/// </summary>
internal sealed class GrantCheck(PatientTokens tokens, DirectoryChecks directory, Canaries mailbox)
{
    public async Task<Finding> RunAsync(Patient patient, CancellationToken cancel)
    {
        if (patient.Entra is not null && Scopes.Fault(patient.App) is { } scope) return scope;
        if (!patient.HasWorked && !patient.App.IsAppOnly) return await NeverAuthorisedAsync(patient, cancel);
        var answer = patient.Thorough ? await tokens.RenewAsync(patient, cancel) : await tokens.GetAsync(patient, cancel);
        return answer switch
        {
            TokenAnswer.Broken own when patient.App.IsAppOnly => own.Finding,
            TokenAnswer.Broken { Finding: { SetupStep: "G3" or "E6" or "E7" } } when LastRefusal(patient) is { } refused => refused,
            TokenAnswer.Broken { Finding: { SetupStep: "E5" or "E6" or "E7" } broken } =>
                await OtherPermissionAsync(patient, broken, cancel) ?? await NotBackAsync(patient, broken, cancel) ?? broken,
            TokenAnswer.Broken broken => broken.Finding,
            TokenAnswer.Later later => Open(
                "G4", Probed, Phrase.Of("The provider does not answer now: {0}", later.Reason), Cause.Passerelle, Phrase.Of("Wait: the provider does not answer now")),
            _ when patient.App.IsAppOnly => Works(patient), // what an earlier try met has been asked anew
            _ => Unrenewable(patient) ?? LastRefusal(patient) ?? Works(patient),
        };
    }

    private static Finding Works(Patient patient) => CanSend(patient)
        ? Fine("E6", patient.App.IsAppOnly ? Probed : Seen, patient.App.IsAppOnly ? OfApplication(patient) : Phrase.Of(
            "{0} authorised {1} at {2}", patient.Traces.SignedInAs ?? "", patient.Traces.GrantScope ?? "", Instant(patient.Traces.GrantObtainedAt)))
        : Faulty(
            "E5", Seen, Phrase.Of("The grant is for {0}", patient.Traces.GrantScope ?? ""), Cause.Entra,
            patient.App.Transport == Transports.Graph
                ? Phrase.Of("API permissions › Add a permission › Microsoft Graph › Delegated permissions › {0}, then authorise for it", Transports.GraphPermission(patient.App.SignsInAs))
                : Phrase.Of("API permissions › Add a permission › SMTP.Send, then authorise again"));

    private static Phrase OfApplication(Patient patient) => patient.App.Transport == Transports.Graph
        ? Phrase.Of("The application itself may send by Microsoft Graph; what its token says is the next check")
        : Phrase.Of("The application itself may send; its token has the role SMTP.SendAsApp or is opaque to us");

    private async Task<Finding> NeverAuthorisedAsync(Patient patient, CancellationToken cancel)
    {
        if (LastRefusal(patient) is { } refused) return refused;
        if (patient.Entra is not null && await OtherPermissionAsync(patient, null, cancel) is { } other) return other;
        return await NotBackAsync(patient, null, cancel) ?? Faulty(
            "G3", Seen, Phrase.Of("Nobody has authorised this app yet"), Cause.Mailbox,
            patient.App.Way == Ways.DeviceCode ? Phrase.Of("Ask for a code on the page Authorisation and enter it on another device, signed in as the mailbox") : Phrase.Of("Press Authorise and sign in as the mailbox"));
    }

    /// <summary>
    /// Microsoft kept the browser. Registration, secret and redirect URI are right by now, so what its page says is the account
    /// or, most often, that people may not consent (facts §2.5, 90094).
    /// </summary>
    /// <param name="broken">What the grant says, when there is one.</param>
    /// <returns>Null: everybody who went there came back.</returns>
    private async Task<Finding?> NotBackAsync(Patient patient, Finding? broken, CancellationToken cancel)
    {
        if (patient.Traces.AwayAt is not { } away || patient.Entra is null) return null;
        return await mailbox.UnknownMailboxAsync(patient.App, cancel) is { } words
            ? Faulty(
                "X1", Probed, Phrase.Of("Exchange knows no mailbox {0}", patient.App.EmailId), Cause.Exchange,
                Phrase.Of("Compare the Email ID with the mailbox's address; give the mailbox an Exchange Online licence"), words)
            : Faulty(
                "E7", Seen,
                Phrase.Of("Somebody went to Microsoft to sign in at {0} and has not come back: its page says why, most often “Need admin approval”", Instant(away)),
                Cause.Entra, Phrase.Of("Grant admin consent under API permissions, or let people consent under Consent and permissions. For any other text on that page: copy it into Troubleshoot"),
                broken?.Raw ?? "");
    }

    /// <summary>The guide grants Exchange's Mail.Send to the application; SMTP asks for something else.</summary>
    private async Task<Finding?> OtherPermissionAsync(Patient patient, Finding? broken, CancellationToken cancel)
    {
        if (patient.App.Transport == Transports.Graph) return null;
        var roles = await directory.ExchangeRolesAsync(patient, cancel);
        return roles.Contains("Mail.Send") && !roles.Contains("SMTP.SendAsApp")
            ? Faulty(
                "E6", Probed,
                Phrase.Of("The registration has the guide's application permission Mail.Send, which SMTP does not use, and nobody has consented to SMTP.Send"),
                Cause.Entra, Phrase.Of("API permissions › Add a permission › SMTP.Send (delegated), then Grant admin consent; Mail.Send may be removed"),
                broken?.Raw ?? "")
            : null;
    }

    /// <summary>A token in hand may live on for an hour; without a refresh token it is the last.</summary>
    private static Finding? Unrenewable(Patient patient) => !patient.App.IsAppOnly && patient.Traces.Renewable == 0
        ? Faulty(
            "G3", Seen, Phrase.Of("No refresh token is stored: the authorisation ends with the token in use"), Cause.Passerelle,
            Phrase.Of("Press Authorise again, so that a new one is stored"))
        : null;

    /// <summary>Newer than the grant: somebody tried to authorise, and this came of it.</summary>
    private static Finding? LastRefusal(Patient patient) =>
        patient.Refused is { Why: { } why } refused && refused.At > (patient.Traces.GrantObtainedAt ?? DateTimeOffset.MinValue) ? why : null;

    private static bool CanSend(Patient patient) =>
        patient.App.IsAppOnly // its token is read before use
        || patient.Entra is null || (patient.Traces.GrantScope ?? "").Contains(patient.App.Transport == Transports.Graph ? Transports.MailSend : "SMTP.Send", StringComparison.OrdinalIgnoreCase);

    private static string Instant(DateTimeOffset? at) => at?.ToString("u", CultureInfo.InvariantCulture) ?? "";
}
