using Passerelle.Lab.Faults;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Control;

/// <summary>Everything that the pages do, as HTTP, for tests and scripts.</summary>
internal static class ControlRoom
{
    public static IHostApplicationBuilder AddControl(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ControlToken>()
            .AddSingleton<LabCommands>().AddSingleton<UserCommands>().AddSingleton<AppCommands>().AddSingleton<FaultCommands>()
            .AddSingleton<IdentityCommands>();
        return builder;
    }

    /// <returns>The group, so that the Exchange half can hang its orders below it, behind the same bearer.</returns>
    public static RouteGroupBuilder MapControl(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder control = routes.MapGroup("/control");
        control.AddEndpointFilter(async (call, next) =>
            call.HttpContext.RequestServices.GetRequiredService<ControlToken>().Opens(call.HttpContext.Request.Headers.Authorization)
                ? await next(call)
                : Results.Problem("Send the bearer that the lab printed at its start.", statusCode: StatusCodes.Status401Unauthorized));
        control.AddEndpointFilter(ControlJournal.NoteAsync);
        control.MapLabs();
        control.MapFaults();
        control.MapLife();
        control.MapJournal();
        control.MapDirectories();
        control.MapUsers();
        control.MapApps();
        control.MapMailFlow();
        control.MapSubmission();
        control.MapIdentityOrders();
        return control;
    }

    private static void MapLabs(this RouteGroupBuilder control)
    {
        control.MapGet("/labs", (Labs labs) => Results.Json(labs.All.Select(l => new { l.Name, now = l.Time.GetUtcNow() }), ControlJson.Format));
        control.MapPut("/labs/{lab}", (string lab, LabCommands commands) => commands.Open(lab).ToResult());
        control.MapGet("/labs/{lab}", (string lab, Labs labs) => (labs.Named(lab) is { } known
            ? new Change.Done(known.State) : LabCommands.NoLab(lab)).ToResult());
        control.Order<ClockOrder>("POST", "/labs/{lab}/clock", (call, order) => call.Commands<LabCommands>().MoveClock(call.Route("lab"), order));
        control.Order<DirectoryOrder>("POST", "/labs/{lab}/directories",
            (call, order) => call.Commands<LabCommands>().AddDirectory(call.Route("lab"), order));
        control.Order<OutsideOrder>("POST", "/labs/{lab}/outside-domains",
            (call, order) => call.Commands<LabCommands>().AddOutside(call.Route("lab"), order));
        control.Order<CustomerOrder>("POST", "/labs/{lab}/outside-domains/{domain}/customers",
            (call, order) => call.Commands<LabCommands>().AddCustomer(call.Route("lab"), call.Route("domain"), order));
    }

    private static void MapFaults(this RouteGroupBuilder control)
    {
        control.MapGet("/faults/catalogue", (string? q) => Results.Json(FaultCatalogue.Search(q), ControlJson.Format));
        control.MapGet("/labs/{lab}/faults", (string lab, Labs labs) => (labs.Named(lab) is { } known
            ? new Change.Done(known.State.Faults) : LabCommands.NoLab(lab)).ToResult());
        control.Order<FaultOrder>("POST", "/labs/{lab}/faults", (call, order) => call.Commands<FaultCommands>().Arm(call.Route("lab"), order));
        control.MapDelete("/labs/{lab}/faults", (string lab, FaultCommands commands) => commands.Clear(lab).ToResult());
        control.MapDelete("/labs/{lab}/faults/{fault:guid}", (string lab, Guid fault, FaultCommands commands) => commands.Disarm(lab, fault).ToResult());
    }

    private static void MapDirectories(this RouteGroupBuilder control)
    {
        control.MapGet("/directories/{directory}", (HttpContext call) => call.InDirectory(place => new Change.Done(place.Directory)).ToResult());
        control.Order<DomainOrder>("POST", "/directories/{directory}/domains",
            (call, order) => call.InDirectory(place => call.Commands<LabCommands>().AddDomain(place, order)));
        control.Order<ConsentSettingOrder>("PUT", "/directories/{directory}/user-consent",
            (call, order) => call.InDirectory(place => place.Set(d => d with { UserConsent = order.Setting })));
        control.Order<SwitchOrder>("PUT", "/directories/{directory}/smtp-auth",
            (call, order) => call.InDirectory(place => place.Set(d => d.WithSmtpAuth(order.Enabled, place.Lab.Time.GetUtcNow()))));
        control.Order<AutoForwardingOrder>("PUT", "/directories/{directory}/automatic-forwarding",
            (call, order) => call.InDirectory(place => place.Set(d => d.With(d.MailFlow.With(new OutboundPolicy(MailFlow.Default, order.Mode)), place.Lab.Time.GetUtcNow()))));
    }

