using Passerelle.Lab.State;

namespace Passerelle.Lab.Control;

/// <summary>Writes each order into the log of the lab that it is about: verb, path and status, never a body.</summary>
internal static class ControlJournal
{
    public static async ValueTask<object?> NoteAsync(EndpointFilterInvocationContext call, EndpointFilterDelegate next)
    {
        HttpContext context = call.HttpContext;
        Twin? before = LabOf(context); // a lab that the order deletes has no log afterwards
        object? result = await next(call);
        if (HttpMethods.IsGet(context.Request.Method)) return result;
        if ((before ?? LabOf(context)) is { } lab)
            lab.Journal.Add("control", context.Request.Method + " " + context.Request.Path, Outcome(result));
        return result;
    }

    private static string Outcome(object? result) =>
        result is IStatusCodeHttpResult { StatusCode: { } status } ? status.ToString(System.Globalization.CultureInfo.InvariantCulture) : "200";

    private static Twin? LabOf(HttpContext context)
    {
        Labs labs = context.RequestServices.GetRequiredService<Labs>();
        return context.Request.RouteValues["lab"] is string name ? labs.Named(name)
            : context.Request.RouteValues["directory"] is string directory ? labs.Directory(directory)?.Lab
            : null;
    }
}
