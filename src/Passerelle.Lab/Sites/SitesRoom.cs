using System.Collections.Immutable;
using System.Globalization;
using Passerelle.Lab.Control;
using Passerelle.Lab.Hosting;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Sites;

/// <summary>The lab's own pages, for a person who plays the administrator.</summary>
internal static class SitesRoom
{
    private static readonly byte[] Style = Read("lab.css");
    private static readonly byte[] Script = Read("lab.js");

    public static IHostApplicationBuilder AddSites(this IHostApplicationBuilder builder)
    {
        builder.Services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "lab-forgery";
            options.FormFieldName = "forgery";
        });
        return builder;
    }

    public static void MapSites(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder pages = routes.MapGroup("").AlsoOnPlainHttp();
        pages.MapGet(Layout.StylePath, () => Results.Bytes(Style, "text/css; charset=utf-8"));
        pages.Show("/", (call, t) => StartPage.Show(call.Commands<Labs>(), t));
        pages.MapGet(Layout.ScriptPath, () => Results.Bytes(Script, "text/javascript; charset=utf-8"));
        pages.MapApps();
        pages.MapEnterprise();
        pages.MapUsers();
        pages.MapAdmin();
        pages.MapFaultsAndLog();
    }

    private static void MapApps(this RouteGroupBuilder pages)
    {
        const string apps = "/identity/{directory}/apps";
        const string app = apps + "/{app:guid}";
        pages.Show(apps, (call, t) => call.Directory() is { } place ? AppPages.List(place, call, t) : null);
        pages.Show(apps + "/new", (call, t) => call.Directory() is { } place ? AppPages.New(place, t) : null);
        pages.Take(apps + "/new",
            (call, form) => call.Directory() is { } place ? call.Commands<AppCommands>().Register(place, Registration(form)) : null,
            (call, change) => SiteForms.Back(AppPages.Address(call.Directory()!, (AppRegistration)((Change.Made)change).Body))); // it was just made there
        pages.Show(app, (call, t) => call.App() is { } place ? AppPages.Overview(place, call, t) : null);
        pages.Take(app + "/delete", (call, _) => call.App() is { } place ? call.Commands<IdentityCommands>().Delete(place) : null,
            (call, _) => SiteForms.Back($"/identity/{call.Route("directory")}/apps"));
        pages.Show(app + "/authentication", (call, t) => call.App() is { } place ? AppPages.Authentication(place, call, t) : null);
        pages.Take(app + "/authentication",
            (call, form) => call.App() is { } place ? SetAuthentication(call, place, form) : null,
            (call, _) => SiteForms.Back(call.Request.Path));
        pages.Show(app + "/secrets", (call, t) => call.App() is { } place ? CredentialPages.Show(place, call, null, t) : null);
        pages.Take(app + "/secrets",
            (call, form) => call.App() is { } place ? call.Commands<AppCommands>().AddSecret(place, Secret(place, form)) : null,
            (call, change) => CredentialPages.Show(call.App()!, call, (NewSecret)((Change.Made)change).Body, Speech.Of(call))); // as above
        pages.Take(app + "/secrets/certificates",
            (call, form) => call.App() is { } place ? call.Commands<IdentityCommands>().AddCertificate(place, new CertificateOrder(form["name"].ToString(), CertificateFile.Read(form))) : null,
            (call, _) => Results.Redirect(SecretsOf(call) + "?tab=certificates&done=1"), SecretsOf);
        pages.Take(app + "/secrets/federated",
            (call, form) => call.App() is { } place
                ? call.Commands<IdentityCommands>().AddFederation(place, new FederationOrder(form["name"].ToString(), form["issuer"].ToString(), form["subject"].ToString()))
                : null,
            (call, _) => Results.Redirect(SecretsOf(call) + "?tab=federated&done=1"), SecretsOf);
        pages.Take(app + "/secrets/remove", (call, form) => call.App() is { } place ? Remove(call, place, form) : null,
            (call, _) => SiteForms.Back(SecretsOf(call)), SecretsOf);
        pages.Show(app + "/permissions/add", (call, t) => call.App() is { } place ? PermissionPicker.Show(place, call, t) : null);
        pages.Show(app + "/permissions", (call, t) => call.App() is { } place ? PermissionPages.Listed(place, call, t) : null);
        pages.Take(app + "/permissions",
            (call, form) => call.App() is { } place ? call.Commands<AppCommands>().SetPermissions(place, Listed(place, form)) : null,
            (call, _) => SiteForms.Back(call.Request.Path));
        pages.Take(app + "/permissions/grant",
            (call, form) => call.App() is { } place && Permission(form["grant"]) is { } one ? call.Commands<AppCommands>().GrantAdminConsent(place, one) : null,
            Granted);
        pages.Show(app + "/permissions/consent", (call, t) => call.App() is { } place ? PermissionPages.Confirm(place, t) : null);
        pages.Take(app + "/permissions/consent",
            (call, _) => call.App() is { } place ? call.Commands<AppCommands>().GrantAdminConsent(place) : null,
            Granted);

        static IResult Granted(HttpContext call, Change done) =>
            Results.Redirect(AppPages.Address(call.App()!) + PermissionPages.Below + "?granted=1"); // it was just found
    }

    private static void MapEnterprise(this RouteGroupBuilder pages)
    {
        const string directory = "/identity/{directory}";
        const string app = directory + "/enterprise/{app:guid}";
        pages.Show(directory + "/enterprise", (call, t) => call.Directory() is { } place ? EnterprisePages.List(place, t) : null);
        pages.Show(app, (call, t) => call.Enterprise() is { } place ? EnterprisePages.Properties(place.App, place.Principal, call, t) : null);
        pages.Take(app, (call, form) => call.Enterprise() is { } place
            ? call.Commands<AppCommands>().SetEnterprise(place.App, new EnterpriseOrder(form["enabled"] == "on", form["assignment"] == "on",
                [.. form["user"].Select(u => Guid.TryParse(u, out Guid id) ? id : Guid.Empty).Where(id => id != Guid.Empty)]))
            : null, (call, _) => SiteForms.Back(call.Request.Path));
        pages.Show(app + "/permissions", (call, t) => call.Enterprise() is { } place ? EnterprisePages.Granted(place.App, place.Principal, call, t) : null);
        pages.Take(app + "/permissions", (call, _) => call.Enterprise() is { } place ? call.Commands<AppCommands>().RevokeGrants(place.App) : null,
            (call, _) => SiteForms.Back(call.Request.Path));
        pages.Show(directory + "/consent", (call, t) => call.Directory() is { } place ? AdminPages.ConsentSetting(place, call, t) : null);
        pages.Take(directory + "/consent",
            (call, form) => call.Directory() is { } place && Enum.TryParse(form["setting"], out UserConsent setting)
                ? place.Set(d => d with { UserConsent = setting })
                : null,
            (call, _) => SiteForms.Back(call.Request.Path));
        pages.Show(directory + "/classifications", (call, t) => call.Directory() is { } place ? EnterprisePages.Classifications(place, call, t) : null);
        pages.Take(directory + "/classifications", (call, form) => call.Directory() is { } place
            ? call.Commands<IdentityCommands>().Edit(place, new DirectoryChangeOrder(LowImpactScopes: [.. form["low"].OfType<string>()]))
            : null, (call, _) => SiteForms.Back(call.Request.Path));
        pages.Show(directory + "/security-defaults", (call, t) => call.Directory() is { } place ? EnterprisePages.SecurityDefaults(place, call, t) : null);
        pages.Take(directory + "/security-defaults", (call, form) => call.Directory() is { } place
            ? call.Commands<IdentityCommands>().Edit(place, new DirectoryChangeOrder(SecurityDefaults: form["defaults"] == "on"))
            : null, (call, _) => SiteForms.Back(call.Request.Path));
    }

    private static void MapUsers(this RouteGroupBuilder pages)
    {
        const string user = "/admin/{directory}/users/{user:guid}";
        pages.Show("/admin/{directory}/users", (call, t) => call.Directory() is { } place ? UserPages.List(place, t) : null);
        pages.Show(user, (call, t) => call.User() is { } place ? UserPages.Mail(place, call, t) : null);
        pages.Show(user + "/account", (call, t) => call.User() is { } place ? UserPages.Account(place, call, t) : null);
        pages.Show(user + MailboxRightPages.Below, (call, t) => call.User() is { } place ? MailboxRightPages.Show(place, call, t) : null);
        pages.Take(user + MailboxRightPages.Below, (call, form) => call.User() is { } place ? MailboxRightPages.Save(place, form) : null,
            (call, _) => SiteForms.Back(call.Request.Path));
        pages.Take(user + "/password",
            (call, form) => call.User() is { } place ? call.Commands<UserCommands>().ResetPassword(place, new PasswordOrder(form["password"].ToString())) : null,
            (call, _) => SiteForms.Back(UserPage(call) + "/account"), UserPage);
        pages.Take(user + "/sessions", (call, _) => call.User() is { } place ? call.Commands<UserCommands>().RevokeSessions(place) : null,
            (call, _) => SiteForms.Back(UserPage(call) + "/account"), UserPage);
        pages.Take(user + "/block",
            (call, form) => call.User() is { } place ? call.Commands<UserCommands>().Edit(place, new UserChangeOrder(Enabled: form["blocked"] != "on")) : null,
            (call, _) => SiteForms.Back(UserPage(call) + "/account"), UserPage);
        pages.Take(user + "/apps",
            (call, form) => call.User() is { } place
                ? call.Commands<UserCommands>().SetEmailApps(place, form["smtp"] == "on", Blocked(form))
                : null,
            (call, _) => SiteForms.Back(UserPage(call)), UserPage);
        pages.Take(user + "/forwarding",
            (call, form) => call.User() is { } place ? call.Commands<UserCommands>().SetForwarding(place, SiteForms.Forwarding(form)) : null,
            (call, _) => SiteForms.Back(UserPage(call)), UserPage);
    }

    private static void MapAdmin(this RouteGroupBuilder pages)
    {
        const string admin = "/admin/{directory}";
        const string outbound = "/security/{directory}/outbound";
        pages.Show(admin + "/mail-flow", (call, t) => call.Directory() is { } place ? AdminPages.MailFlowSettings(place, call, t) : null);
        pages.Take(admin + "/mail-flow",
            (call, form) => call.Directory() is { } place ? place.Set(d => d.WithSmtpAuth(form["smtp-off"] != "on", place.Lab.Time.GetUtcNow())) : null,
            (call, _) => SiteForms.Back(call.Request.Path));
        pages.Show(admin + "/remote-domains", (call, t) => call.Directory() is { } place ? AdminPages.RemoteDomains(place, call, t) : null);
        pages.Take(admin + "/remote-domains",
            (call, form) => SetFlow(call, flow => flow.With(new RemoteDomain(form["name"].ToString().Trim(), form["domain"].ToString().Trim(), form["forward"] == "on"))),
            (call, _) => SiteForms.Back(call.Request.Path));
        pages.Show(admin + "/rules", (call, t) => call.Directory() is { } place ? AdminPages.Rules(place, call, t) : null);
        pages.Take(admin + "/rules",
            (call, form) => SetFlow(call, flow => flow.With(new TransportRule
            {
                Id = call.Directory()?.Lab.NewId() ?? Guid.Empty,
                Name = form["name"].ToString(),
                OnAutoForward = form["auto-forward"] == "on",
                RejectReason = form["reason"].ToString(),
            })),
            (call, _) => SiteForms.Back(call.Request.Path));
        pages.Take(admin + "/rules/remove",
            (call, form) => SetFlow(call, flow => flow with { TransportRules = flow.TransportRules.RemoveAll(r => r.Id.ToString() == form["rule"]) }),
            (call, _) => SiteForms.Back($"/admin/{call.Route("directory")}/rules"));
        pages.Show(outbound, (call, t) => call.Directory() is { } place ? AdminPages.Outbound(place, call, t) : null);
        pages.Take(outbound,
            (call, form) => Enum.TryParse(form["mode"], out AutoForwarding mode) ? SetFlow(call, flow => flow.With(new OutboundPolicy(MailFlow.Default, mode))) : null,
            (call, _) => SiteForms.Back(call.Request.Path));
        pages.Take(outbound + "/custom",
            (call, form) => Enum.TryParse(form["mode"], out AutoForwarding mode) ? SetFlow(call, flow => Custom(flow, form["policy"].ToString().Trim(), form["from"].ToString().Trim(), mode)) : null,
            (call, _) => SiteForms.Back($"/security/{call.Route("directory")}/outbound"));
    }

    private static void MapFaultsAndLog(this RouteGroupBuilder pages)
    {
        pages.Show("/faults", (call, t) => FaultPages.Labs(call.Commands<Labs>(), t, FaultWords.Faults, "/faults"));
        pages.Show("/faults/{lab}", (call, t) => call.Lab() is { } lab ? FaultPages.Show(lab, call, t) : null);
        pages.Show("/faults/{lab}/arm", (call, t) => call.Lab() is { } lab ? FaultPages.Arm(lab, call, t) : null);
        pages.Take("/faults/{lab}/arm", (call, form) => Arm(call, form), (call, _) => SiteForms.Back(FaultsOf(call)), FaultsOf);
        pages.Take("/faults/{lab}/disarm",
            (call, form) => Guid.TryParse(form["fault"], out Guid id) ? call.Commands<FaultCommands>().Disarm(call.Route("lab"), id) : null,
            (call, _) => SiteForms.Back(FaultsOf(call)), FaultsOf);
        pages.Take("/faults/{lab}/clear", (call, _) => call.Commands<FaultCommands>().Clear(call.Route("lab")), (call, _) => SiteForms.Back(FaultsOf(call)), FaultsOf);
        pages.Show("/log", (call, t) => FaultPages.Labs(call.Commands<Labs>(), t, LogWords.Log, "/log"));
        pages.Show("/log/{lab}", (call, t) => call.Lab() is { } lab ? LogPages.Show(lab, call, t) : null);
        pages.Show("/log/{lab}/download", (call, _) => call.Lab() is { } lab ? LogPages.Download(lab, call) : null);
        pages.Show("/log/{lab}/live", (call, t) => call.Lab() is { } lab ? LogPages.Live(lab, call, t) : null);
    }

    private static Twin? Lab(this HttpContext call) => call.Commands<Labs>().Named(call.Route("lab"));

    private static string FaultsOf(HttpContext call) => $"/faults/{call.Route("lab")}";

    private static Change? Arm(HttpContext call, IFormCollection form)
    {
        if (!Enum.TryParse(form["where"], out FaultPlace place)) return null;
        var times = 1;
        if (form["often"] == "times" && !int.TryParse(form["times"], NumberStyles.None, CultureInfo.InvariantCulture, out times)) return new Change.Refused(FaultWords.BadNumber);
        if (!int.TryParse(form["probability"], NumberStyles.None, CultureInfo.InvariantCulture, out var percent) || percent is < 1 or > 100)
            return new Change.Refused(FaultWords.BadNumber);
        return call.Commands<FaultCommands>().Arm(call.Route("lab"), new FaultOrder(
            place, form["code"].ToString(), Only: new FaultFilter(Mailbox: form["mailbox"].ToString().Trim() is { Length: > 0 } mailbox ? mailbox : null),
            Times: times, Always: form["often"] == "always", Probability: percent / 100.0));
    }

    private static Change? SetFlow(HttpContext call, Func<MailFlow, MailFlow> change) =>
        call.Directory() is { } place ? MailFlowRoutes.SetFlow(place, change(place.Directory.MailFlow)) : null;

    /// <summary>A policy and the rule that gives it to one sender, under one name, as the page of Defender makes them.</summary>
    private static MailFlow Custom(MailFlow flow, string name, string sender, AutoForwarding mode) => flow.With(new OutboundPolicy(name, mode)) with
    {
        OutboundRules = flow.OutboundRules.Put(new OutboundRule(name, name, [sender], []), r => r.Name.ToLowerInvariant()),
    };

    /// <summary>The page holds what two orders set: the platform's first, as its addresses may be refused.</summary>
    private static Change SetAuthentication(HttpContext call, AppPlace place, IFormCollection form)
    {
        Change change = call.Commands<AppCommands>().SetAuthentication(place, Authentication(place, form));
        if (change is not Change.Done) return change;
        return call.Commands<IdentityCommands>().Edit(place, new AppChangeOrder(
            Audience: Enum.TryParse(form["audience"], out SignInAudience audience) ? audience : null,
            LogoutUrl: form.ContainsKey("logout") ? form["logout"].ToString().Trim() : null));
    }

    private static string SecretsOf(HttpContext call) => call.App() is { } place ? AppPages.Address(place) + CredentialPages.Below : "/";

    private static Change? Remove(HttpContext call, AppPlace place, IFormCollection form) => !Guid.TryParse(form["which"], out Guid id) ? null
        : form["kind"].ToString() switch
        {
            "certificate" => call.Commands<IdentityCommands>().RemoveCertificate(place, id),
            "federated" => call.Commands<IdentityCommands>().RemoveFederation(place, id),
            _ => call.Commands<AppCommands>().RemoveSecret(place, id),
        };

    /// <summary>Two forms of one page have addresses of their own below it.</summary>
    private static string UserPage(HttpContext call) => call.User() is { } place ? UserPages.Address(place) : "/";

    /// <summary>The page names the apps that are allowed.</summary>
    private static ImmutableArray<EmailApp> Blocked(IFormCollection form) =>
        [.. Enum.GetValues<EmailApp>().Where(app => !form["app"].Contains(app.ToString()))];

    private static AppOrder Registration(IFormCollection form) => new(
        form["name"].ToString(),
        Enum.TryParse(form["audience"], out SignInAudience audience) ? audience : SignInAudience.AzureADMyOrg,
        form["uri"].ToString().Trim() is { Length: > 0 } uri ? [new RedirectUri(Enum.TryParse(form["platform"], out RedirectPlatform platform) ? platform : RedirectPlatform.Web, uri)] : []);

    /// <summary>A platform whose field the form does not have stays as it is.</summary>
    private static AuthenticationOrder Authentication(AppPlace place, IFormCollection form) => new(
        [
            .. new[] { ("uris", RedirectPlatform.Web), ("spa", RedirectPlatform.Spa), ("public-uris", RedirectPlatform.PublicClient) }
                .SelectMany(x => form.ContainsKey(x.Item1)
                    ? form[x.Item1].ToString().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(uri => new RedirectUri(x.Item2, uri))
                    : place.App.RedirectUris.Where(u => u.Platform == x.Item2)),
        ],
        form["access"] == "on", form["id"] == "on", form["public"] == "on");

    private static SecretOrder Secret(AppPlace place, IFormCollection form) => new(
        form["description"].ToString(),
        form["days"] == "custom" && DateOnly.TryParse(form["until"], CultureInfo.InvariantCulture, out DateOnly until)
            ? new DateTimeOffset(until, TimeOnly.MinValue, TimeSpan.Zero)
            : int.TryParse(form["days"], NumberStyles.None, CultureInfo.InvariantCulture, out var days) ? place.Lab.Time.GetUtcNow().AddDays(days) : null);

    private static PermissionsOrder Listed(AppPlace place, IFormCollection form)
    {
        ImmutableArray<ApiPermission> removed = [.. form["remove"].Select(Permission).OfType<ApiPermission>()];
        return new PermissionsOrder([.. place.App.Permissions.Except(removed), .. form["add"].Select(Permission).OfType<ApiPermission>()]);
    }

    /// <summary><c>resource|kind|name</c>, as the page wrote it.</summary>
    private static ApiPermission? Permission(string? text) =>
        text?.Split('|') is [var resource, var kind, var name] && Guid.TryParse(resource, out Guid id) && Enum.TryParse(kind, out PermissionKind known)
            ? new ApiPermission(id, name, known)
            : null;

    private static byte[] Read(string name)
    {
        using Stream asset = typeof(SitesRoom).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not in the assembly");
        using var bytes = new MemoryStream();
        asset.CopyTo(bytes);
        return bytes.ToArray();
    }
}
