using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Api;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Commands;

/// <summary>Talks to the running server over the operator's socket, <c>DATA/run/operator.sock</c>.</summary>
internal sealed class OperatorClient : IGateway
{
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private readonly HttpClient _http;
    private readonly string _dataFolder;

    public OperatorClient(string dataFolder, string? organisation)
    {
        _dataFolder = dataFolder;
        var socket = OperatorDoor.PathIn(dataFolder);
        _http = new HttpClient(new SocketsHttpHandler
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
            Timeout = Timeout.InfiniteTimeSpan, // a backup takes as long as the disk needs; Ctrl+C ends it
        };
        if (organisation is not null) _http.DefaultRequestHeaders.Add(OperatorAuthentication.OrganisationHeader, organisation);
    }

    public async Task<IReadOnlyList<AppView>> AppsAsync(CancellationToken cancel) =>
        await SendAsync<List<AppView>>(HttpMethod.Get, "/api/v1/apps", null, cancel) ?? [];

    public async Task<IReadOnlyList<Finding>> ExamineAsync(Guid appId, CancellationToken cancel) =>
        await SendAsync<List<Finding>>(HttpMethod.Post, $"/api/v1/apps/{appId}/examination", null, cancel) ?? [];

    public async Task<string> ExportAsync(Guid? appId, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, appId is { } id ? $"/api/v1/apps/{id}/document" : "/api/v1/apps/document");
        using var response = await AnswerAsync(request, cancel);
        return response.IsSuccessStatusCode ? await response.Content.ReadAsStringAsync(cancel) : throw new CommandFault(await ReasonAsync(response, cancel));
    }

    public async Task<ApplyAnswer> ApplyAsync(ApplyOrder order, CancellationToken cancel) =>
        await SendAsync<ApplyAnswer>(HttpMethod.Post, "/api/v1/apps/document", order, cancel) ?? throw new CommandFault("The server answered nothing; its log says why.");

    public Task BackupAsync(string folder, CancellationToken cancel) =>
        SendAsync<JsonElement>(HttpMethod.Post, "/api/v1/backup", new BackupOrder(folder), cancel);

    /// <summary>An order whose answer tells something.</summary>
    public async Task<T> AskAsync<T>(HttpMethod verb, string path, object? body, CancellationToken cancel) =>
        await SendAsync<T>(verb, path, body, cancel) ?? throw new CommandFault("The server answered nothing; its log says why.");

    /// <summary>An order that is answered by being obeyed.</summary>
    public Task OrderAsync(HttpMethod verb, string path, object? body, CancellationToken cancel) => SendAsync<JsonElement>(verb, path, body, cancel);

    public async Task DownloadAsync(string path, Stream to, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using var response = await AnswerAsync(request, cancel, HttpCompletionOption.ResponseHeadersRead);
        if (!response.IsSuccessStatusCode) throw new CommandFault(await ReasonAsync(response, cancel));
        await response.Content.CopyToAsync(to, cancel);
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<T?> SendAsync<T>(HttpMethod verb, string path, object? body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(verb, path) { Content = body is null ? null : JsonContent.Create(body, options: Json) };
        using var response = await AnswerAsync(request, cancel);
        if (response.StatusCode is HttpStatusCode.NoContent) return default;
        if (response.IsSuccessStatusCode) return await response.Content.ReadFromJsonAsync<T>(Json, cancel);
        throw new CommandFault(await ReasonAsync(response, cancel));
    }

    private async Task<HttpResponseMessage> AnswerAsync(
        HttpRequestMessage request, CancellationToken cancel, HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead)
    {
        try
        {
            return await _http.SendAsync(request, completion, cancel);
        }
        catch (HttpRequestException failure) when (failure.InnerException is SocketException { SocketErrorCode: SocketError.AccessDenied })
        {
            throw new CommandFault($"The server's socket {OperatorDoor.PathIn(_dataFolder)} is not open to this user: run the command as the user that runs the server.");
        }
        catch (HttpRequestException)
        {
            throw new CommandFault(
                $"The data folder {_dataFolder} is in use by {DataFolderLock.HolderOf(_dataFolder)}, but no server answers on {OperatorDoor.PathIn(_dataFolder)}: wait until it has started or the other command has ended.");
        }
    }

    private static async Task<string> ReasonAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        try
        {
            var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Json, cancel);
            if (problem.TryGetProperty("detail", out var detail) && detail.GetString() is { Length: > 0 } text) return text;
        }
        catch (JsonException)
        {
            // no problem document: the status says what there is to say
        }
        return response.StatusCode is HttpStatusCode.NotFound
            ? "The server knows nothing of that name."
            : $"The server answered {(int)response.StatusCode}; its log says why.";
    }
}
