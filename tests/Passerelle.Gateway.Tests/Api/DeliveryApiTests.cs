using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Passerelle.Gateway.Tests.Api;

public sealed class DeliveryApiTests
{
    private static CancellationToken Cancel => LiveGateway.Cancel;

    [Fact]
    public async Task An_app_is_restricted_to_its_provider_and_a_rule_that_cannot_hold_says_why()
    {
        await using var gateway = await LiveGateway.StartAsync();
        var (organisation, secret) = await gateway.OrganisationAsync("fabrikam");
        using var admin = gateway.Browser(secret);
        var url = $"/api/v1/apps/{(await Belongings.OfAsync(gateway, organisation)).App}/delivery";

        var before = await admin.GetFromJsonAsync<JsonElement>(url, Cancel);
        Assert.Equal("anyone", before.GetProperty("mode").GetString());
        Assert.Equal("127.0.0.1", Assert.Single(before.GetProperty("seen").EnumerateArray()).GetProperty("name").GetString());

        using var wrong = await admin.PutAsJsonAsync(url, new { mode = "hold", sources = new[] { "not/a/range" } }, Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Contains("not/a/range", await wrong.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);

        using var set = await admin.PutAsJsonAsync(url, new { mode = "hold", providers = new[] { "exchange-online" }, sources = new[] { "192.0.2.0/24" } }, Cancel);
        Assert.Equal(HttpStatusCode.NoContent, set.StatusCode);
        var after = await admin.GetFromJsonAsync<JsonElement>(url, Cancel);
        Assert.Equal(("hold", "exchange-online", "192.0.2.0/24"), (after.GetProperty("mode").GetString(), after.GetProperty("providers")[0].GetString(), after.GetProperty("sources")[0].GetString()));
    }
}
