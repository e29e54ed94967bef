using Passerelle.Fuzz;
using SharpFuzz;

// Called by tools/fuzz.sh: "instrument DLL" puts the counters of AFL into an assembly, "seeds FOLDER [CORPORA]" writes where to begin,
// "replay FILE…" plays findings, and without a word afl-fuzz talks to it.
switch (args)
{
    case ["instrument", var assembly]:
        Fuzzer.Instrument(assembly, type => type.StartsWith("Passerelle.Smtp", StringComparison.Ordinal), Options.Value);
        return 0;
    case ["seeds", var folder, .. var corpora]:
        Seeds.Write(folder, corpora.FirstOrDefault());
        return 0;
    case ["replay", .. var files]:
        foreach (var file in files)
        {
            await Console.Out.WriteLineAsync(file);
            SessionTarget.Run(await File.ReadAllBytesAsync(file));
        }
        return 0;
    default:
        var growth = new Growth();
        Fuzzer.Run(stream =>
        {
            using var input = new MemoryStream();
            stream.CopyTo(input);
            SessionTarget.Run(input.GetBuffer().AsSpan(0, (int)input.Length));
            growth.Look();
        });
        return 0;
}
