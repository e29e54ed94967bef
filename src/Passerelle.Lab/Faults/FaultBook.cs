using System.Collections.Immutable;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Faults;

/// <summary>Asked at every place of <see cref="FaultPlace"/>: does something go wrong here, now, for this one?</summary>
internal sealed class FaultBook(TimeProvider time)
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(10);

    /// <summary>Uses up one of the first fault that fits. Two callers never share a "once".</summary>
    /// <returns>Null: nothing goes wrong.</returns>
    public static Fault? Take(Twin lab, FaultPlace place, FaultSubject subject)
    {
        if (lab.State.Faults.IsEmpty) return null;
        Fault? taken = lab.Change(state =>
            state.Faults.FirstOrDefault(fault => fault.Where == place && fault.Only.Fits(subject) && Happens(fault)) is { } found
                ? (state with { Faults = After(state.Faults, found) }, found)
                : (state, (Fault?)null));
        if (taken is null) return null;
        lab.Journal.Add(new JournalEntry(default, "fault", subject.Mailbox ?? subject.ClientId ?? subject.Domain ?? "",
            $"{Name(place)}: {Says(taken)}", null, null)
        { FaultId = taken.Id });
        return taken;
    }

    /// <summary>The delay of a fault; without an end when it never answers.</summary>
    public async Task WaitAsync(Fault fault, CancellationToken cancel)
    {
        if (fault.DelayMilliseconds > 0) await Task.Delay(TimeSpan.FromMilliseconds(fault.DelayMilliseconds), time, cancel);
        if (fault.Silent) await Task.Delay(LongestDelay, time, cancel);
    }

    /// <summary>As the control API writes it.</summary>
    public static string Name(FaultPlace place) => System.Text.Json.JsonSerializer.SerializeToElement(place, LabFiles.Format).GetString()!; // an enum is a text

    private static string Says(Fault fault) =>
        fault.Silent ? "no answer" : fault.Code ?? fault.Reply ?? (fault.Http is { } http ? $"HTTP {http.Status}" : $"{fault.DelayMilliseconds} ms late");

    private static bool Happens(Fault fault) => fault.Probability >= 1 || Random.Shared.NextDouble() < fault.Probability;

    private static ImmutableArray<Fault> After(
        ImmutableArray<Fault> all, Fault taken) => taken.Left switch
        {
            null => all,
            1 => all.Remove(taken),
            var left => all.Replace(taken, taken with { Left = left - 1 }),
        };
}
