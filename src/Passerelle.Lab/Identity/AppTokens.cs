using System.Collections.Immutable;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Identity;

/// <summary>grant_type=client_credentials.</summary>
internal sealed class AppTokens(TokenMint mint)
{
    private const int Seconds = 3599;
    private const string Suffix = "/.default";

    public TokenAnswer Answer(KnownRequest request)
    {
        if (request.Fields.Scope is not { } scope) return StsErrors.Missing(request.Fields.Old ? "resource" : "scope");
        if (ClientProof.Check(request, platform: RedirectPlatform.Web, StsErrors.NoCredentialForApp) is { } unproven) return unproven;
        if (!scope.EndsWith(Suffix, StringComparison.Ordinal) || scope.Contains(' ', StringComparison.Ordinal))
            return StsErrors.AppScopeInvalid(scope);

        (var audience, _) = Scopes.Split(scope);
        LabDirectory directory = request.Place.Directory;
        if (Resources.OfAudience(audience) is not { } resource) return StsErrors.ResourceNotFound(audience, directory);
        if (ResourceRules.Fault(directory, request.App, resource, audience, appOnly: true) is { } unavailable) return unavailable;
        if (request.Client.Principal is not { } principal) return StsErrors.NoEnterpriseApp(request.App, directory);

        ImmutableArray<string> roles = [.. principal.Roles.Where(r => r.Resource == resource).Select(r => r.Role)];
        if (roles.IsEmpty && directory.RequiresAssignment(resource)) return StsErrors.NoRoleForApp(request.App, resource);
        return new TokenAnswer.Issued(new TokenReply
        {
            ExpiresIn = Seconds,
            AccessToken = mint.ForApp(request.Place, request.App, principal, audience, roles, request.Fields.Proof, Seconds),
            Resource = audience,
        });
    }
}
