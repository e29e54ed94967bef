using System.Collections.Immutable;
using Microsoft.AspNetCore.Antiforgery;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Identity;

/// <summary>GET /{directory}/oauth2/v2.0/authorize, and the posts of its own pages to the same address: the whole request
/// stays in the query, so each step judges it anew and nothing is remembered between two pages.</summary>
internal sealed class AuthorizeEndpoint(
    Labs labs, AuthorizeReader reader, Sessions sessions, AuthorizeGrant grant, IAntiforgery antiforgery, TimeProvider time)
{
    public IResult Get(HttpContext context, string directory)
    {
        if (Refused(context, directory) is { } refusal) return refusal;
        var ready = (AuthorizeReading.Ready)reader.Read(directory, AuthorizeRequest.Of(context.Request.Query));
        return Begin(context, ready.Asked);
    }

    public async Task<IResult> PostAsync(HttpContext context, string directory)
    {
        if (!await antiforgery.IsRequestValidAsync(context)) return IdentityPages.StalePage();
        if (Refused(context, directory) is { } refusal) return refusal;
        var ready = (AuthorizeReading.Ready)reader.Read(directory, AuthorizeRequest.Of(context.Request.Query));
        IFormCollection form = await context.Request.ReadFormAsync(context.RequestAborted);
        return form["step"].ToString() switch
        {
            "signin" => SignIn(context, ready.Asked, form["login"].ToString().Trim(), form["passwd"].ToString()),
            "consent" => Answer(context, ready.Asked, form["answer"] == "accept", form["everybody"] == "on"),
            "leave" => Back(context, ready.Asked, StsErrors.AdminApproval),
            _ => IdentityPages.StalePage(),
        };
    }

    /// <summary>Everything that ends without asking a person; null when the request is ready for one.</summary>
    private IResult? Refused(HttpContext context, string directory) =>
        reader.Read(directory, AuthorizeRequest.Of(context.Request.Query)) switch
        {
            AuthorizeReading.OnPage page => IdentityPages.ErrorPage(page.Error, Trace(context, labs.Directory(directory))),
            AuthorizeReading.SentBack back => ReturnAnswer.Refusing(back.Address, back.Error, Trace(context, labs.Directory(directory))),
            AuthorizeReading.AnyDirectory => AnyDirectory(context),
            _ => null,
        };

    private IResult Begin(HttpContext context, Asked asked)
    {
        var prompt = asked.Request.Prompt;
        (LabUser User, DateTimeOffset SignedInAt)? session = sessions.Read(context, asked.Place);
        if (session is { } other && asked.Request.LoginHint is { } hint && !other.User.Answers(hint)) session = null;

        if (prompt == "none" && session is null) return Back(context, asked, StsErrors.SilentButNotSignedIn);
        return session is not { } known || prompt is "login" or "select_account"
            ? IdentityPages.SignInPage(asked, asked.Request.LoginHint ?? "", null)
            : Continue(context, asked, known.User, known.SignedInAt, askAgain: prompt == "consent");
    }

    private IResult SignIn(HttpContext context, Asked asked, string login, string password)
    {
        LabUser? user = asked.Place.Directory.UserByAddress(login);
        StsError? error = user switch
        {
            null => StsErrors.UserNotFound(login, asked.Place.Directory),
            _ when user.Password != password => StsErrors.WrongPassword,
            { Enabled: false } => StsErrors.UserDisabled,
            _ => null,
        };
        if (user is null || error is not null) return IdentityPages.SignInPage(asked, login, error);

        DateTimeOffset now = asked.Place.Lab.Time.GetUtcNow();
        sessions.Open(context, asked.Place, new SignInSession(asked.Place.Directory.Id, user.Id, now));
        return Continue(context, asked, user, now, askAgain: asked.Request.Prompt == "consent");
    }

    /// <summary>Somebody is signed in: is the app theirs to use, and did they agree?</summary>
    private IResult Continue(HttpContext context, Asked asked, LabUser user, DateTimeOffset signedInAt, bool askAgain)
    {
        if (UserTokens.UserFault(asked.Client, user, signedInAt) is { } fault)
            return IdentityPages.ErrorPage(fault, Trace(context, asked.Place));

        ImmutableArray<(Guid Resource, string Name)> missing = Consent.Missing(asked.Place.Directory, asked.App, user.Id, asked.Scopes);
        if (missing.Length == 0 && !askAgain) return grant.Give(asked, user, signedInAt);
        if (asked.Request.Prompt == "none") return Back(context, asked, StsErrors.NotConsented(asked.App) with { Error = "consent_required" });
        return Consent.MayAgree(asked.Place.Directory, user, asked.Client.Principal, missing)
            ? IdentityPages.ConsentPage(asked, user)
            : IdentityPages.ApprovalPage(asked, user, Trace(context, asked.Place));
    }

    private IResult Answer(HttpContext context, Asked asked, bool accepted, bool everybody)
    {
        if (sessions.Read(context, asked.Place) is not { } session) return IdentityPages.SignInPage(asked, asked.Request.LoginHint ?? "", null);
        if (!accepted) return Back(context, asked, StsErrors.Declined);

        LabUser user = session.User;
        ImmutableArray<(Guid Resource, string Name)> missing = Consent.Missing(asked.Place.Directory, asked.App, user.Id, asked.Scopes);
        if (!Consent.MayAgree(asked.Place.Directory, user, asked.Client.Principal, missing))
            return IdentityPages.ApprovalPage(asked, user, Trace(context, asked.Place)); // the setting changed while the page was open

        Guid newId = asked.Place.Lab.NewId();
        asked.Place.Lab.ChangeDirectory(asked.Place.Directory.Id, directory =>
        {
            (directory, _) = Clients.Ensure(directory, asked.App, newId);
            return Consent.Agree(directory, asked.App.ClientId, everybody && user.Administrator ? null : user.Id, missing);
        });
        return grant.Give(asked, user, session.SignedInAt);
    }

    /// <summary>On a shared endpoint the account's domain decides where to go on.</summary>
    private IResult AnyDirectory(HttpContext context)
    {
        var login = context.Request.HasFormContentType ? context.Request.Form["login"].ToString().Trim() : AuthorizeRequest.Of(context.Request.Query).LoginHint;
        if (login is null || labs.User(login) is not { } place) return IdentityPages.WhoPage(login ?? "");
        var query = context.Request.Query.Where(q => q.Key != "login_hint").Append(new("login_hint", login));
        return Results.Redirect($"/{place.Directory.Id}/oauth2/v2.0/authorize" + QueryString.Create(query));
    }

    private IResult Back(HttpContext context, Asked asked, StsError error) =>
        ReturnAnswer.Refusing(asked.Return, error, Trace(context, asked.Place));

    private StsTrace Trace(HttpContext context, DirectoryPlace? place) => StsTrace.Of(context.Request, place?.Lab.Time ?? time);
}
