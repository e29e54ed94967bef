using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Outbound;
using Passerelle.Mail.Replies;

namespace Passerelle.Gateway.Sending.Orders;

/// <summary>Brings the files of an order together: all of them are here before the letter is written, or none is.</summary>
internal sealed partial class OrderedFiles(Uploads uploads, OutboundHttp http, IOptions<SendingOptions> options, IOptions<OutboundOptions> outbound, TimeProvider time)
{
    private const int MostFiles = 100;

    /// <returns>The files; or the sentence that says what is wrong with one.</returns>
    public async Task<(IReadOnlyList<Enclosure> Files, string? Refusal)> GatherAsync(Guid organisationId, IReadOnlyList<OrderedFile> ordered, CancellationToken cancel)
    {
        if (ordered.Count > MostFiles) return ([], $"A letter takes {MostFiles} files at most");
        var files = new List<Enclosure>();
        var left = options.Value.MaxFilesBytes;
        foreach (var file in ordered)
        {
            if (file.ContentId is { } id && !ContentId().IsMatch(id)) return ([], "A content id is up to 200 letters, digits and . _ + @ -");
            var (gathered, refusal) = await OneAsync(organisationId, file, left, cancel);
            if (gathered is null) return ([], refusal);
            left -= gathered.Content.Length;
            files.Add(gathered with { ContentId = file.ContentId });
        }
        return (files, null);
    }

    private async Task<(Enclosure? File, string? Refusal)> OneAsync(Guid organisationId, OrderedFile file, long most, CancellationToken cancel) => file switch
    {
        { Base64: { } text, Upload: null, Url: null } => OfBase64(file, text, most),
        { Upload: { } id, Base64: null, Url: null } => await OfUploadAsync(organisationId, file, id, most, cancel),
        { Url: { } url, Base64: null, Upload: null } => await OfUrlAsync(file, url, most, cancel),
        _ => (null, "A file is given by one of base64, upload and url"),
    };

    private (Enclosure?, string?) OfBase64(OrderedFile file, string text, long most)
    {
        if (text.Length / 4 * 3 > most + 3) return (null, TooMuch);
        var bytes = new byte[(text.Length / 4 * 3) + 3];
        if (!Convert.TryFromBase64String(text, bytes, out var length)) return (null, $"{Called(file)} is not base64");
        return length > most ? (null, TooMuch) : (new Enclosure(file.Name ?? "", file.Type ?? "", bytes.AsMemory(0, length)), null);
    }

    private async Task<(Enclosure?, string?)> OfUploadAsync(Guid organisationId, OrderedFile file, Guid id, long most, CancellationToken cancel) =>
        await uploads.FindAsync(organisationId, id, cancel) switch
        {
            null => (null, $"There is no upload {id} (any more): upload it again"),
            { Content.Length: var length } when length > most => (null, TooMuch),
            { } upload => (new Enclosure(file.Name ?? upload.Name, file.Type ?? upload.Type, upload.Content), null),
        };

    /// <summary>The host is judged by the outbound policy at the connection itself; nothing follows a redirect.</summary>
    private async Task<(Enclosure?, string?)> OfUrlAsync(OrderedFile file, Uri url, long most, CancellationToken cancel)
    {
        if (!url.IsAbsoluteUri || url.Scheme is not ("https" or "http")) return (null, $"{Called(file)}: give an address that begins with https://");
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(outbound.Value.RequestSeconds), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancel);
        try
        {
            using var client = http.Client("files");
            using var answer = await client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if ((int)answer.StatusCode != 200) return (null, $"{url.Host} answered {(int)answer.StatusCode} instead of a file");
            await using var content = await answer.Content.ReadAsStreamAsync(either.Token);
            return await BoundedContent.ReadAsync(content, most, either.Token) is { } bytes
                ? (new Enclosure(file.Name ?? Uri.UnescapeDataString(url.Segments[^1]), file.Type ?? answer.Content.Headers.ContentType?.MediaType ?? "", bytes), null)
                : (null, TooMuch);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or OperationCanceledException && !cancel.IsCancellationRequested)
        {
            return (null, OutboundRefused.In(failure)?.Message ?? $"{url.Host} did not give the file ({failure.GetType().Name})");
        }
    }

    private string TooMuch => $"The files are larger than {options.Value.MaxFilesBytes} bytes together";

    private static string Called(OrderedFile file) => string.IsNullOrEmpty(file.Name) ? "A file" : $"The file {file.Name}";

    /// <summary>What may stand in Content-ID and, unescaped, in a <c>cid:</c> address (RFC 2392).</summary>
    [GeneratedRegex(@"\A[A-Za-z0-9._+@-]{1,200}\z", RegexOptions.NonBacktracking)]
    private static partial Regex ContentId();
}
