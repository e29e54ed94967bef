using System.Text.Json;

namespace Passerelle.Lab.Testing;

/// <summary>A fault to arm. Give one of <see cref="Code"/>, <see cref="Reply"/>, <see cref="Http"/> and <see cref="Silent"/>;
/// with none of them and a <see cref="Delay"/> the true answer comes late.</summary>
/// <param name="Where"><c>authorize</c>, <c>token</c>, <c>discovery</c>, <c>keys</c>, <c>graph</c>, <c>smtp-auth</c>,
/// <c>smtp-mail</c>, <c>smtp-rcpt</c>, <c>smtp-data</c>, <c>mx</c>, <c>dns</c> or <c>relay</c>.</param>
public sealed record LabFault(string Where)
{
    /// <summary>Of the catalogue, such as <c>AADSTS50173</c>, <c>430-4.2.0</c>, <c>ApplicationThrottled</c>, <c>SERVFAIL</c>.</summary>
    public string? Code { get; init; }

    /// <summary>A whole SMTP reply, or one DNS record such as <c>MX 10 mx.elsewhere.example</c>.</summary>
    public string? Reply { get; init; }

    /// <summary>An HTTP answer of your own.</summary>
    public LabHttpReply? Http { get; init; }

    /// <summary>Never answers.</summary>
    public bool Silent { get; init; }

    /// <summary>On the host's clock.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Only this application; null is any.</summary>
    public string? ClientId { get; init; }

    /// <summary>Only this mailbox; null is any.</summary>
    public string? Mailbox { get; init; }

    /// <summary>Only this domain and what is below it; null is any.</summary>
    public string? Domain { get; init; }

    /// <summary>How often it happens; null: until it is disarmed.</summary>
    public int? Times { get; init; } = 1;

    /// <summary>Above 0 and at most 1.</summary>
    public double Probability { get; init; } = 1;
}

/// <param name="Body">Null with <paramref name="Bytes"/> above 0 means filler of that length.</param>
public sealed record LabHttpReply(
    int Status = 503, string ContentType = "text/html; charset=utf-8", string? Body = null, int Bytes = 0, int? RetryAfterSeconds = null);

/// <summary>One row of the fault catalogue.</summary>
/// <param name="Answer">As on the wire: message of the OAuth or Graph error, the whole SMTP reply.</param>
/// <param name="Step">The step of the guide that is wrong.</param>
public sealed record LabFaultCode(
    string Code, IReadOnlyList<string> Places, string Answer, string Step, string Fact, int? Status, string? Error);

/// <summary>The faults of one lab, through its control API.</summary>
public sealed class LabFaults(LabControl control, string lab)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web);

    /// <returns>The id to disarm it by.</returns>
    /// <exception cref="LabRefusedException">400: the order contradicts itself, or the catalogue has no such code there.</exception>
    public async Task<Guid> ArmAsync(LabFault fault, CancellationToken cancel) =>
        (await control.SendAsync(HttpMethod.Post, $"labs/{lab}/faults", new
        {
            where = fault.Where,
            code = fault.Code,
            reply = fault.Reply,
            http = fault.Http,
            silent = fault.Silent,
            delayMilliseconds = (int)fault.Delay.TotalMilliseconds,
            only = new { clientId = fault.ClientId, mailbox = fault.Mailbox, domain = fault.Domain },
            times = fault.Times ?? 1,
            always = fault.Times is null,
            probability = fault.Probability,
        }, cancel)).GetProperty("id").GetGuid();

    /// <summary>What is armed now, in the order in which it is tried.</summary>
    public async Task<IReadOnlyList<JsonElement>> ListAsync(CancellationToken cancel) =>
        [.. (await control.SendAsync(HttpMethod.Get, $"labs/{lab}/faults", null, cancel)).EnumerateArray()];

    /// <exception cref="LabRefusedException">404: it is not armed any more.</exception>
    public Task DisarmAsync(Guid id, CancellationToken cancel) => control.SendAsync(HttpMethod.Delete, $"labs/{lab}/faults/{id}", null, cancel);

    /// <summary>Nothing goes wrong on purpose any more.</summary>
    public Task ClearAsync(CancellationToken cancel) => control.SendAsync(HttpMethod.Delete, $"labs/{lab}/faults", null, cancel);

    /// <summary>Everything that can be armed by code.</summary>
    /// <param name="search">Any part of a code or its words, or a step of the guide; null is all.</param>
    public async Task<IReadOnlyList<LabFaultCode>> CatalogueAsync(string? search, CancellationToken cancel) =>
        (await control.SendAsync(HttpMethod.Get, "faults/catalogue?q=" + Uri.EscapeDataString(search ?? ""), null, cancel))
            .Deserialize<LabFaultCode[]>(Format) ?? [];
}
