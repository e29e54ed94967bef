using System.Text.Json;

namespace Passerelle.Lab.Testing;

/// <summary>One mail of a lab's store.</summary>
/// <param name="Folder">inbox, sent-items or junk.</param>
/// <param name="ReversePath">Envelope sender; empty for the null sender.</param>
/// <param name="MessageId">Without angle brackets.</param>
public sealed record LabMailItem(
    Guid Id, string Mailbox, string Folder, DateTimeOffset ReceivedAt, string ReversePath, string? MessageId, string? InReplyTo,
    IReadOnlyList<string> References, string Subject, string From, string To, string? AutoSubmitted);

/// <summary>One line of a lab's log: who did what, with which token, and what was answered.</summary>
/// <param name="Kind">auth, submit, receive, deliver, forward, relay, ndr, auto-reply.</param>
public sealed record LabLogItem(DateTimeOffset At, string Kind, string Who, string Answer, string? MessageId, LabTokenMark? Token)
{
    /// <summary>DATA or BDAT: what carried a mail that the lab relayed; null for other lines.</summary>
    public string? Command { get; init; }
}

/// <summary>What identifies a token without being one.</summary>
public sealed record LabTokenMark(
    string? Jti, string? Uti, string? ObjectId, string? AppId, string? Upn, string? Scopes);

/// <summary>The mail of one lab, through its control API.</summary>
public sealed class LabMail(LabControl control, string lab)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web);
    private readonly string _base = $"labs/{lab}/exchange/";

    /// <summary>Mail for the domain goes to this loopback <c>host:port</c> from now on; what waits is tried at once.</summary>
    /// <param name="bdat">Content by BDAT where the receiver offers CHUNKING, as Exchange does; false: always by DATA.</param>
    /// <exception cref="LabRefusedException">400: not a loopback address.</exception>
    public Task RouteAsync(string domain, string target, CancellationToken cancel, bool bdat = true) =>
        control.SendAsync(HttpMethod.Put, $"{_base}routes/{domain}", new { target, bdat }, cancel);

    /// <summary>Writes as a customer or mailbox, by that person's own way.</summary>
    /// <param name="references">Of the mail that is answered; it is added itself (RFC 5322 §3.6.4).</param>
    /// <returns>The Message-ID, without angle brackets.</returns>
    public async Task<string> WriteAsync(
        string from, string to, string subject, string text, CancellationToken cancel, string? inReplyTo = null, IReadOnlyList<string>? references = null)
    {
        var sent = await control.SendAsync(HttpMethod.Post, $"{_base}people/{Uri.EscapeDataString(from)}/send",
            new { to = new[] { to }, subject, text, inReplyTo, references = references ?? [] }, cancel);
        return sent.GetProperty("messageId").GetString()!; // the lab always names it
    }

    /// <returns>Newest first.</returns>
    public async Task<IReadOnlyList<LabMailItem>> ListAsync(string address, string folder, CancellationToken cancel) =>
        Of<LabMailItem[]>(await control.SendAsync(
            HttpMethod.Get, $"{_base}people/{Uri.EscapeDataString(address)}/mail?folder={folder}", null, cancel));

    /// <summary>The first mail, here or to come, that fits.</summary>
    /// <returns>Null when none came within the time.</returns>
    public async Task<LabMailItem?> WaitAsync(
        string mailbox, TimeSpan atMost, CancellationToken cancel, string? subject = null, string? inReplyTo = null, string folder = "inbox")
    {
        var question = $"{_base}mail/wait?mailbox={Uri.EscapeDataString(mailbox)}&folder={folder}&seconds={(int)Math.Ceiling(atMost.TotalSeconds)}"
            + (subject is null ? "" : $"&subject={Uri.EscapeDataString(subject)}")
            + (inReplyTo is null ? "" : $"&inReplyTo={Uri.EscapeDataString(inReplyTo)}");
        var answer = await control.SendAsync(HttpMethod.Get, question, null, cancel);
        return answer.ValueKind == JsonValueKind.Undefined ? null : Of<LabMailItem>(answer);
    }

    /// <summary>The exact bytes.</summary>
    public Task<byte[]> RawAsync(Guid id, CancellationToken cancel) =>
        control.Http.GetByteArrayAsync(new Uri($"{_base}mail/{id}/raw", UriKind.Relative), cancel);

    /// <param name="responder">off, out-of-office or naive.</param>
    public Task RespondAsync(string address, string responder, CancellationToken cancel) =>
        control.SendAsync(HttpMethod.Put, $"{_base}people/{Uri.EscapeDataString(address)}/responder", new { responder }, cancel);

    /// <returns>Oldest first; of one kind when it is named.</returns>
    public async Task<IReadOnlyList<LabLogItem>> LogAsync(string? kind, CancellationToken cancel) =>
        Of<LabLogItem[]>(await control.SendAsync(HttpMethod.Get, $"{_base}log{(kind is null ? "" : $"?kind={kind}")}", null, cancel));

    private static T Of<T>(JsonElement json) => json.Deserialize<T>(Format)!; // the lab answers no null here
}
