using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Passerelle.Gateway.Access.Keys;
using Passerelle.Journey.Tests;
using Passerelle.Lab.Testing;

namespace Passerelle.Clients.Tests;

/// <summary>Programs that no one here wrote, against the whole gateway: the library of Standard Webhooks, and a client generated from our document.</summary>
public sealed class ProgramsTests(ClientsLab lab, SharedLab shared)
{
    [Fact]
    public async Task A_client_generated_from_our_document_sends_a_letter_that_arrives_once()
    {
        await using Scene scene = await Scene.ConnectedAsync(shared);
        var key = await KeyAsync(scene, ApiScopes.AppsRead, ApiScopes.LettersSend, ApiScopes.LettersRead);
        await using Script node = Script.Node(
            lab, scene.Contoso, "api-client.mjs",
            ("API_URL", scene.Gateway.PublicUrl), ("API_KEY", key), ("API_APP", scene.App.ToString()), ("API_TO", scene.Contoso.Ann));
        JsonElement said = await node.ReadAsync();
        Assert.True(said.TryGetProperty("letterId", out JsonElement letter), said.ToString());
        Assert.Equal(scene.Contoso.Support, said.GetProperty("app").GetString());
        Assert.Equal(letter.GetString(), said.GetProperty("again").GetString());
        Assert.Contains("check the id", said.GetProperty("wrong").GetString(), StringComparison.Ordinal);
        Assert.NotNull(await scene.Mail.WaitAsync(scene.Contoso.Ann, TimeSpan.FromSeconds(30), ClientsLab.Cancel, subject: "From a generated client"));
    }

    [Fact]
    public async Task The_library_of_Standard_Webhooks_believes_our_webhooks_and_no_others()
    {
        Contoso contoso = await lab.NewLabAsync();
        await using Script node = Script.Node(lab, contoso, "webhook.mjs");
        var port = (await node.ReadAsync()).GetProperty("port").GetInt32();
        await using Scene scene = await Scene.ConnectedAsync(shared, string.Create(CultureInfo.InvariantCulture, $"--Outbound:Allow:4=127.0.0.1:{port}"));
        var hook = await scene.Gateway.Operator.SendAsync(
            HttpMethod.Post, "/api/v1/webhooks",
            new { name = "Ledger", url = $"http://127.0.0.1:{port}/hook", types = new[] { "message.received", "letter.accepted" } }, ClientsLab.Cancel);
        var first = hook.GetProperty("secret").GetString() ?? "";
        await node.TellAsync(first);
        await scene.Gateway.Operator.SendAsync(HttpMethod.Post, $"/api/v1/webhooks/{hook.GetProperty("id").GetString()}/test", null, ClientsLab.Cancel);
        Believed(await node.ReadAsync(), "passerelle.test");

        // the secret is changed: the receiver that still knows the former one goes on believing, and so does one that knows the new one
        var changed = await scene.Gateway.Operator.SendAsync(HttpMethod.Post, $"/api/v1/webhooks/{hook.GetProperty("id").GetString()}/secret", null, ClientsLab.Cancel);
        await scene.AnnWritesAsync("Where is it?");
        Believed(await node.ReadAsync(), "passerelle.message.received");
        Believed(await node.ReadAsync(), "passerelle.letter.accepted");
        await node.TellAsync(changed.GetProperty("secret").GetString() ?? "");
        await scene.Gateway.Operator.SendAsync(HttpMethod.Post, $"/api/v1/webhooks/{hook.GetProperty("id").GetString()}/test", null, ClientsLab.Cancel);
        Believed(await node.ReadAsync(), "passerelle.test");
    }

    private static void Believed(JsonElement said, string type)
    {
        Assert.Equal("verified", said.GetProperty("verdict").GetString());
        Assert.NotEqual("verified", said.GetProperty("changed").GetString());
        Assert.NotEqual("verified", said.GetProperty("stranger").GetString());
        Assert.Equal(type, said.GetProperty("event").GetProperty("type").GetString());
        Assert.Equal(said.GetProperty("id").GetString(), said.GetProperty("event").GetProperty("id").GetString());
    }

    private static async Task<string> KeyAsync(Scene scene, params string[] scopes)
    {
        var keys = scene.Gateway.Services.GetRequiredService<ApiKeys>();
        return Assert.IsType<KeyOutcome.Made>(await keys.MakeAsync(await scene.Gateway.OrganisationAsync(), null, "Generated client", scopes, null, ClientsLab.Cancel)).Text;
    }
}
