using System.Diagnostics;
using System.Globalization;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Tests.Store;

/// <summary>
/// This test assembly started once more as something that may be killed or traced: with PASSERELLE_CHILD set it writes to
/// a store until it is stopped, and says <c>ack N</c> on its standard output for every write that has completed.
/// </summary>
public sealed class ChildProcess
{
    private const string Mode = "PASSERELLE_CHILD";

    /// <summary>The text that stands, many times over, in the bytes of item <paramref name="number"/>.</summary>
    internal static string Marker(int number) => string.Create(CultureInfo.InvariantCulture, $"<item-{number:000000}>");

    /// <param name="wrapper">What runs it: a tracer with its arguments; empty: nothing.</param>
    internal static Process Start(StoreOptions options, int first, int count, params string[] wrapper)
    {
        string[] command = [.. wrapper, Environment.ProcessPath!, "-class", typeof(ChildProcess).FullName!, "-explicit", "only"]; // a program, and a named class
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true };
        start.Environment[Mode] = string.Create(CultureInfo.InvariantCulture, $"{first} {count}");
        start.Environment["Store__DataFolder"] = options.DataFolder;
        start.Environment["Store__Postgres"] = options.Postgres;
        start.Environment["Store__Synchronous"] = options.Synchronous;
        start.Environment["DOTNET_TieredPGO"] = "0";
        return Process.Start(start)!; // a new process: only shell execution reuses one
    }

    /// <summary>The child's side. Explicit: never part of an ordinary run.</summary>
    [Fact(Explicit = true)]
    public async Task Writes_until_it_is_stopped()
    {
        var range = Environment.GetEnvironmentVariable(Mode) ?? throw new InvalidOperationException("Started by Start alone");
        var numbers = range.Split(' ');
        await WriteAllAsync(int.Parse(numbers[0], CultureInfo.InvariantCulture), int.Parse(numbers[1], CultureInfo.InvariantCulture));
    }

    private static async Task WriteAllAsync(int first, int count)
    {
        var options = new StoreOptions
        {
            DataFolder = Environment.GetEnvironmentVariable("Store__DataFolder")!, // set by Start
            Postgres = Environment.GetEnvironmentVariable("Store__Postgres"),
            Synchronous = Environment.GetEnvironmentVariable("Store__Synchronous")!, // set by Start
        };
        await using var output = new FileStream(new Microsoft.Win32.SafeHandles.SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        await using var store = Opening.Open(options);
        var gate = new Lock();
        await Parallel.ForEachAsync(
            Enumerable.Range(first, count),
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (number, cancel) =>
            {
                await store.WriteAsync(Lane.Receipts, tx => Put(tx, number), cancel);
                lock (gate) output.Write(System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\nack {number}\n")));
            });
    }

    private static int Put(Tx tx, int number) => tx.Across("global").Execute(
        "INSERT INTO installation (name, value) VALUES (@name, @value)",
        new { name = Marker(number), value = string.Concat(Enumerable.Repeat(Marker(number), 400)) });
}
