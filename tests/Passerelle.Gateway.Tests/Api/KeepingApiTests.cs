using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Passerelle.Gateway.Queue;

namespace Passerelle.Gateway.Tests.Api;

public sealed class KeepingApiTests
{
    private static CancellationToken Cancel => LiveGateway.Cancel;

    [Fact]
    public async Task Retention_hold_and_erasure_are_ordered_and_the_audit_names_no_correspondent()
    {
        await using var gateway = await LiveGateway.StartAsync();
        var (organisation, secret) = await gateway.OrganisationAsync("fabrikam");
        using var admin = gateway.Browser(secret);
        var own = await Belongings.OfAsync(gateway, organisation);

        using var wrong = await admin.PutAsJsonAsync($"/api/v1/apps/{own.App}/retention", new { textDays = 10 }, Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        using var right = await admin.PutAsJsonAsync($"/api/v1/apps/{own.App}/retention", new { rawDays = 10, textDays = 20 }, Cancel);
        Assert.Equal(HttpStatusCode.NoContent, right.StatusCode);
        var retention = await admin.GetFromJsonAsync<JsonElement>($"/api/v1/apps/{own.App}/retention", Cancel);
        Assert.Equal((10, 20, JsonValueKind.Null), (retention.GetProperty("rawDays").GetInt32(), retention.GetProperty("textDays").GetInt32(), retention.GetProperty("messageDays").ValueKind));

        using var placed = await admin.PostAsJsonAsync("/api/v1/holds", new { scope = "correspondent", subject = "Ann@fabrikam.example", reason = "Inquiry 7" }, Cancel);
        Assert.Equal(HttpStatusCode.Created, placed.StatusCode);
        using var again = await admin.PostAsJsonAsync("/api/v1/holds", new { scope = "correspondent", subject = "ann@fabrikam.example", reason = "Inquiry 8" }, Cancel);
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        using var held = await admin.PostAsJsonAsync("/api/v1/jobs/erase", new { address = "ann@fabrikam.example" }, Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, held.StatusCode);
        using var lifted = await admin.PostAsJsonAsync(placed.Headers.Location + "/lift", new { reason = "Closed" }, Cancel);
        Assert.Equal(HttpStatusCode.NoContent, lifted.StatusCode);

        using var ordered = await admin.PostAsJsonAsync("/api/v1/jobs/erase", new { address = "ann@fabrikam.example" }, Cancel);
        Assert.Equal(HttpStatusCode.Accepted, ordered.StatusCode);
        var job = await EndedAsync(gateway, admin, ordered.Headers.Location!); // 202 says where
        Assert.Equal("done", job.GetProperty("state").GetString());
        using var message = await admin.GetAsync($"/api/v1/messages/{own.Message}", Cancel);
        Assert.Equal(HttpStatusCode.NotFound, message.StatusCode);
        Assert.DoesNotContain("ann@fabrikam.example", job.GetRawText(), StringComparison.OrdinalIgnoreCase);
        var audit = await admin.GetStringAsync("/api/v1/audit", Cancel);
        Assert.Contains("erasure-ordered", audit, StringComparison.Ordinal);
        Assert.Contains("keeping-erase-done", audit, StringComparison.Ordinal);
        Assert.DoesNotContain("ann@fabrikam.example", audit, StringComparison.OrdinalIgnoreCase);
    }

    internal static async Task<JsonElement> EndedAsync(LiveGateway gateway, HttpClient admin, Uri job)
    {
        using var changed = gateway.Get<Signals>().Views.Listen();
        while (true)
        {
            var seen = await admin.GetFromJsonAsync<JsonElement>(job, Cancel);
            if (seen.GetProperty("state").GetString() is not ("waiting" or "running")) return seen;
            await changed.WaitAsync(TimeSpan.FromSeconds(1), TimeProvider.System, Cancel);
        }
    }
}