    private static void MapUsers(this RouteGroupBuilder control)
    {
        const string user = "/directories/{directory}/users/{user}";
        control.Order<UserOrder>("POST", "/directories/{directory}/users",
            (call, order) => call.InDirectory(place => call.Commands<UserCommands>().Add(place, order)));
        control.MapGet(user, (HttpContext call) => call.OnUser(place => new Change.Done(place.User)).ToResult());
        control.Order<UserChangeOrder>("PATCH", user, (call, order) => call.OnUser(place => call.Commands<UserCommands>().Edit(place, order)));
        control.MapPost(user + "/revoke-sessions",
            (HttpContext call) => call.OnUser(place => call.Commands<UserCommands>().RevokeSessions(place)).ToResult());
        control.Order<PasswordOrder>("PUT", user + "/password",
            (call, order) => call.OnUser(place => call.Commands<UserCommands>().ResetPassword(place, order)));
        control.Order<MailboxSmtpOrder>("PUT", user + "/mailbox/smtp-auth",
            (call, order) => call.OnUser(place => call.Commands<UserCommands>().SetSmtpAuth(place, order)));
        control.Order<SwitchOrder>("PUT", user + "/licence",
            (call, order) => call.OnUser(place => call.Commands<UserCommands>().SetLicence(place, order)));
        control.Order<SwitchOrder>("PUT", user + "/mailbox/basic-auth",
            (call, order) => call.OnUser(place => call.Commands<UserCommands>().SetBasicAuth(place, order)));
        control.Order<ForwardingOrder>("PUT", user + "/mailbox/forwarding",
            (call, order) => call.OnUser(place => call.Commands<UserCommands>().SetForwarding(place, order)));
        control.Order<ProxyAddressesOrder>("PUT", user + "/mailbox/proxy-addresses",
            (call, order) => call.OnUser(place => call.Commands<UserCommands>().SetProxyAddresses(place, order)));
    }

    private static void MapApps(this RouteGroupBuilder control)
    {
        const string app = "/directories/{directory}/apps/{app}";
        control.Order<AppOrder>("POST", "/directories/{directory}/apps",
            (call, order) => call.InDirectory(place => call.Commands<AppCommands>().Register(place, order)));
        control.MapGet(app, (HttpContext call) => call.OnApp(place => new Change.Done(place.App)).ToResult());
        control.Order<AuthenticationOrder>("PUT", app + "/authentication",
            (call, order) => call.OnApp(place => call.Commands<AppCommands>().SetAuthentication(place, order)));
        control.Order<SecretOrder>("POST", app + "/secrets",
            (call, order) => call.OnApp(place => call.Commands<AppCommands>().AddSecret(place, order)));
        control.MapDelete(app + "/secrets/{secret:guid}",
            (HttpContext call, Guid secret) => call.OnApp(place => call.Commands<AppCommands>().RemoveSecret(place, secret)).ToResult());
        control.Order<PermissionsOrder>("PUT", app + "/permissions",
            (call, order) => call.OnApp(place => call.Commands<AppCommands>().SetPermissions(place, order)));
        control.MapPost(app + "/admin-consent",
            (HttpContext call) => call.OnApp(place => call.Commands<AppCommands>().GrantAdminConsent(place)).ToResult());
        control.Order<ApiPermission>("POST", app + "/admin-consent/one",
            (call, permission) => call.OnApp(place => call.Commands<AppCommands>().GrantAdminConsent(place, permission)));
        control.MapDelete(app + "/grants", (HttpContext call) => call.OnApp(place => call.Commands<AppCommands>().RevokeGrants(place)).ToResult());
        control.Order<EnterpriseOrder>("PUT", app + "/enterprise",
            (call, order) => call.OnApp(place => call.Commands<AppCommands>().SetEnterprise(place, order)));
    }
}
