using System.CommandLine;
using System.Text.Json;

namespace Passerelle.Gateway.Commands;

/// <summary><c>passerelle apps list | show | export | apply</c>.</summary>
internal static class AppsCommand
{
    public static Command Make() => new("apps", "Show the Email apps, write them to a file, take them from one") { List(), Show(), AppFilesCommand.Export(), AppFilesCommand.Apply() };

    private static Command List()
    {
        var (data, organisation, json) = (CommonOptions.Data(), CommonOptions.Organisation(), CommonOptions.Json());
        var command = new Command("list", "All apps, newest first") { data, organisation, json };
        command.Does(async (parsed, settings, cancel) =>
        {
            await using var gateway = await Gateways.OpenAsync(parsed.GetRequiredValue(data), parsed.GetValue(organisation), settings, cancel);
            var apps = await gateway.AppsAsync(cancel);
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json)) await output.WriteLineAsync(JsonSerializer.Serialize(apps, OperatorClient.Json));
            else
            {
                await Listing.WriteAsync(
                    output,
                    ["id", "asset name", "email id", "state", "since", "reason"],
                    apps.Select(app => new[] { app.Id.ToString(), app.AssetName, app.EmailId, app.State, $"{app.StateSince:u}", app.StateReason }));
            }
            return Sentences.Right;
        });
        return command;
    }

    private static Command Show()
    {
        var name = new Argument<string>("app") { Description = "Its id, asset name or email id" };
        var (data, organisation, json) = (CommonOptions.Data(), CommonOptions.Organisation(), CommonOptions.Json());
        var command = new Command("show", "One app with all its settings but the secrets") { name, data, organisation, json };
        command.Does(async (parsed, settings, cancel) =>
        {
            await using var gateway = await Gateways.OpenAsync(parsed.GetRequiredValue(data), parsed.GetValue(organisation), settings, cancel);
            var app = AppNames.Pick(await gateway.AppsAsync(cancel), parsed.GetRequiredValue(name));
            var document = JsonSerializer.SerializeToElement(app, OperatorClient.Json);
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json)) await output.WriteLineAsync(document.GetRawText());
            else await Listing.WriteAsync(output, ["setting", "value"], Settings(document));
            return Sentences.Right;
        });
        return command;
    }

    private static IEnumerable<string[]> Settings(JsonElement app) =>
        app.EnumerateObject().Select(field => new[] { field.Name, field.Value.ToString() });
}
