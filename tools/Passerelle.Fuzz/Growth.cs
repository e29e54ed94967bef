namespace Passerelle.Fuzz;

/// <summary>A session that has ended leaves nothing: what stays after a collection must not grow.</summary>
internal sealed class Growth
{
    private const int Every = 20_000;
    private const long Allowed = 32L * 1024 * 1024;
    private long _first;
    private int _runs;

    /// <exception cref="FuzzFinding">It grew.</exception>
    public void Look()
    {
        if (++_runs % Every != 0) return;
        var now = GC.GetTotalMemory(forceFullCollection: true);
        if (_first == 0) _first = now;
        if (now > _first + Allowed) throw new FuzzFinding($"{now - _first} bytes more than after the first {Every} runs");
    }
}
