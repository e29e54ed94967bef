using System.Text.Json;

namespace Passerelle.Tests;

/// <summary>How many cases of a corpus come out right: one row of <c>thresholds.json</c> and of <c>./dev corpora</c>.</summary>
/// <param name="folder">As <c>thresholds.json</c> names it.</param>
/// <param name="field">Likewise.</param>
internal sealed class Tally(string folder, string field)
{
    private const int Shown = 60;

    private static readonly Lock Writing = new();
    private readonly List<string> _wrong = [];
    private int _total;

    /// <param name="right">Whether the case came out as expected.</param>
    /// <param name="what">The case, what was expected and what came: asked only when it is wrong.</param>
    public void Count(bool right, Func<string> what)
    {
        _total++;
        if (!right) _wrong.Add(what());
    }

    /// <summary>Tells <c>./dev corpora</c> the count, and fails the test when it is under the threshold.</summary>
    /// <param name="soFar">What is held of a threshold that is not reached yet: <c>./dev corpora</c> still tells it as missed.</param>
    public void Reaches(double soFar = 1)
    {
        Report();
        var threshold = Corpora.Json("", "thresholds.json").EnumerateArray()
            .Single(row => row.GetProperty("folder").GetString() == folder && row.GetProperty("field").GetString() == field)
            .GetProperty("threshold").GetDouble();
        var wanted = Math.Min(threshold, soFar);
        Assert.True(_total > 0, $"{folder}, {field}: no case was counted");
        Assert.True(_total - _wrong.Count >= wanted * _total,
            $"{folder}, {field}: {_total - _wrong.Count} of {_total} right, wanted {wanted:P0}\n{string.Join('\n', _wrong.Take(Shown))}");
    }

    private void Report()
    {
        if (Environment.GetEnvironmentVariable("PASSERELLE_CORPORA") is not { Length: > 0 } file) return;
        lock (Writing)
            File.AppendAllText(file, JsonSerializer.Serialize(new { folder, field, passed = _total - _wrong.Count, total = _total, wrong = _wrong.Take(Shown) }) + "\n");
    }
}
