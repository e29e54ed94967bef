using System.Text.Json;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Control;

/// <summary>How an order finds what it is about, and how its body is read.</summary>
internal static class Calls
{
    /// <summary>An endpoint whose JSON body is one order; a body that is not one is answered 400 with the reason.</summary>
    public static void Order<T>(this RouteGroupBuilder group, string verb, string path, Func<HttpContext, T, Change> give)
        where T : class =>
        group.MapMethods(path, [verb], async (HttpContext call) =>
        {
            if (!call.Request.HasJsonContentType()) return new Change.Refused("Send a JSON body.").ToResult();
            try
            {
                T? order = await call.Request.ReadFromJsonAsync<T>(ControlJson.Format, call.RequestAborted);
                return (order is null ? new Change.Refused("Send a JSON body.") : give(call, order)).ToResult();
            }
            catch (JsonException wrong)
            {
                return new Change.Refused($"The body is not what this address takes (at {wrong.Path}).").ToResult();
            }
        });

    public static T Commands<T>(this HttpContext call)
        where T : notnull => call.RequestServices.GetRequiredService<T>();

    public static string Route(this HttpContext call, string name) => call.Request.RouteValues[name]?.ToString() ?? "";

    public static Change InDirectory(this HttpContext call, Func<DirectoryPlace, Change> give) =>
        call.Commands<Labs>().Directory(call.Route("directory")) is { } place
            ? give(place)
            : new Change.Missing($"There is no directory '{call.Route("directory")}'.");

    /// <summary>By object id or by address.</summary>
    public static Change OnUser(this HttpContext call, Func<UserPlace, Change> give) => call.InDirectory(place =>
    {
        var named = call.Route("user");
        LabUser? user = Guid.TryParse(named, out Guid id) ? place.Directory.User(id) : place.Directory.UserByAddress(named);
        return user is null ? new Change.Missing($"There is no user '{named}'.") : give(new UserPlace(place.Lab, place.Directory, user));
    });

    /// <summary>By client id.</summary>
    public static Change OnApp(this HttpContext call, Func<AppPlace, Change> give) => call.InDirectory(place =>
        Guid.TryParse(call.Route("app"), out Guid id) && place.Directory.Registration(id) is { } app
            ? give(new AppPlace(place.Lab, place.Directory, app))
            : new Change.Missing($"There is no application '{call.Route("app")}'."));
}
