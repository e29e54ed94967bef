using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Passerelle.Gateway.Access;

/// <summary>Marks a connection that came over the operator's socket; only the listener of that socket sets it.</summary>
internal sealed class OperatorConnection
{
    public static OperatorConnection Mark { get; } = new();
}

/// <summary>
/// Whoever may open the 0600 socket runs this machine: an admin of the only organisation, or of the one that the header
/// <c>Passerelle-Organisation</c> names.
/// </summary>
internal sealed class OperatorAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, People people)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "operator";
    public const string OrganisationHeader = "Passerelle-Organisation";

    public static bool IsOperator(HttpContext http) => http.Features.Get<OperatorConnection>() is not null;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!IsOperator(Context)) return AuthenticateResult.NoResult();
        var organisations = await people.OrganisationsAsync(Context.RequestAborted);
        var named = Request.Headers[OrganisationHeader].ToString();
        if (organisations.Count == 0) return AuthenticateResult.Fail("The first run has not been done: open the portal's /first-run page");
        if (named.Length == 0 && organisations.Count > 1) return AuthenticateResult.Fail($"Name one organisation in {OrganisationHeader}");
        var chosen = named.Length == 0 ? organisations[0] : Guid.TryParse(named, out var id) ? id : Guid.Empty;
        if (!organisations.Contains(chosen)) return AuthenticateResult.Fail("There is no such organisation");
        var caller = new Caller(chosen, null, Caller.Admin, "operator", "", []) { From = Caller.OperatorSocket };
        return AuthenticateResult.Success(new AuthenticationTicket(caller.ToPrincipal(SchemeName), SchemeName));
    }

    /// <summary>The operator may know why: the command line shows it.</summary>
    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var refused = await HandleAuthenticateOnceSafeAsync();
        await TypedResults.Problem(refused.Failure?.Message, statusCode: StatusCodes.Status401Unauthorized).ExecuteAsync(Context);
    }
}
