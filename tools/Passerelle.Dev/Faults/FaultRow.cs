using System.Text.Json;

namespace Passerelle.Dev.Faults;

/// <summary>One row of <c>faults.json</c>: what is wrong, and which step of the set-up the doctor should name.</summary>
internal sealed record FaultRow(string Id, string Title, string? How, string ExpectedStep, string Owner, IReadOnlyList<string>? AlsoAccept = null)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web);

    public bool IsNamedBy(string step) => step == ExpectedStep || AlsoAccept?.Contains(step) == true;

    /// <exception cref="Run.DevFault">There is no such file.</exception>
    public static IReadOnlyList<FaultRow> ReadAll(string file) => File.Exists(file)
        ? JsonSerializer.Deserialize<FaultRow[]>(File.ReadAllText(file), Format) ?? []
        : throw new Run.DevFault($"{file} is absent: there is nothing to hold the doctor against");
}

/// <summary>What the doctor said.</summary>
/// <param name="FoundStep">Of the first wrong finding; empty when it found nothing wrong, or the row could not be set.</param>
/// <param name="Words">The finding, or what went wrong with us.</param>
internal sealed record FaultResult(FaultRow Row, string FoundStep, string Words, string Fix, double Seconds)
{
    public bool IsNamed => Row.IsNamedBy(FoundStep);
}
