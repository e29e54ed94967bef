using System.Collections.Concurrent;
using System.Globalization;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Queue;

namespace Passerelle.Gateway.Sending.Hosts;

/// <summary>The gate of each host that letters leave by. What an app signs in with never closes one: that is said after somebody has answered.</summary>
internal sealed class HostGates(TimeProvider time, ILogger<HostGates> log)
{
    private readonly ConcurrentDictionary<(string Host, string Way), HostGate> _gates = new();

    /// <summary>Those that answer nobody now, by name.</summary>
    public IReadOnlyList<(string Host, HostAbsence Absence)> Away =>
        [.. from one in _gates let absence = one.Value.Absence where absence is not null orderby one.Key.Host select (one.Key.Host, absence)];

    /// <summary>One port in two ways is two hosts: TLS that fails because an app's setting is wrong says nothing of the others.</summary>
    public Task<SendOutcome> BySmtpAsync(EmailApp app, ClaimedLetter letter, Func<Task> mark, Func<Func<Task>, Task<SendOutcome>> send)
    {
        var host = string.Create(CultureInfo.InvariantCulture, $"{app.SmtpHost.ToLowerInvariant()}:{app.SmtpPort}");
        var gate = Of(host, app.SmtpSecurity);
        return ThroughAsync(host, gate, letter, () => send(() =>
        {
            Hear(host, gate); // signed in: a long letter need not have left before others may come
            return mark();
        }));
    }

    public Task<SendOutcome> ByGraphAsync(string address, ClaimedLetter letter, Func<Task<SendOutcome>> send)
    {
        var host = new Uri(address).Authority;
        return ThroughAsync(host, Of(host, "graph"), letter, send);
    }

    private HostGate Of(string host, string way) => _gates.GetOrAdd((host, way), _ => new HostGate(time));

    private async Task<SendOutcome> ThroughAsync(string host, HostGate gate, ClaimedLetter letter, Func<Task<SendOutcome>> send)
    {
        var entry = gate.Enter(isAnswer: letter.Row.Lane == (long)LetterLane.Answer);
        if (entry.ComeAgain is { } at) return Waiting(host, gate, at, "");
        SendOutcome outcome;
        try
        {
            outcome = await send();
        }
        catch
        {
            gate.Left(entry); // stopped, or somebody else's by now
            throw;
        }
        if (outcome is not SendOutcome.Deferred { NobodyThere: true } nobody)
        {
            Hear(host, gate);
            return outcome;
        }
        if (gate.Unanswered(entry, nobody.Reason)) log.HostClosed(host, nobody.Reason);
        return gate.Absence is { NextTry: var next } ? Waiting(host, gate, next, nobody.Reason) : outcome;
    }

    private void Hear(string host, HostGate gate)
    {
        if (gate.Answered()) log.HostOpen(host);
    }

    /// <summary>The host's time and not the letter's: no attempt is burned.</summary>
    private SendOutcome.Deferred Waiting(string host, HostGate gate, DateTimeOffset until, string words)
    {
        if (gate.Absence is not { } absence) return new(words) { Until = time.GetUtcNow(), Last = SubmissionStep.Connect }; // it has just opened
        var last = words.Length > 0 ? words : absence.Words;
        return new($"{host} answers nobody since {Moment(absence.Since)} ({last}); next try {Moment(absence.NextTry)} UTC") { Until = until, Last = SubmissionStep.Connect };
    }

    private string Moment(DateTimeOffset at) =>
        at.UtcDateTime.ToString(at.UtcDateTime.Date == time.GetUtcNow().UtcDateTime.Date ? "HH:mm:ss" : "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
