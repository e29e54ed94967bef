using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace Passerelle.Dev.Run;

/// <summary>Orders a running gateway about over its operator's socket, as the command line does.</summary>
/// <param name="socket">Path of the Unix socket.</param>
internal sealed class OperatorClient(string socket) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancel) =>
        {
            var unix = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await unix.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancel);
            return new NetworkStream(unix, ownsSocket: true);
        },
    })
    {
        BaseAddress = new Uri("http://operator"),
    };

    /// <returns>The answer's JSON; undefined when it has none.</returns>
    /// <exception cref="DevFault">The gateway refused, with its reason.</exception>
    public async Task<JsonElement> SendAsync(HttpMethod verb, string path, object? body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(verb, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await _http.SendAsync(request, cancel);
        var text = await response.Content.ReadAsStringAsync(cancel);
        if (!response.IsSuccessStatusCode) throw new DevFault($"{verb} {path}: {(int)response.StatusCode} {text}");
        return text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
    }

    public Task<JsonElement> GetAsync(string path, CancellationToken cancel) => SendAsync(HttpMethod.Get, path, null, cancel);

    /// <summary>The bytes of an answer that is no JSON.</summary>
    public Task<byte[]> BytesAsync(string path, CancellationToken cancel) => _http.GetByteArrayAsync(new Uri(path, UriKind.Relative), cancel);

    /// <returns>Null while nobody listens, or not everything is well yet.</returns>
    public async Task<string?> ReadyAsync(CancellationToken cancel)
    {
        try
        {
            using var response = await _http.GetAsync(new Uri("/health/ready", UriKind.Relative), cancel);
            return response.StatusCode == HttpStatusCode.OK ? "ready" : null;
        }
        catch (HttpRequestException)
        {
            return null; // not listening yet
        }
    }

    public void Dispose() => _http.Dispose();
}
