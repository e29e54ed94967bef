using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Setup;
using Passerelle.Lab.Testing;

namespace Passerelle.Journey.Tests;

/// <summary>The scripts of the page Microsoft side, run line by line by the lab's own cmdlets.</summary>
public sealed partial class ExchangeScriptTests(SharedLab lab)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_script_does_all_of_step_3_and_the_undo_puts_back_what_was_there()
    {
        await using var scene = await Scene.DraftAsync(lab);
        await scene.Lab.SetAutoForwardingAsync(scene.Contoso.DirectoryId, "automatic", Cancel);
        await scene.SetSmtpAuthAsync(false);
        await scene.Lab.SetForwardingAsync(scene.Contoso.DirectoryId, scene.Contoso.Support, scene.Contoso.Bob, keepCopy: false, Cancel);
        await scene.SaveAsync();
        var script = ExchangeScript.Of(Assert.Single(await scene.RowsAsync<EmailApp>("SELECT * FROM app WHERE organisation_id = @organisation")));
        var shell = await Shell.OpenAsync(scene);

        await shell.RunAsync(script.ToDo());
        await scene.AuthoriseAsync();
        await scene.AcknowledgeAsync();
        await scene.AnswerToAsync(await scene.AnnWritesAsync("By script"));

        await shell.RunAsync(script.ToUndo());
        var mailbox = await shell.OneAsync("Get-Mailbox", new() { ["Identity"] = scene.Contoso.Support });
        Assert.Equal($"smtp:{scene.Contoso.Bob}", mailbox.GetProperty("ForwardingSmtpAddress").GetString());
        Assert.False(mailbox.GetProperty("DeliverToMailboxAndForward").GetBoolean());
        var access = await shell.OneAsync("Get-CASMailbox", new() { ["Identity"] = scene.Contoso.Support });
        Assert.True(access.GetProperty("SmtpClientAuthenticationDisabled").GetBoolean());
        Assert.DoesNotContain(
            await shell.InvokeAsync("Get-HostedOutboundSpamFilterPolicy", []),
            policy => policy.GetProperty("Name").GetString()!.StartsWith("Passerelle", StringComparison.Ordinal)); // policies have names
    }

    /// <summary>The little of PowerShell that our scripts use; every cmdlet goes to the lab as the module would send it.</summary>
    private sealed partial class Shell(HttpClient http, string token, Guid directory, string administrator)
    {
        private readonly Dictionary<string, object?> _was = [];
        private JsonElement _now;

        /// <summary>As an application with the Exchange administrator's role.</summary>
        public static async Task<Shell> OpenAsync(Scene scene)
        {
            var directory = scene.Contoso.DirectoryId;
            var app = await scene.Lab.RegisterAppAsync(directory, "Shell", null, Cancel);
            var (_, secret) = await scene.Lab.AddSecretAsync(directory, app, "shell", null, Cancel);
            await scene.Lab.SetPermissionsAsync(directory, app, [(LabControl.Exchange, "Exchange.ManageAsApp", "application")], Cancel);
            await scene.Lab.GrantAdminConsentAsync(directory, app, Cancel);
            await new LabMailFlow(scene.Lab, directory).SetDirectoryRolesAsync(app, ["Exchange Administrator"], Cancel);
            using var form = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials",
                ["client_id"] = app.ToString(),
                ["client_secret"] = secret,
                ["scope"] = "https://outlook.office365.com/.default",
            });
            using var answer = await scene.Fixture.Http.PostAsync(scene.Fixture.Endpoints.TokenEndpoint(directory), form, Cancel);
            var token = (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("access_token").GetString()!; // a refused request has none and fails here
            return new Shell(scene.Fixture.Http, token, directory, scene.Contoso.Administrator);
        }

        public async Task RunAsync(string script)
        {
            foreach (var line in script.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                if (Note().Match(line) is { Success: true } note)
                {
                    _was[note.Groups[1].Value] = Plain(_now.GetProperty(note.Groups[1].Value));
                    continue;
                }
                if (CmdletLine().Match(line) is not { Success: true } cmdlet) continue; // a comment, or a file of the administrator's machine
                var results = await InvokeAsync(cmdlet.Groups[1].Value, Parameters(cmdlet.Groups[2].Value));
                if (results.Length > 0) _now = results[0];
            }
        }

        public async Task<JsonElement> OneAsync(string cmdlet, Dictionary<string, object?> parameters) =>
            Assert.Single(await InvokeAsync(cmdlet, parameters));

        public async Task<JsonElement[]> InvokeAsync(string cmdlet, Dictionary<string, object?> parameters)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/adminapi/beta/{directory}/InvokeCommand")
            {
                Content = JsonContent.Create(new { CmdletInput = new { CmdletName = cmdlet, Parameters = parameters } }, options: new JsonSerializerOptions()),
            };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            request.Headers.Add("X-AnchorMailbox", $"UPN:{administrator}");
            using var answer = await http.SendAsync(request, Cancel);
            var body = await answer.Content.ReadAsStringAsync(Cancel);
            Assert.True(answer.IsSuccessStatusCode, $"{cmdlet}: {body}");
            return [.. JsonSerializer.Deserialize<JsonElement>(body).GetProperty("value").EnumerateArray()];
        }

        private Dictionary<string, object?> Parameters(string text) => Parameter().Matches(text)
            .Where(match => match.Groups[1].Value != "Confirm") // asked on the administrator's own machine
            .ToDictionary(match => match.Groups[1].Value, match => Value(match.Groups[2].Value));

        private object? Value(string text) => text switch
        {
            "$true" => true,
            "$false" => false,
            ['\'', .. var quoted, '\''] => quoted.Replace("''", "'", StringComparison.Ordinal),
            _ => _was[text["$was.".Length..]],
        };

        private static object? Plain(JsonElement value) => value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Null => null,
            _ => value.GetString(),
        };

        [GeneratedRegex(@"^\$was\.(\w+) = \$now\.")]
        private static partial Regex Note();

        [GeneratedRegex(@"^(?:\$now = )?((?:Get|Set|New|Remove)-(?:CAS|Mailbox|Hosted)\w*)(.*)$")]
        private static partial Regex CmdletLine();

        [GeneratedRegex(@" -(\w+)[ :](\$true|\$false|\$was\.\w+|'(?:[^']|'')*')")]
        private static partial Regex Parameter();
    }
}
