using System.Globalization;
using System.Text.Json;
using Passerelle.Lab.Testing;

namespace Passerelle.Dev.Soak.Tokens;

/// <summary>What the other side saw, read from the lab's own log before it forgets: the soak believes nothing that the gateway says of itself.</summary>
internal sealed class LabLog(LabControl control, string lab)
{
    private long _last;

    /// <summary>Requests at the token endpoint by client id, those that a fault answered too: when.</summary>
    public Dictionary<string, List<DateTimeOffset>> Requests { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Refusals of the token endpoint by client id, and of SMTP AUTH by mailbox.</summary>
    public List<(string Who, string Answer, DateTimeOffset At)> Refusals { get; } = [];

    /// <summary>Message-ID to how often Exchange took it, and when first.</summary>
    public Dictionary<string, (int Times, DateTimeOffset At)> Submitted { get; } = [];

    public async Task ReadAsync(CancellationToken cancel)
    {
        var entries = await control.SendAsync(
            HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"labs/{lab}/log?after={_last}"), null, cancel);
        foreach (var entry in entries.EnumerateArray())
        {
            var number = entry.GetProperty("number").GetInt64();
            if (_last > 0 && number > _last + 1) throw new InvalidOperationException($"The lab's log went past {_last + 1}: read it more often");
            _last = number;
            Take(Text(entry, "kind"), Text(entry, "who"), Text(entry, "answer"), Text(entry, "messageId"), entry.GetProperty("at").GetDateTimeOffset());
        }
    }

    private void Take(string kind, string who, string answer, string messageId, DateTimeOffset at)
    {
        switch (kind)
        {
            case "token" or "fault":
                if (!Requests.TryGetValue(who, out var times)) Requests[who] = times = [];
                times.Add(at);
                if (answer.Contains("AADSTS", StringComparison.Ordinal)) Refusals.Add((who, answer, at));
                break;
            case "auth" when answer.StartsWith('5'):
                Refusals.Add((who, answer, at));
                break;
            case "submit" when messageId.Length > 0 && answer.StartsWith('2'):
                Submitted[messageId] = Submitted.TryGetValue(messageId, out var before) ? (before.Times + 1, before.At) : (1, at);
                break;
        }
    }

    private static string Text(JsonElement entry, string name) =>
        entry.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() ?? "" : "";
}
