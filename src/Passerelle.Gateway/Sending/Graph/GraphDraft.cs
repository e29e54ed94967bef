using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Passerelle.Gateway.Outbound;
using Passerelle.Gateway.Queue;

namespace Passerelle.Gateway.Sending.Graph;

/// <summary>
/// A letter that is too large for one request: a draft without its files, the files one by one, then <c>send</c>
/// (https://learn.microsoft.com/graph/outlook-large-attachments). Until <c>send</c> nothing has left, whatever goes wrong.
/// </summary>
/// <param name="client">Signed in.</param>
/// <param name="http">For the address of an upload, which takes no Authorization.</param>
/// <param name="mailbox">Address of the user.</param>
internal sealed class GraphDraft(HttpClient client, OutboundHttp http, string mailbox, SendingOptions options, TimeProvider time)
{
    /// <summary>From 3 MB on a file needs an upload session, and below it none is given (https://learn.microsoft.com/graph/outlook-large-attachments): the
    /// size that fills a request of 4 MB, which carries it in base64.</summary>
    private const int UploadFrom = 4_000_000 / 4 * 3;

    public async Task<SendOutcome> SendAsync(ReadOnlyMemory<byte> mail, CancellationToken cancel)
    {
        if (GraphMail.WithoutFiles(mail, options.GraphRequestBytes) is not { } parts)
            return new SendOutcome.Refused("The letter without its files is larger than Microsoft Graph takes in one request: only SMTP can send it");
        string? draft = null;
        try
        {
            draft = await BeginAsync(parts.Left, cancel);
            foreach (var file in parts.Files) await AddAsync(draft, file, cancel);
        }
        catch (Refusal refusal)
        {
            await DropAsync(draft, cancel);
            return Unsent(refusal.Outcome);
        }
        catch (Exception failure)
        {
            await DropAsync(draft, cancel);
            return Unsent(GraphSubmission.Classify(failure, hasBegun: true));
        }
        var sent = await GraphSubmission.HandOverAsync(client, $"{draft}/send", [], time, cancel);
        if (sent is not (SendOutcome.Accepted or SendOutcome.Unclear)) await DropAsync(draft, cancel);
        return sent;
    }

    /// <returns>The draft's address.</returns>
    private async Task<string> BeginAsync(byte[] rest, CancellationToken cancel)
    {
        using var content = new ByteArrayContent(GraphMail.Base64(rest));
        content.Headers.ContentType = new MediaTypeHeaderValue("text/plain");
        using var made = await client.PostAsync(new Uri($"{mailbox}/messages"), content, cancel);
        var body = await ReadAsync(made, cancel);
        return $"{mailbox}/messages/{Uri.EscapeDataString(body.GetProperty("id").GetString() ?? "")}";
    }

    private async Task AddAsync(string draft, GraphFile file, CancellationToken cancel)
    {
        if (file.Bytes.Length >= UploadFrom)
        {
            await UploadAsync(draft, file, cancel);
            return;
        }
        using var added = await client.PostAsJsonAsync(
            new Uri($"{draft}/attachments"),
            new JsonObject
            {
                ["@odata.type"] = "#microsoft.graph.fileAttachment",
                ["name"] = file.Name,
                ["contentType"] = file.Type,
                ["isInline"] = file.ContentId is not null,
                ["contentId"] = file.ContentId,
                ["contentBytes"] = Convert.ToBase64String(file.Bytes),
            },
            cancel);
        await ReadAsync(added, cancel);
    }

    private async Task UploadAsync(string draft, GraphFile file, CancellationToken cancel)
    {
        using var opened = await client.PostAsJsonAsync(
            new Uri($"{draft}/attachments/createUploadSession"),
            new JsonObject
            {
                ["AttachmentItem"] = new JsonObject
                {
                    ["attachmentType"] = "file",
                    ["name"] = file.Name,
                    ["contentType"] = file.Type,
                    ["size"] = file.Bytes.Length,
                    ["isInline"] = file.ContentId is not null,
                    ["contentId"] = file.ContentId,
                },
            },
            cancel);
        var address = new Uri((await ReadAsync(opened, cancel)).GetProperty("uploadUrl").GetString() ?? "");
        using var plain = http.Client("graph-uploads");
        plain.Timeout = client.Timeout;
        for (var from = 0; from < file.Bytes.Length; from += options.GraphChunkBytes)
        {
            var to = Math.Min(from + options.GraphChunkBytes, file.Bytes.Length);
            using var piece = new ByteArrayContent(file.Bytes, from, to - from);
            piece.Headers.ContentRange = new ContentRangeHeaderValue(from, to - 1, file.Bytes.Length);
            using var taken = await plain.PutAsync(address, piece, cancel);
            if (!taken.IsSuccessStatusCode) throw new Refusal(await GraphAnswers.ReadAsync(taken, time.GetUtcNow(), cancel));
        }
    }

    private async Task<JsonElement> ReadAsync(HttpResponseMessage answer, CancellationToken cancel) => answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Created
        ? await answer.Content.ReadFromJsonAsync<JsonElement>(cancel)
        : throw new Refusal(await GraphAnswers.ReadAsync(answer, time.GetUtcNow(), cancel));

    /// <summary>What would leave doubt of a letter says of a draft only that it is not there yet.</summary>
    private static SendOutcome Unsent(SendOutcome outcome) => outcome switch
    {
        SendOutcome.Unclear unclear => new SendOutcome.Deferred(unclear.Reason),
        SendOutcome.Accepted accepted => new SendOutcome.Deferred(accepted.Reply), // 202 is no answer to a draft
        _ => outcome,
    } with
    { Last = SubmissionStep.Content };

    /// <summary>A draft that is not sent is of no use to anybody; when it stays all the same, it lies among the mailbox's drafts.</summary>
    private async Task DropAsync(string? draft, CancellationToken cancel)
    {
        if (draft is null) return;
        try
        {
            using var gone = await client.DeleteAsync(new Uri(draft), cancel);
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            // nothing depends on it
        }
    }

    private sealed class Refusal(SendOutcome outcome) : Exception("Microsoft Graph does not take the draft")
    {
        public SendOutcome Outcome => outcome;
    }
}
