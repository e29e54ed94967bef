using System.Net;
using System.Net.Http.Json;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Tests.Api;

/// <summary>What only the bytes of a mail can answer is said to be gone when they are kept no longer: 410 and a sentence.</summary>
public sealed class SourceGoneTests
{
    /// <param name="isShared">Another app of the same delivery keeps the bytes still: they are not this message's any more.</param>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_message_whose_source_was_pruned_says_so(bool isShared)
    {
        await using var gateway = await LiveGateway.StartAsync();
        var (organisation, secret) = await gateway.OrganisationAsync("fabrikam");
        using var member = gateway.Browser(secret);
        var own = await Belongings.OfAsync(gateway, organisation);
        await gateway.Get<IStore>().WriteAsync(
            Lane.Work,
            tx =>
            {
                var sql = tx.For(organisation);
                sql.Execute("UPDATE message SET raw_pruned_at = received_at WHERE organisation_id = @organisation AND id = @Message", new { own.Message });
                return isShared ? 0 : sql.Execute(
                    "DELETE FROM raw_mail WHERE organisation_id = @organisation AND id IN (SELECT raw_id FROM message WHERE organisation_id = @organisation AND id = @Message)", new { own.Message });
            },
            LiveGateway.Cancel);

        foreach (var path in new[] { "source", "attachments/0", "attachments/0/preview", "anatomy" })
        {
            using var page = await member.GetAsync($"/messages/{own.Message}/{path}", LiveGateway.Cancel);
            Assert.Equal((HttpStatusCode.Gone, path), (page.StatusCode, path));
            Assert.Contains("kept no longer", await page.Content.ReadAsStringAsync(LiveGateway.Cancel), StringComparison.Ordinal);
        }
        foreach (var path in new[] { $"/messages/{own.Message}", $"/journeys/{own.Message}" })
        {
            using var page = await member.GetAsync(path, LiveGateway.Cancel);
            Assert.Equal((HttpStatusCode.OK, path), (page.StatusCode, path));
        }
        using var source = await member.GetAsync($"/api/v1/messages/{own.Message}/source", LiveGateway.Cancel);
        Assert.Equal(HttpStatusCode.Gone, source.StatusCode);
        Assert.Contains("kept no longer", await source.Content.ReadAsStringAsync(LiveGateway.Cancel), StringComparison.Ordinal);
        using var dryRun = await member.PostAsJsonAsync("/api/v1/flows/dry-run", new { draft = "{}", messageId = own.Message }, LiveGateway.Cancel);
        Assert.Equal(HttpStatusCode.Gone, dryRun.StatusCode);
        using var reply = await member.PostAsJsonAsync($"/api/v1/messages/{own.Message}/reply", new { key = Guid.CreateVersion7(), replyAll = false, text = "Hello" }, LiveGateway.Cancel);
        Assert.True((int)reply.StatusCode is >= 400 and < 500, $"{reply.StatusCode}");
        await gateway.Get<IStore>().WriteAsync(
            Lane.Work, tx => tx.For(organisation).Execute("UPDATE app SET state = 'unauthorised' WHERE organisation_id = @organisation"), LiveGateway.Cancel);
        using var letter = await member.PostAsJsonAsync("/api/v1/letters", new { appId = own.App, inAnswerTo = own.Message, text = "Hello" }, LiveGateway.Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, letter.StatusCode);
        Assert.Contains("kept no longer", await letter.Content.ReadAsStringAsync(LiveGateway.Cancel), StringComparison.Ordinal);
    }
}
