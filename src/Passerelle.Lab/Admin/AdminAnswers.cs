using System.Text.Json.Nodes;

namespace Passerelle.Lab.Admin;

/// <summary>How the administration API speaks (facts §7.2): OData with its own annotations.</summary>
internal static class AdminAnswers
{
    public const string Service = "https://outlook.office365.com/adminapi";
    private const string Wrapper = "Microsoft.Exchange.Admin.OData.Core.ODataServiceException";
    private const string Inner = "Microsoft.Exchange.Management.PSDirectInvoke.DirectInvokeCmdletExecutionException";

    public static IResult Values(string context, IEnumerable<JsonObject> values, IEnumerable<string> warnings, string? next)
    {
        var body = new JsonObject
        {
            ["@odata.context"] = context,
            ["adminapi.warnings@odata.type"] = "#Collection(String)",
            ["@adminapi.warnings"] = Shown.List(warnings),
            ["value"] = new JsonArray([.. values]),
        };
        if (next is not null) body["@odata.nextLink"] = next;
        return Json(body, StatusCodes.Status200OK);
    }

    public static IResult Fault(CmdletFault fault)
    {
        var message = $"Error executing request. {fault.Message}";
        return Json(new JsonObject
        {
            ["error"] = new JsonObject
            {
                ["code"] = fault.Code,
                ["message"] = message,
                ["details"] = new JsonArray(new JsonObject
                {
                    ["code"] = "Context",
                    ["target"] = "",
                    ["message"] = $"{Tag(fault)}|{fault.Exception}|{fault.Message}",
                }),
                ["innererror"] = new JsonObject
                {
                    ["message"] = message,
                    ["type"] = Wrapper,
                    ["internalexception"] = new JsonObject { ["message"] = $"Exception of type '{Inner}' was thrown.", ["type"] = Inner },
                },
            },
        }, fault.Status);
    }

    public static IResult Unauthorised(HttpContext http, string why)
    {
        http.Response.Headers.WWWAuthenticate = "Bearer client_id=\"00000002-0000-0ff1-ce00-000000000000\", trusted_issuers=\"00000001-0000-0000-c000-000000000000@*\"";
        return Json(new JsonObject { ["error"] = new JsonObject { ["code"] = "Unauthorized", ["message"] = why } }, StatusCodes.Status401Unauthorized);
    }

    public static IResult Json(JsonNode body, int status) => Results.Content(body.ToJsonString(), "application/json; charset=utf-8", statusCode: status);

    /// <summary>The tag that the service puts before an exception; the same for the same exception.</summary>
    private static string Tag(CmdletFault fault) => fault.Code == "NotFound" ? "Ex6F9304" : "Ex2B4A41";
}
