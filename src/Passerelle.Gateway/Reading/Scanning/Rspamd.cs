using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Passerelle.Gateway.Reading.Scanning;

/// <summary>
/// Asks rspamd by <c>/checkv2</c> (rspamd.com/doc/developers/protocol.html): the mail as the body, who delivered it for whom in headers.
/// The mail has been accepted, so what asks a server to try later ("greylist", "soft reject") is no spam here.
/// </summary>
internal sealed class Rspamd : IDisposable
{
    private const int LongestAnswer = 1024 * 1024;
    private const int MostSymbols = 5;
    private static readonly string[] OfSpam = ["reject", "add header", "rewrite subject", "quarantine", "discard"];
    private static readonly string[] OfHam = ["no action", "greylist", "soft reject", "accept"];
    private readonly IOptions<ReadingOptions> _options;
    private readonly HttpClient _http;

    public Rspamd(IOptions<ReadingOptions> options)
    {
        _options = options;
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8, // an address may be in UTF-8 (RFC 6531)
        })
        {
            Timeout = TimeSpan.FromSeconds(options.Value.ScanSeconds),
            MaxResponseContentBufferSize = LongestAnswer,
        };
    }

    public bool IsConfigured => _options.Value.Rspamd.Length > 0;

    /// <summary>Throws nothing but cancellation.</summary>
    public async Task<SpamFinding> AskAsync(ScannedMail mail, CancellationToken cancel)
    {
        try
        {
            var request = RequestFor(mail); // not disposed: that would close the mail, which is its reader's
            using var answer = await _http.SendAsync(request, cancel);
            return answer.IsSuccessStatusCode
                ? FindingOf(await answer.Content.ReadAsByteArrayAsync(cancel))
                : new SpamFinding.Later(string.Create(CultureInfo.InvariantCulture, $"rspamd answered {(int)answer.StatusCode}"));
        }
        catch (Exception failure) when (!cancel.IsCancellationRequested && Trouble(failure) is { } trouble)
        {
            return new SpamFinding.Later($"rspamd {trouble}");
        }
    }

    public void Dispose() => _http.Dispose();

    /// <param name="json">Of <c>/checkv2</c>.</param>
    public static SpamFinding FindingOf(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var action = document.RootElement.GetProperty("action").GetString() ?? "";
            var (score, most) = (document.RootElement.GetProperty("score").GetDouble(), document.RootElement.GetProperty("required_score").GetDouble());
            if (!OfSpam.Contains(action) && !OfHam.Contains(action)) return new SpamFinding.Later("rspamd answered with an action that nobody knows");
            return new SpamFinding.Judged(
                OfSpam.Contains(action),
                string.Create(CultureInfo.InvariantCulture, $"rspamd: {action}, score {score:0.##} of {most:0.##}{Symbols(document.RootElement)}"));
        }
        catch (Exception nonsense) when (nonsense is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return new SpamFinding.Later("rspamd answered what nobody understands");
        }
    }

    /// <summary>Those that count most, " (A, B)"; empty where there are none.</summary>
    private static string Symbols(JsonElement answer)
    {
        if (!answer.TryGetProperty("symbols", out var symbols) || symbols.ValueKind is not JsonValueKind.Object) return "";
        var names = symbols.EnumerateObject()
            .OrderByDescending(symbol => symbol.Value.TryGetProperty("score", out var score) ? Math.Abs(score.GetDouble()) : 0)
            .Take(MostSymbols)
            .Select(symbol => symbol.Name)
            .ToList();
        return names.Count > 0 ? $" ({string.Join(", ", names)})" : "";
    }

    private HttpRequestMessage RequestFor(ScannedMail mail)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(new Uri(_options.Value.Rspamd), "/checkv2")) { Content = new StreamContent(mail.Raw) };
        request.Headers.TryAddWithoutValidation("Queue-Id", mail.Id.ToString("N"));
        request.Headers.TryAddWithoutValidation("From", OneLine(mail.EnvelopeFrom));
        request.Headers.TryAddWithoutValidation("Rcpt", OneLine(mail.EnvelopeTo));
        if (mail.Client is { } client) request.Headers.TryAddWithoutValidation("IP", client.ToString());
        if (mail.Helo.Length > 0) request.Headers.TryAddWithoutValidation("Helo", OneLine(mail.Helo));
        return request;
    }

    /// <returns>What is wrong on the other side; null: the failure is ours.</returns>
    private static string? Trouble(Exception failure) => failure switch
    {
        OperationCanceledException => "gave no answer in time",
        HttpRequestException http => $"cannot be asked ({http.HttpRequestError})",
        IOException => "broke off",
        _ => null,
    };

    private static string OneLine(string text) => string.Concat(text.Where(letter => !char.IsControl(letter)));
}
