using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Passerelle.Lab.Exchange;

namespace Passerelle.Lab.Admin;

/// <summary>Exchange administration by HTTP: the <c>InvokeCommand</c> that the PowerShell module uses (facts §7.2), its typed
/// readings, and the Admin API in preview (facts §7.3).</summary>
internal static class AdminRoom
{
    private const int LargestPage = 1000;

    /// <summary>The endpoints of the Admin API, with the cmdlets that each takes.</summary>
    private static readonly Dictionary<string, string[]> Preview = new(StringComparer.OrdinalIgnoreCase)
    {
        ["AcceptedDomain"] = ["Get-AcceptedDomain"],
        ["Mailbox"] = ["Get-Mailbox", "Set-Mailbox"],
        ["OrganizationConfig"] = ["Get-OrganizationConfig"],
    };

    public static IHostApplicationBuilder AddAdmin(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<AdminCaller>();
        return builder;
    }

    public static void MapAdmin(this IEndpointRouteBuilder routes)
    {
        var admin = routes.MapGroup("/adminapi");
        admin.MapPost("/beta/{tenant}/InvokeCommand", InvokeAsync);
        admin.MapGet("/beta/{tenant}", ListAsync);
        admin.MapGet("/beta/{tenant}/Mailbox", (string tenant, HttpContext http) => ReadAsync(http, tenant, "Get-Mailbox", null));
        admin.MapGet("/beta/{tenant}/Mailbox('{id}')", (string tenant, string id, HttpContext http) => ReadAsync(http, tenant, "Get-Mailbox", id));
        admin.MapGet("/beta/{tenant}/CasMailbox", (string tenant, HttpContext http) => ReadAsync(http, tenant, "Get-CASMailbox", null));
        admin.MapGet("/beta/{tenant}/CasMailbox('{id}')", (string tenant, string id, HttpContext http) => ReadAsync(http, tenant, "Get-CASMailbox", id));
        admin.MapPost("/v2.0/{tenant}/{endpoint}", PreviewAsync);
    }

    private static async Task<IResult> InvokeAsync(string tenant, HttpContext http, CancellationToken cancel) =>
        await AnswerAsync(http, tenant, preview: false, async granted =>
        {
            var (name, given) = await CommandAsync(http, cancel);
            return Run(http, granted, Cmdlets.Named(name), given);
        });

    private static async Task<IResult> PreviewAsync(string tenant, string endpoint, HttpContext http, CancellationToken cancel) =>
        await AnswerAsync(http, tenant, preview: true, async granted =>
        {
            if (!Preview.TryGetValue(endpoint, out var cmdlets)) return Results.NotFound();
            var (name, given) = await CommandAsync(http, cancel);
            if (!cmdlets.Contains(name, StringComparer.OrdinalIgnoreCase)) throw CmdletFault.UnknownCmdlet(name);
            if (name.Equals("Set-Mailbox", StringComparison.OrdinalIgnoreCase)) given.MustBeAmong(["Identity", "GrantSendOnBehalfTo"]);
            return Run(http, granted, Cmdlets.Named(name), given);
        });

    private static Task<IResult> ReadAsync(HttpContext http, string tenant, string cmdlet, string? id) =>
        AnswerAsync(http, tenant, preview: false, granted =>
        {
            var given = new CmdletParameters(id is null ? new Dictionary<string, JsonElement>()
                : new Dictionary<string, JsonElement> { ["Identity"] = JsonSerializer.SerializeToElement(Uri.UnescapeDataString(id)) });
            if (id is null) return Task.FromResult(Run(http, granted, Cmdlets.Named(cmdlet), given));
            var one = Cmdlets.Named(cmdlet).Run(Call(http, granted, given)).Single();
            one.Insert(0, "@odata.context", $"{Context(granted)}#{cmdlet["Get-".Length..]}/$entity");
            return Task.FromResult(AdminAnswers.Json(one, StatusCodes.Status200OK));
        });

    private static Task<IResult> ListAsync(string tenant, HttpContext http) => AnswerAsync(http, tenant, preview: false, granted =>
        Task.FromResult(AdminAnswers.Json(new JsonObject
        {
            ["@odata.context"] = Context(granted),
            ["value"] = new JsonArray([.. new[] { "Mailbox", "CasMailbox" }.Select(name => new JsonObject { ["name"] = name, ["kind"] = "EntitySet", ["url"] = name })]),
        }, StatusCodes.Status200OK)));

