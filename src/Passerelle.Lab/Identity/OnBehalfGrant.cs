using Passerelle.Lab.State;

namespace Passerelle.Lab.Identity;

/// <summary>grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer. No application of the lab offers an API of its own, so no
/// person's token is ever for one: what is left is to name what is wrong.</summary>
internal static class OnBehalfGrant
{
    public static TokenAnswer Answer(KnownRequest request, TokenReader reader)
    {
        if (request.Fields.UserAssertion is not { } assertion) return StsErrors.Missing("assertion");
        if (ClientProof.Check(request, platform: RedirectPlatform.Web, StsErrors.NoCredentialFor("jwt-bearer")) is { } unproven) return unproven;
        return reader.Read(assertion, Resources.Graph) switch
        {
            TokenReading.Refused { Fault: TokenFault.Expired or TokenFault.NotYet } => StsErrors.AssertionOver,
            TokenReading.Refused { Fault: TokenFault.NotOurs } => StsErrors.AssertionForged,
            _ => StsErrors.NotOnBehalf(request.App),
        };
    }
}
