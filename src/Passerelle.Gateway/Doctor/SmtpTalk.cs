using System.Net.Sockets;

namespace Passerelle.Gateway.Doctor;

/// <summary>A few words with a server that takes mail (RFC 5321 §4.2): one command, one reply, nothing in parallel.</summary>
internal sealed class SmtpTalk : IAsyncDisposable
{
    private const int MostLines = 100;
    private const int LongestLine = 500;
    private readonly Socket _socket;
    private readonly StreamReader _reader;
    private readonly StreamWriter _writer;

    private SmtpTalk(Socket socket)
    {
        _socket = socket;
        var stream = new NetworkStream(socket);
        _reader = new StreamReader(stream);
        _writer = new StreamWriter(stream) { NewLine = "\r\n", AutoFlush = true };
    }

    /// <summary>Last line of the last reply; never empty.</summary>
    public string Words { get; private set; } = "000";

    /// <summary>What the server offered in answer to EHLO, verbs only, upper case.</summary>
    public IReadOnlyList<string> Offers { get; private set; } = [];

    public bool IsFine => Words[0] is '2' or '3';

    /// <summary>Owns the socket, also when the greeting fails.</summary>
    public static async Task<SmtpTalk> BeginAsync(Socket socket, CancellationToken cancel)
    {
        var talk = new SmtpTalk(socket);
        try
        {
            await talk.HearAsync(cancel);
            return talk;
        }
        catch
        {
            await talk.DisposeAsync();
            throw;
        }
    }

    /// <returns>True for a reply of class 2 or 3.</returns>
    public async Task<bool> SayAsync(string command, CancellationToken cancel)
    {
        await _writer.WriteLineAsync(command.AsMemory(), cancel);
        var lines = await HearAsync(cancel);
        if (command.StartsWith("EHLO", StringComparison.Ordinal)) Offers = [.. lines.Skip(1).Select(line => line.Split(' ')[0].ToUpperInvariant())];
        return IsFine;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_socket.Connected) await _writer.WriteLineAsync("QUIT");
            await _writer.DisposeAsync();
        }
        catch (IOException)
        {
            // the other side has gone already
        }
        _reader.Dispose();
        _socket.Dispose();
    }

    /// <returns>Every line of the reply without its code.</returns>
    private async Task<IReadOnlyList<string>> HearAsync(CancellationToken cancel)
    {
        var lines = new List<string>();
        while (lines.Count < MostLines)
        {
            var line = await _reader.ReadLineAsync(cancel) ?? throw new IOException("the connection was closed");
            if (line.Length > LongestLine) line = line[..LongestLine];
            if (line.Length >= 4) lines.Add(line[4..]);
            if (line.Length < 3 || (line.Length > 3 && line[3] != ' ')) continue;
            Words = line;
            return lines;
        }
        throw new IOException("an endless reply");
    }
}
