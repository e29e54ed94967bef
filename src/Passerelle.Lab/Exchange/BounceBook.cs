namespace Passerelle.Lab.Exchange;

/// <summary>Who wrote the mails whose reverse-path was too long for SRS: the <c>bounces+SRS=</c> addresses of one lab,
/// one line each, appended and never rewritten.</summary>
internal sealed class BounceBook
{
    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly Dictionary<string, string> _writers = new(StringComparer.OrdinalIgnoreCase);

    public BounceBook(string path)
    {
        _path = path;
        if (!File.Exists(path)) return;
        foreach (var line in File.ReadLines(path))
        {
            if (line.Split('\t') is [var bounce, var writer]) _writers[bounce] = writer;
        }
    }

    public void Remember(string bounceAddress, string writer)
    {
        lock (_gate)
        {
            if (!_writers.TryAdd(bounceAddress, writer)) return;
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!); // the lab always gives a path inside its folder
            File.AppendAllText(_path, $"{bounceAddress}\t{writer}\n");
        }
    }

    public string? WriterOf(string bounceAddress)
    {
        lock (_gate) return _writers.GetValueOrDefault(bounceAddress);
    }
}
