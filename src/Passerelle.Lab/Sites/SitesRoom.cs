using System.Collections.Immutable;
using System.Globalization;
using Passerelle.Lab.Control;
using Passerelle.Lab.Hosting;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Sites;

/// <summary>The lab's own pages, for a person who plays the administrator.</summary>
internal static class SitesRoom
{
    private static readonly byte[] Style = ReadStyle();

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
        pages.MapApps();
        pages.MapAdmin();
    }

    private static void MapApps(this RouteGroupBuilder pages)
    {
        const string apps = "/identity/{directory}/apps";
        const string app = apps + "/{app:guid}";
        pages.Show(apps, (call, t) => call.Directory() is { } place ? AppPages.List(place, t) : null);
        pages.Show(apps + "/new", (call, t) => call.Directory() is { } place ? AppPages.New(place, t) : null);
        pages.Take(apps + "/new",
            (call, form) => call.Directory() is { } place ? call.Commands<AppCommands>().Register(place, Registration(form)) : null,
            (call, change) => SiteForms.Back(AppPages.Address(call.Directory()!, (AppRegistration)((Change.Made)change).Body))); // it was just made there
        pages.Show(app, (call, t) => call.App() is { } place ? AppPages.Overview(place, call, t) : null);
        pages.Show(app + "/authentication", (call, t) => call.App() is { } place ? AppPages.Authentication(place, call, t) : null);
        pages.Take(app + "/authentication",
            (call, form) => call.App() is { } place ? call.Commands<AppCommands>().SetAuthentication(place, Authentication(place, form)) : null,
            (call, _) => SiteForms.Back(call.Request.Path));
        pages.Show(app + "/secrets", (call, t) => call.App() is { } place ? AppPages.Secrets(place, null, t) : null);
        pages.Take(app + "/secrets",
            (call, form) => call.App() is { } place ? call.Commands<AppCommands>().AddSecret(place, Secret(place, form)) : null,
            (call, change) => AppPages.Secrets(call.App()!, (NewSecret)((Change.Made)change).Body, Speech.Of(call))); // as above
        pages.Show(app + "/permissions", (call, t) => call.App() is { } place ? PermissionPages.Listed(place, call, t) : null);
        pages.Take(app + "/permissions",
            (call, form) => call.App() is { } place ? call.Commands<AppCommands>().SetPermissions(place, Listed(place, form)) : null,
            (call, _) => SiteForms.Back(call.Request.Path));
        pages.Show(app + "/permissions/consent", (call, t) => call.App() is { } place ? PermissionPages.Confirm(place, t) : null);
        pages.Take(app + "/permissions/consent",
            (call, _) => call.App() is { } place ? call.Commands<AppCommands>().GrantAdminConsent(place) : null,
            (call, _) => Results.Redirect(AppPages.Address(call.App()!) + PermissionPages.Below + "?granted=1")); // as above
    }

    private static void MapAdmin(this RouteGroupBuilder pages)
    {
        const string user = "/admin/{directory}/users/{user:guid}";
        pages.Show("/identity/{directory}/consent", (call, t) => call.Directory() is { } place ? AdminPages.ConsentSetting(place, call, t) : null);
        pages.Take("/identity/{directory}/consent",
            (call, form) => call.Directory() is { } place && Enum.TryParse(form["setting"], out UserConsent setting)
                ? Set(place, d => d with { UserConsent = setting })
                : null,
            (call, _) => SiteForms.Back(call.Request.Path));
        pages.Show("/admin/{directory}/users", (call, t) => call.Directory() is { } place ? AdminPages.Users(place, t) : null);
        pages.Show(user, (call, t) => call.User() is { } place ? AdminPages.User(place, call, t) : null);
        pages.Take(user + "/apps",
            (call, form) => call.User() is { } place
                ? call.Commands<UserCommands>().SetEmailApps(place, form["smtp"] == "on", Blocked(form))
                : null,
            (call, _) => SiteForms.Back(AdminPages.Address(call.User()!)), UserPage); // as above
        pages.Take(user + "/forwarding",
            (call, form) => call.User() is { } place ? call.Commands<UserCommands>().SetForwarding(place, Forwarding(form)) : null,
            (call, _) => SiteForms.Back(AdminPages.Address(call.User()!)), UserPage); // as above
        pages.Show("/security/{directory}/outbound", (call, t) => call.Directory() is { } place ? AdminPages.Outbound(place, call, t) : null);
        pages.Take("/security/{directory}/outbound",
            (call, form) => call.Directory() is { } place && Enum.TryParse(form["mode"], out AutoForwarding mode)
                ? Set(place, d => d.With(d.MailFlow.With(new OutboundPolicy(MailFlow.Default, mode)), place.Lab.Time.GetUtcNow()))
                : null,
            (call, _) => SiteForms.Back(call.Request.Path));
    }

    /// <summary>Two forms of one page have addresses of their own below it.</summary>
    private static string UserPage(HttpContext call) => call.User() is { } place ? AdminPages.Address(place) : "/";

    /// <summary>The page names the apps that are allowed.</summary>
    private static ImmutableArray<EmailApp> Blocked(IFormCollection form) =>
        [.. Enum.GetValues<EmailApp>().Where(app => !form["app"].Contains(app.ToString()))];

    private static AppOrder Registration(IFormCollection form) => new(
        form["name"].ToString(),
        Enum.TryParse(form["audience"], out SignInAudience audience) ? audience : SignInAudience.AzureADMyOrg,
        form["uri"].ToString().Trim() is { Length: > 0 } uri ? [new RedirectUri(RedirectPlatform.Web, uri)] : []);

    /// <summary>The page edits the Web platform; the others stay as they are.</summary>
    private static AuthenticationOrder Authentication(AppPlace place, IFormCollection form) => new(
        [
            .. form["uris"].ToString().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(uri => new RedirectUri(RedirectPlatform.Web, uri)),
            .. place.App.RedirectUris.Where(u => u.Platform is not RedirectPlatform.Web),
        ],
        form["access"] == "on", form["id"] == "on", form["public"] == "on");

    private static SecretOrder Secret(AppPlace place, IFormCollection form) => new(
        form["description"].ToString(),
        int.TryParse(form["days"], NumberStyles.None, CultureInfo.InvariantCulture, out var days) ? place.Lab.Time.GetUtcNow().AddDays(days) : null);

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

    /// <summary>An empty address behind the tick is refused like any other text that is no address.</summary>
    private static ForwardingOrder Forwarding(IFormCollection form) =>
        form["forward"] == "on" ? new ForwardingOrder(form["address"].ToString().Trim(), form["keep"] == "on") : new ForwardingOrder(null);

    private static Change Set(DirectoryPlace place, Func<LabDirectory, LabDirectory> change) =>
        place.Lab.ChangeDirectory(place.Directory.Id, change) ? new Change.Done() : new Change.Missing("The directory is gone.");

    private static byte[] ReadStyle()
    {
        using Stream style = typeof(SitesRoom).Assembly.GetManifestResourceStream("lab.css")
            ?? throw new InvalidOperationException("lab.css is not in the assembly");
        using var bytes = new MemoryStream();
        style.CopyTo(bytes);
        return bytes.ToArray();
    }
}
