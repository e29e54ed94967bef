using Passerelle.Lab.Faults;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Control;

/// <param name="Code">A row of the catalogue that fits the place.</param>
/// <param name="Times">How often; ignored when <paramref name="Always"/>.</param>
/// <param name="Probability">Of each time that it fits, above 0 and at most 1.</param>
internal sealed record FaultOrder(
    FaultPlace Where, string? Code = null, string? Reply = null, HttpReply? Http = null, bool Silent = false, int DelayMilliseconds = 0,
    FaultFilter? Only = null, int Times = 1, bool Always = false, double Probability = 1);

/// <summary>Orders that arm and disarm faults.</summary>
internal sealed class FaultCommands(Labs labs)
{
    private const int MostFaults = 200;
    private const int LongestDelay = 600_000;
    private const int LargestBody = 16 * 1024 * 1024;

    public Change Arm(string name, FaultOrder order)
    {
        if (labs.Named(name) is not { } lab) return LabCommands.NoLab(name);
        if (Wrong(order) is { } reason) return new Change.Refused(reason);
        var fault = new Fault
        {
            Id = lab.NewId(),
            Where = order.Where,
            Code = order.Code is { } code ? FaultCatalogue.Find(code, order.Where)?.Code : null,
            Reply = order.Reply,
            Http = order.Http,
            Silent = order.Silent,
            DelayMilliseconds = order.DelayMilliseconds,
            Only = order.Only ?? new FaultFilter(),
            Left = order.Always ? null : order.Times,
            Probability = order.Probability,
        };
        return lab.Change(state => state.Faults.Length >= MostFaults
            ? (state, (Change)new Change.Refused($"A lab has at most {MostFaults} faults at once."))
            : (state with { Faults = state.Faults.Add(fault) }, new Change.Made(fault)));
    }

    public Change Disarm(string name, Guid id) => labs.Named(name) is not { } lab ? LabCommands.NoLab(name)
        : lab.Change(state => state.Faults.FirstOrDefault(f => f.Id == id) is { } armed
            ? (state with { Faults = state.Faults.Remove(armed) }, (Change)new Change.Done())
            : (state, new Change.Missing("There is no such fault; one that has happened as often as it should is gone.")));

    public Change Clear(string name)
    {
        if (labs.Named(name) is not { } lab) return LabCommands.NoLab(name);
        lab.Change(state => state with { Faults = [] });
        return new Change.Done();
    }

    /// <returns>Null when the order can be carried out.</returns>
    private static string? Wrong(FaultOrder order)
    {
        var told = new object?[] { order.Code, order.Reply, order.Http, order.Silent ? order : null }.Count(one => one is not null);
        var http = order.Where is FaultPlace.Authorize or FaultPlace.Token or FaultPlace.Discovery or FaultPlace.Keys or FaultPlace.Graph;
        return order switch
        {
            _ when told > 1 => "Give one of code, reply, http and silent.",
            _ when told == 0 && order.DelayMilliseconds == 0 => "Say what goes wrong: code, reply, http, silent, or a delay alone.",
            { Times: < 1 or > 1_000_000 } => "times is 1 to 1,000,000; or set always.",
            { Probability: <= 0 or > 1 } => "probability is above 0 and at most 1.",
            { DelayMilliseconds: < 0 or > LongestDelay } => "delayMilliseconds is 0 to 600,000.",
            { Http.Bytes: < 0 or > LargestBody } => "http.bytes is 0 to 16 MiB.",
            { Http.Status: < 200 or > 599 } => "http.status is 200 to 599.",
            { Http: not null } when !http => "http is for authorize, token, discovery, keys and graph.",
            { Reply: not null } when http => "reply is for SMTP, IMAP and DNS; use http or code here.",
            { Code: { } code } when FaultCatalogue.Find(code, order.Where) is null =>
                $"The catalogue has no {code} for {FaultBook.Name(order.Where)}; see GET /control/faults/catalogue.",
            { Where: FaultPlace.Dns, Reply: { } record } when DnsFaults.Parse("x.example", record) is null =>
                "A DNS reply is one record: MX 10 host, A address or TXT text.",
            { Where: FaultPlace.ImapAuth, Reply: { } reply } when !ReadingFaults.IsReply(reply) =>
                "An IMAP reply begins with NO, BAD or BYE, such as NO AUTHENTICATE failed.",
            { Where: not (FaultPlace.Dns or FaultPlace.ImapAuth), Reply: { } reply }
                when SmtpFaults.ReplyOf(new Fault { Id = Guid.Empty, Where = order.Where, Reply = reply }) is null =>
                "An SMTP reply begins with three digits, such as 451 4.7.500 Server busy.",
            _ => null,
        };
    }
}
