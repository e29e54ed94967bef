using Microsoft.AspNetCore.Antiforgery;
using Passerelle.Lab.Control;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Sites;

/// <summary>How a page finds what it shows and how its forms become orders: the same orders that the control API gives.</summary>
internal static class SiteForms
{
    /// <summary>A page about something that the path names.</summary>
    public static void Show(this IEndpointRouteBuilder pages, string path, Func<HttpContext, Speech, IResult?> page) =>
        pages.MapGet(path, (HttpContext call) => page(call, Speech.Of(call)) ?? Missing());

    /// <summary>A form of that page. A refused order shows the reason; a done one comes back to <paramref name="then"/>.</summary>
    /// <param name="form">Address of the form's page; the form's own when null.</param>
    public static void Take(
        this IEndpointRouteBuilder pages, string path, Func<HttpContext, IFormCollection, Change?> give, Func<HttpContext, Change, IResult> then,
        Func<HttpContext, string>? form = null) =>
        pages.MapPost(path, async (HttpContext call, IAntiforgery antiforgery) =>
        {
            if (!await antiforgery.IsRequestValidAsync(call)) return Refused(CommonWords.Stale, Form(call));
            return give(call, await call.Request.ReadFormAsync(call.RequestAborted)) switch
            {
                null or Change.Missing => Missing(),
                Change.Refused refused => Refused(refused.Reason, Form(call)),
                Change.Taken taken => Refused(new Word(taken.Reason, taken.Reason), Form(call)),
                { } done => then(call, done),
            };

            string Form(HttpContext call) => form?.Invoke(call) ?? call.Request.Path;
        });

    /// <summary>Back to a page that says that it was saved.</summary>
    public static IResult Back(string address) => Results.Redirect(address + "?done=1");

    public static DirectoryPlace? Directory(this HttpContext call) => call.Commands<Labs>().Directory(call.Route("directory"));

    public static AppPlace? App(this HttpContext call) => call.Directory() is { } place
        && Guid.TryParse(call.Route("app"), out Guid id) && place.Directory.Registration(id) is { } app
        ? new AppPlace(place.Lab, place.Directory, app)
        : null;

    /// <summary>An enterprise application; its registration may be at home in another directory of the lab.</summary>
    public static (AppPlace App, EnterpriseApp Principal)? Enterprise(this HttpContext call) => call.Directory() is { } place
        && Guid.TryParse(call.Route("app"), out Guid id) && place.Directory.EnterpriseApp(id) is { } principal
        && place.Lab.State.Directories.Select(d => d.Registration(id)).FirstOrDefault(r => r is not null) is { } app
        ? (new AppPlace(place.Lab, place.Directory, app), principal)
        : null;

    public static UserPlace? User(this HttpContext call) => call.Directory() is { } place
        && Guid.TryParse(call.Route("user"), out Guid id) && place.Directory.User(id) is { } user
        ? new UserPlace(place.Lab, place.Directory, user)
        : null;

    public static Html Done(HttpContext call, Speech t) =>
        Html.When(call.Request.Query.ContainsKey("done"), Html.Of($"""<p class="done" role="status">{t[CommonWords.Saved]}</p>"""));

    /// <summary>A value that can be copied when scripts run.</summary>
    public static Html Copyable(string id, object? value, Speech t) => Html.Of($"""
        <code id="{id}">{value}</code> <button type="button" class="copy" data-copy="{id}" data-copied="{t[CommonWords.Copied]}" hidden>{t[CommonWords.Copy]}</button>
        """);

    /// <summary>Stands beside the button of a form with <c>data-unsaved</c>; the script shows it.</summary>
    public static Html Unsaved(Speech t) => Html.Of($"""<span class="unsaved warn" role="status" hidden>{t[CommonWords.Unsaved]}</span>""");

    /// <summary>An empty address behind the tick is refused like any other text that is no address.</summary>
    public static ForwardingOrder Forwarding(IFormCollection form) =>
        form["forward"] == "on" ? new ForwardingOrder(form["address"].ToString().Trim(), form["keep"] == "on") : new ForwardingOrder(null);

    /// <summary>The attribute of a tick or radio.</summary>
    public static Html Checked(bool on) => Html.When(on, Html.Of($"checked"));

    private static SpokenPage Missing() => new(t => new Page(t[CommonWords.NotFound], _ => Html.Empty) { Status = StatusCodes.Status404NotFound });

    private static SpokenPage Refused(Word reason, string form) => new(t => new Page(t[CommonWords.NotSaved],
        _ => Html.Of($"""<p class="fault" role="alert">{t[reason]}</p><p><a href="{form}">{t[CommonWords.BackToForm]}</a></p>"""))
    { Status = StatusCodes.Status400BadRequest });
}
