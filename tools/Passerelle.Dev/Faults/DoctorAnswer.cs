using System.Diagnostics;
using System.Text.Json;
using Passerelle.Dev.Run;

namespace Passerelle.Dev.Faults;

/// <summary>What <c>passerelle doctor APP --json</c> printed.</summary>
/// <param name="Step">Of the first wrong finding; empty when nothing is wrong.</param>
internal sealed record DoctorAnswer(string Step, string Detail, string Fix, double Seconds)
{
    public static async Task<DoctorAnswer> AskAsync(string dataFolder, Guid app, CancellationToken cancel)
    {
        var begun = Stopwatch.GetTimestamp();
        var start = new ProcessStartInfo("dotnet", ["exec", $"{Programs.Gateway}.dll", "doctor", app.ToString(), "--json", "--data", dataFolder])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start) ?? throw new DevFault("The doctor did not start");
        var errors = process.StandardError.ReadToEndAsync(cancel);
        var output = await process.StandardOutput.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        if (output.Length == 0) throw new DevFault($"The doctor said nothing: {await errors}");
        return Of(JsonSerializer.Deserialize<JsonElement>(output).GetProperty("findings"), seconds);
    }

    /// <summary>What is wrong first; where nothing is, what had better be changed: a warning.</summary>
    /// <param name="findings">In the doctor's order.</param>
    public static DoctorAnswer Of(JsonElement findings, double seconds)
    {
        var wrong = First(findings, "wrong") is { ValueKind: JsonValueKind.Object } found ? found : First(findings, "excess");
        return wrong.ValueKind is JsonValueKind.Object
            ? new(Text(wrong, "setupStep"), Text(wrong, "detail"), Text(wrong, "fix"), seconds)
            : new("", "Nothing is wrong", "", seconds);
    }

    private static JsonElement First(JsonElement findings, string result) =>
        findings.EnumerateArray().FirstOrDefault(finding => finding.GetProperty("result").GetString() == result);

    private static string Text(JsonElement finding, string name) => finding.GetProperty(name).GetString() ?? "";
}