    private static async Task<IResult> AnswerAsync(HttpContext http, string tenant, bool preview, Func<Admission.Granted, Task<IResult>> answer)
    {
        http.Response.Headers["request-id"] = http.TraceIdentifier;
        try
        {
            return await http.RequestServices.GetRequiredService<AdminCaller>().JudgeAsync(http, tenant, preview) switch
            {
                Admission.Granted granted => await answer(granted),
                Admission.Refused refused => AdminAnswers.Unauthorised(http, refused.Why),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
        }
        catch (CmdletFault fault)
        {
            return AdminAnswers.Fault(fault);
        }
    }

    private static IResult Run(HttpContext http, Admission.Granted granted, Cmdlet cmdlet, CmdletParameters given)
    {
        if (cmdlet.Need > granted.Highest) return AdminAnswers.Unauthorised(http, $"The caller's role does not include {cmdlet.Name}.");
        given.MustBeAmong(cmdlet.Parameters);
        var call = Call(http, granted, given);
        JsonObject[] all = [.. cmdlet.Run(call)];
        call.Exchange.Log.Add("admin", granted.Place.Directory.Domains.FirstOrDefault() ?? "", cmdlet.Name);
        return Page(http, granted, all, call.Warnings);
    }

    /// <summary>Pages of <c>Prefer: odata.maxpagesize</c>; the link to the next is posted to with the same body.</summary>
    private static IResult Page(HttpContext http, Admission.Granted granted, JsonObject[] all, IEnumerable<string> warnings)
    {
        var size = PageSize(http);
        var skip = int.TryParse(http.Request.Query["$skiptoken"], CultureInfo.InvariantCulture, out var token) ? Math.Clamp(token, 0, all.Length) : 0;
        var next = skip + size < all.Length
            ? string.Create(CultureInfo.InvariantCulture, $"{http.Request.Scheme}://{http.Request.Host}{http.Request.Path}?$skiptoken={skip + size}")
            : null;
        return AdminAnswers.Values($"{Context(granted)}#Collection(System.Object)", all.Skip(skip).Take(size), warnings, next);
    }

    private static int PageSize(HttpContext http)
    {
        var wanted = http.Request.Headers["Prefer"].SelectMany(header => (header ?? "").Split(',', ';'))
            .Select(part => part.Trim().Split('=')).FirstOrDefault(part => part is ["odata.maxpagesize", _]);
        return wanted is [_, var text] && int.TryParse(text, CultureInfo.InvariantCulture, out var size) ? Math.Clamp(size, 1, LargestPage) : LargestPage;
    }

    private static CmdletCall Call(HttpContext http, Admission.Granted granted, CmdletParameters given) => new(
        granted.Place.Lab, granted.Place.Directory, http.RequestServices.GetRequiredService<Exchanges>().Of(granted.Place.Lab), given);

    private static string Context(Admission.Granted granted) => $"{AdminAnswers.Service}/beta/{granted.Place.Directory.Id}/$metadata";

    /// <exception cref="CmdletFault">The body is not a <c>CmdletInput</c>.</exception>
    private static async Task<(string Name, CmdletParameters Given)> CommandAsync(HttpContext http, CancellationToken cancel)
    {
        try
        {
            var body = await http.Request.ReadFromJsonAsync<JsonElement>(cancel);
            var input = body.GetProperty("CmdletInput");
            var name = input.GetProperty("CmdletName").GetString() ?? "";
            var given = input.TryGetProperty("Parameters", out var parameters) && parameters.ValueKind == JsonValueKind.Object
                ? parameters.EnumerateObject().Where(p => !p.Name.StartsWith('@')).GroupBy(p => p.Name, StringComparer.OrdinalIgnoreCase)
                    .ToDictionary(p => p.Key, p => p.Last().Value)
                : [];
            return (name, new CmdletParameters(given));
        }
        catch (Exception wrong) when (wrong is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw CmdletFault.Bad("The body is not {\"CmdletInput\":{\"CmdletName\":…,\"Parameters\":{…}}}.");
        }
    }
}
