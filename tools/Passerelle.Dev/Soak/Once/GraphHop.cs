using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Passerelle.Dev.Soak.Once;

/// <summary>The hop before the lab's Microsoft Graph: passes every request on, and does to one what <see cref="FaultHop"/> is told to.</summary>
internal sealed class GraphHop : IAsyncDisposable
{
    private const long LargestBody = 16 * 1024 * 1024;
    private static readonly string[] NotPassedOn = ["Transfer-Encoding", "Connection", "Content-Length"];
    private readonly FaultHop _hop;
    private readonly HttpClient _graph;
    private readonly WebApplication _app;

    /// <summary>Mailbox of an upload session, by the last part of its address: no token comes with a piece.</summary>
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, string> _uploads = new();

    /// <param name="graph">The lab's address.</param>
    public GraphHop(FaultHop hop, Uri graph)
    {
        _hop = hop;
        _graph = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => hop.Trusts(certificate as System.Security.Cryptography.X509Certificates.X509Certificate2) },
            AllowAutoRedirect = false,
        })
        { BaseAddress = graph };
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            kestrel.Listen(IPAddress.Loopback, 0, endpoint =>
            {
                endpoint.Protocols = HttpProtocols.Http1; // one request, one connection: what is cut is cut for one letter
                endpoint.UseHttps(hop.Certificate);
            });
        });
        _app = builder.Build();
        _app.Run(ServeAsync);
    }

    /// <summary>Once it has started.</summary>
    public Uri Address => field ??= new($"https://localhost:{new Uri(_app.Urls.Single()).Port}");

    public Task StartAsync(CancellationToken cancel) => _app.StartAsync(cancel);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _graph.Dispose();
    }

    private async Task ServeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        var fault = StepOf(http.Request) is var (step, mailbox) ? _hop.Take(mailbox, step) : null;
        if (fault is not null) _hop.Played.Enqueue(fault);
        if (!await BeforeAsync(http, fault)) return;
        using var answer = await AskAsync(http.Request, body.ToArray());
        var said = await answer.Content.ReadAsByteArrayAsync();
        Remember(http.Request.Path, said);
        if (await AfterAsync(http, fault, answer.StatusCode, said)) await AnswerAsync(http.Response, answer, said);
    }

    /// <returns>False: the server is to see nothing.</returns>
    private async Task<bool> BeforeAsync(HttpContext http, HopFault? fault)
    {
        switch (fault?.Deed)
        {
            case HopDeed.CutBefore:
                http.Abort();
                return false;
            case HopDeed.Silent:
                await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                return false;
            case HopDeed.Temporary:
                http.Response.Headers.RetryAfter = "1";
                await RefuseAsync(http.Response, StatusCodes.Status429TooManyRequests, "ApplicationThrottled");
                return false;
            case HopDeed.Permanent:
                await RefuseAsync(http.Response, StatusCodes.Status400BadRequest, "ErrorInvalidRecipients");
                return false;
            case HopDeed.Revoked:
                await RefuseAsync(http.Response, StatusCodes.Status401Unauthorized, "InvalidAuthenticationToken");
                return false;
            case HopDeed.Trouble:
                await RefuseAsync(http.Response, StatusCodes.Status500InternalServerError, "ErrorInternalServerError");
                return false;
            case HopDeed.KillBefore:
                await _hop.Strike(fault);
                http.Abort();
                return false;
            case HopDeed.DatabaseAway:
                await _hop.Strike(fault);
                return true;
            default:
                return true;
        }
    }

    /// <returns>False: the client is not to have the answer.</returns>
    private async Task<bool> AfterAsync(HttpContext http, HopFault? fault, HttpStatusCode status, byte[] said)
    {
        switch (fault?.Deed)
        {
            case HopDeed.CutAfter:
                http.Abort();
                return false;
            case HopDeed.CutInReply:
                http.Response.StatusCode = (int)status;
                http.Response.ContentLength = said.Length + 2;
                await http.Response.Body.WriteAsync("{ "u8.ToArray(), http.RequestAborted);
                await http.Response.Body.FlushAsync(http.RequestAborted);
                http.Abort();
                return false;
            case HopDeed.Late:
                await Task.Delay(FaultHop.TooLate, CancellationToken.None);
                return true;
            case HopDeed.TroubleAfter:
                await RefuseAsync(http.Response, StatusCodes.Status502BadGateway, "BadGateway");
                return false;
            case HopDeed.KillAfter:
                await _hop.Strike(fault);
                http.Abort();
                return false;
            default:
                return true;
        }
    }

    /// <summary>What the client does not wait for is done all the same: no cancellation.</summary>
    private async Task<HttpResponseMessage> AskAsync(HttpRequest request, byte[] body)
    {
        using var question = new HttpRequestMessage(new HttpMethod(request.Method), request.Path + request.QueryString)
        {
            Content = body.Length > 0 ? new ByteArrayContent(body) : null,
        };
        foreach (var (name, values) in request.Headers.Where(header => !NotPassedOn.Contains(header.Key, StringComparer.OrdinalIgnoreCase)))
        {
            if (!question.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values)) question.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }
        return await _graph.SendAsync(question); // Host is ours: the address of an upload leads here
    }

    private static async Task AnswerAsync(HttpResponse response, HttpResponseMessage answer, byte[] said)
    {
        response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(header => !NotPassedOn.Contains(header.Key, StringComparer.OrdinalIgnoreCase)))
            response.Headers[name] = values.ToArray();
        if (said.Length == 0) return;
        response.ContentLength = said.Length;
        await response.Body.WriteAsync(said, CancellationToken.None);
    }

    private static Task RefuseAsync(HttpResponse response, int status, string code)
    {
        response.StatusCode = status;
        return response.WriteAsJsonAsync(new { error = new { code, message = "Said by the hop" } });
    }

    /// <returns>Null: a request in which nothing goes wrong.</returns>
    private (HopStep Step, string Mailbox)? StepOf(HttpRequest request) => (request.Method, request.Path.Value!.Split('/')) switch // a request has a path
    {
        ("POST", ["", "v1.0", "users", var mailbox, "sendMail"]) => (HopStep.GraphMail, mailbox),
        ("POST", ["", "v1.0", "users", var mailbox, "messages"]) => (HopStep.GraphDraft, mailbox),
        ("POST", ["", "v1.0", "users", var mailbox, "messages", _, "attachments"]) => (HopStep.GraphFile, mailbox),
        ("POST", ["", "v1.0", "users", var mailbox, "messages", _, "attachments", "createUploadSession"]) => (HopStep.GraphSession, mailbox),
        ("POST", ["", "v1.0", "users", var mailbox, "messages", _, "send"]) => (HopStep.GraphSend, mailbox),
        ("PUT", var path) when _uploads.TryGetValue(path[^1], out var mailbox) && !request.Headers.ContentRange.ToString().StartsWith("bytes 0-", StringComparison.Ordinal) => (HopStep.GraphPiece, mailbox),
        _ => null,
    };

    private void Remember(string path, byte[] said)
    {
        if (!path.EndsWith("/createUploadSession", StringComparison.Ordinal)) return;
        using var session = System.Text.Json.JsonDocument.Parse(said);
        if (session.RootElement.TryGetProperty("uploadUrl", out var address)) _uploads[address.GetString()!.Split('/')[^1]] = path.Split('/')[3]; // an address is text
    }
}
