using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Outbound;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Polling.Doubts;

/// <summary>
/// <c>GET /users/{mailbox}/mailFolders/sentitems/messages?$filter=internetMessageId eq '…'</c>
/// (https://learn.microsoft.com/graph/api/user-list-messages). Mail.ReadBasic is the least that allows it: no body, no file.
/// </summary>
internal sealed class SentItemsByGraph(GraphTokens tokens, OutboundHttp http, IOptions<AppsOptions> options, ILogger<SentItemsByGraph> log)
{
    private const string Permission = "Mail.ReadBasic";

    public async Task<Sighting> LookAsync(EmailApp app, IReadOnlyCollection<string> ids, CancellationToken cancel) =>
        await tokens.GetAsync(app, Permission, cancel) switch
        {
            TokenAnswer.Ready ready => await LookAsync(app, ready.Secret, ids, cancel),
            TokenAnswer.Broken broken => new Sighting.Closed(broken.Finding.Detail),
            TokenAnswer.Later later => new Sighting.Later(later.Reason),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private async Task<Sighting> LookAsync(EmailApp app, SecretText token, IReadOnlyCollection<string> ids, CancellationToken cancel)
    {
        using var client = http.Client("graph");
        var seen = new HashSet<string>();
        try
        {
            foreach (var id in ids)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, Address(app, id));
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Reveal());
                using var answer = await client.SendAsync(request, cancel);
                if (answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound)
                {
                    return new Sighting.Closed($"Microsoft Graph answered {(int)answer.StatusCode} {await CodeAsync(answer, cancel)}");
                }
                if (!answer.IsSuccessStatusCode) return new Sighting.Later($"Microsoft Graph answered {(int)answer.StatusCode}");
                using var page = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(cancel), cancellationToken: cancel);
                if (page.RootElement.GetProperty("value").GetArrayLength() > 0) seen.Add(id);
            }
            return new Sighting.Seen(seen);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            log.SentItemsAway(failure, app.Id);
            return new Sighting.Later(OutboundRefused.In(failure)?.Message ?? failure.GetType().Name);
        }
    }

    private string Address(EmailApp app, string id) =>
        $"{options.Value.MicrosoftGraph.TrimEnd('/')}/v1.0/users/{Uri.EscapeDataString(app.EmailId)}/mailFolders/sentitems/messages"
        + $"?$filter={Uri.EscapeDataString($"internetMessageId eq '{id.Replace("'", "''", StringComparison.Ordinal)}'")}&$select=id&$top=1";

    /// <summary>The code of Graph's error (https://learn.microsoft.com/graph/errors); empty when it gives none.</summary>
    private static async Task<string> CodeAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        try
        {
            using var body = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(cancel), cancellationToken: cancel);
            return body.RootElement.GetProperty("error").GetProperty("code").GetString() ?? "";
        }
        catch (Exception strange) when (strange is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return "";
        }
    }
}
