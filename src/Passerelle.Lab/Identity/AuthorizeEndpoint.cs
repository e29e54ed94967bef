using System.Collections.Immutable;
using Microsoft.AspNetCore.Antiforgery;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Identity;

/// <summary>GET of authorize, device login and admin consent, and the posts of their own pages to the same address: the whole
/// request stays in the query, so each step judges it anew and nothing is remembered between two pages.</summary>
internal sealed class AuthorizeEndpoint(
    RequestLab request, AuthorizeReader reader, Sessions sessions, AuthorizeGrant grant, IAntiforgery antiforgery, TimeProvider time)
{
    public IResult Get(HttpContext context, string directory, Errand errand) => Read(context, directory, errand) switch
    {
        AuthorizeReading.Ready ready => Begin(context, ready.Asked),
        { } refused => Refuse(context, directory, refused),
    };

    public async Task<IResult> PostAsync(HttpContext context, string directory, Errand errand)
    {
        if (await OfApplicationAsync(context) is { } asGet) return asGet;
        if (!await antiforgery.IsRequestValidAsync(context)) return IdentityPages.StalePage();
        AuthorizeReading reading = Read(context, directory, errand);
        if (reading is not AuthorizeReading.Ready { Asked: var asked }) return Refuse(context, directory, reading);
        IFormCollection form = await context.Request.ReadFormAsync(context.RequestAborted);
        return form["step"].ToString() switch
        {
            "signin" => SignIn(context, asked, form["login"].ToString().Trim(), form["passwd"].ToString(), form["stay"] == "on"),
            "enroll" => SecondFactor(context, asked, enroll: true),
            "mfa" when form["answer"] == "approve" => SecondFactor(context, asked, enroll: false),
            "mfa" => Told(context, asked.Place.Lab, StsErrors.MfaRefused),
            "consent" => Answer(context, asked, form["answer"] == "accept", form["everybody"] == "on"),
            "leave" => Back(context, asked, StsErrors.AdminApproval),
            _ => IdentityPages.StalePage(),
        };
    }

    /// <summary>An application may post its request instead of putting it into the address (OpenID Connect Core §3.1.2.1).</summary>
    private static async Task<IResult?> OfApplicationAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType || context.Request.Query.ContainsKey("client_id")) return null;
        IFormCollection form = await context.Request.ReadFormAsync(context.RequestAborted);
        return form.ContainsKey("client_id") ? TypedResults.Redirect(context.Request.Path + QueryString.Create(form)) : null;
    }

    private AuthorizeReading Read(HttpContext context, string directory, Errand errand) =>
        reader.Read(directory, AuthorizeRequest.Of(context.Request, errand), context.Request.Query["user_code"]);

    /// <summary>Everything that ends without asking a person.</summary>
    private IResult Refuse(HttpContext context, string directory, AuthorizeReading reading) => reading switch
    {
        AuthorizeReading.OnPage page => Told(context, LabOf(context, directory), page.Error),
        AuthorizeReading.SentBack { Address.Uri: "/devicelogin" } back => Told(context, LabOf(context, directory), back.Error),
        AuthorizeReading.SentBack back => Returned(context, LabOf(context, directory), back.Address, back.Error),
        AuthorizeReading.AnyDirectory any => AnyDirectory(context, directory, any),
        _ => IdentityPages.StalePage(),
    };

    private IResult Begin(HttpContext context, Asked asked)
    {
        var prompt = asked.Request.Prompt;
        (LabUser User, SignInSession Session)? session = sessions.Read(context, asked.Place);
        if (session is { } other && asked.Request.LoginHint is { } hint && !other.User.Answers(hint)) session = null;
        if (asked.Request.MaxAge is { } age && session?.Session.SignedInAt + age < asked.Place.Lab.Time.GetUtcNow()) session = null;

        if (prompt is "none" or "attempt_none" && session is null)
            return Back(context, asked, sessions.WasRevoked(context, asked.Place) ? StsErrors.SessionRevoked : StsErrors.SilentButNotSignedIn);
        return session is not { } known || prompt is "login" or "select_account" or "refresh_session"
            ? IdentityPages.SignInPage(asked, asked.Request.LoginHint ?? "", null)
            : Continue(context, asked, known.User, known.Session);
    }

    private IResult SignIn(HttpContext context, Asked asked, string login, string password, bool stay)
    {
        StsError? error = asked.Place.Directory.UserByAddress(login) is not { } user
            ? SignIns.Stranger(asked.Place, asked.App, login)
            : SignIns.Try(asked.Place, user, password);
        if (error is { Code: not (50034 or 50126 or 50053 or 50055 or 50056 or 50057) })
            return Told(context, asked.Place.Lab, error);
        if (error is not null) Note(context, asked.Place.Lab, error);
        if (asked.Place.Directory.UserByAddress(login) is not { } known || error is not null)
            return IdentityPages.SignInPage(asked, login, error);

        DateTimeOffset now = asked.Place.Lab.Time.GetUtcNow();
        var session = new SignInSession(asked.Place.Directory.Id, known.Id, now, Stay: stay);
        sessions.Open(context, asked.Place, session);
        return Continue(context, asked, known, session);
    }

    /// <summary>The stand-in for the authenticator: registering is one yes, proving another.</summary>
    private IResult SecondFactor(HttpContext context, Asked asked, bool enroll)
    {
        if (sessions.Read(context, asked.Place) is not { } known) return IdentityPages.SignInPage(asked, asked.Request.LoginHint ?? "", null);
        LabUser user = known.User;
        if (enroll)
        {
            asked.Place.Lab.ChangeUser(asked.Place.Directory.Id, user.Id, u => u with { MfaRegistered = true });
            user = user with { MfaRegistered = true };
        }
        else if (!user.MfaRegistered)
        {
            return IdentityPages.StalePage();
        }

        SignInSession session = known.Session with { MfaAt = asked.Place.Lab.Time.GetUtcNow() };
        sessions.Open(context, asked.Place, session);
        return Continue(context, asked, user, session);
    }

    /// <summary>Somebody is signed in: is the app theirs to use, and did they agree?</summary>
    private IResult Continue(HttpContext context, Asked asked, LabUser user, SignInSession session)
    {
        var silent = asked.Request.Prompt is "none" or "attempt_none";
        var facts = new SignInFacts(session.SignedInAt, session.MfaAt, asked.Request.Errand is Errand.Device ? Door.Device : Door.Page);
        LabDirectory directory = asked.Place.Lab.State.Directory(asked.Place.Directory.Id) ?? asked.Place.Directory; // a step may have changed it
        if (AccessRules.Fault(directory, asked.Client, user, facts, asked.Place.Lab.Time.GetUtcNow()) is { } fault)
            return silent ? Back(context, asked, fault with { Error = "interaction_required" }) : Interrupt(context, asked, user, fault);

        if (asked.Request.IsAdminConsent)
        {
            return user.Administrator
                ? IdentityPages.ConsentPage(asked, user)
                : Told(context, asked.Place.Lab, StsErrors.MayNotConsent);
        }

        ImmutableArray<(Guid Resource, string Name)> questions = Consent.Questions(directory, asked, user.Id);
        if (questions.Length == 0) return grant.Give(asked, user, session, Trace(context, asked.Place.Lab));
        if (silent) return Back(context, asked, StsErrors.NotConsented(asked.App) with { Error = "consent_required" });
        return Consent.MayAgree(directory, user, asked.Client, questions)
            ? IdentityPages.ConsentPage(asked, user)
            : IdentityPages.ApprovalPage(asked, user, Note(context, asked.Place.Lab, IdentityPages.Approval(asked)));
    }

    /// <summary>What a person can do something about gets its page; the rest is told.</summary>
    private IResult Interrupt(HttpContext context, Asked asked, LabUser user, StsError fault)
    {
        if (fault.Code is not (50072 or 50079 or 50074 or 50076 or 50078 or 70044)) return Told(context, asked.Place.Lab, fault);
        Note(context, asked.Place.Lab, fault);
        return fault.Code switch
        {
            50072 or 50079 => IdentityPages.EnrollPage(asked, user, fault),
            70044 => IdentityPages.SignInPage(asked, user.Address, fault),
            _ => IdentityPages.MfaPage(asked, user, fault),
        };
    }

    private IResult Answer(HttpContext context, Asked asked, bool accepted, bool everybody)
    {
        if (sessions.Read(context, asked.Place) is not { } known) return IdentityPages.SignInPage(asked, asked.Request.LoginHint ?? "", null);
        LabUser user = known.User;
        if (asked.Request.IsAdminConsent && !user.Administrator)
            return Told(context, asked.Place.Lab, StsErrors.MayNotConsent);
        if (!accepted) return Back(context, asked, StsErrors.Declined);
        if (asked.Request.IsAdminConsent)
        {
            AuthorizeJournal.Given(asked, user, "admin consent", Trace(context, asked.Place.Lab));
            return AdminConsent.Agree(asked);
        }

        ImmutableArray<(Guid Resource, string Name)> questions = Consent.Questions(asked.Place.Directory, asked, user.Id);
        if (!Consent.MayAgree(asked.Place.Directory, user, asked.Client, questions))
            return IdentityPages.ApprovalPage(asked, user, Note(context, asked.Place.Lab, IdentityPages.Approval(asked))); // the setting changed while the page was open

        Guid newId = asked.Place.Lab.NewId();
        asked.Place.Lab.ChangeDirectory(asked.Place.Directory.Id, directory =>
        {
            (directory, _) = Clients.Ensure(directory, asked.App, newId);
            return Consent.Agree(directory, asked.App.ClientId, everybody && user.Administrator ? null : user.Id, questions);
        });
        return grant.Give(asked, user, known.Session, Trace(context, asked.Place.Lab));
    }

    /// <summary>On a shared endpoint the account's home decides where to go on.</summary>
    private IResult AnyDirectory(HttpContext context, string segment, AuthorizeReading.AnyDirectory any)
    {
        var login = context.Request.HasFormContentType ? context.Request.Form["login"].ToString().Trim() : any.Request.LoginHint;
        if (login is null || any.Lab.State.DirectoryOfUser(login) is not { } home) return IdentityPages.WhoPage(login ?? "");
        if (home.Id == Resources.PersonalDirectory && !any.App.Admits(personal: true))
        {
            return Told(context, any.Lab, segment.Equals("organizations", StringComparison.OrdinalIgnoreCase)
                ? StsErrors.PersonalAccount(login)
                : StsErrors.PersonalNotForApp(login, any.App));
        }

        var path = context.Request.Path.Value ?? "";
        var query = context.Request.Query.Where(q => q.Key != "login_hint").Append(new("login_hint", login));
        return Results.Redirect($"/{home.Id}{path[(segment.Length + 1)..]}" + QueryString.Create(query));
    }

    private IResult Back(HttpContext context, Asked asked, StsError error)
    {
        if (asked.Request.Errand is not Errand.Device && !asked.Request.IsAdminConsent) return Returned(context, asked.Place.Lab, asked.Return, error);
        StsTrace trace = Note(context, asked.Place.Lab, error);
        if (asked.Request.IsAdminConsent) return AdminConsent.Refuse(asked, error, trace);
        DeviceCodes.Settle(asked.Place.Lab, asked.Request.DeviceId ?? "", g => g with { State = DeviceState.Declined });
        return IdentityPages.DevicePage(error, done: false);
    }

    private IResult Told(HttpContext context, Twin? lab, StsError error) => IdentityPages.ErrorPage(error, Note(context, lab, error));

    private ReturnAnswer Returned(HttpContext context, Twin? lab, ReturnAddress address, StsError error) =>
        ReturnAnswer.Refusing(address, error, Note(context, lab, error));

    /// <summary>In the lab's log.</summary>
    private StsTrace Note(HttpContext context, Twin? lab, StsError error)
    {
        StsTrace trace = Trace(context, lab);
        AuthorizeJournal.Refused(lab, context.Request.Query["client_id"].ToString(), error, trace);
        return trace;
    }

    private StsTrace Trace(HttpContext context, Twin? lab) => StsTrace.Of(context.Request, lab?.Time ?? time);

    private Twin? LabOf(HttpContext context, string directory) =>
        request.Of(directory, context.Request.Query["client_id"], context.Request.Query["user_code"]);
}
