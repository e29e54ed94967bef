namespace Passerelle.Lab.Imap;

/// <summary>IDLE (RFC 2177): says what happens in the open folder until the client writes DONE.</summary>
internal static class Idling
{
    public static async Task<string> RunAsync(ImapSession session, ImapArguments arguments)
    {
        arguments.End();
        session.Wire.WriteLine("+ IDLE accepted, awaiting DONE command.");
        await session.Wire.FlushAsync();
        Task<string> done = session.Wire.ReadLineAsync(session.Patience);
        using var over = new CancellationTokenSource();
        while (session.Selected is { } folder)
        {
            Task changed = folder.WaitAsync(over.Token);
            if (await Task.WhenAny(done, changed) == done) break;
            folder.Tell(session.Wire, expunged: true);
            await session.Wire.FlushAsync();
        }

        var line = await done;
        await over.CancelAsync();
        return line.Trim().Equals("DONE", StringComparison.OrdinalIgnoreCase) ? ImapReplies.Completed("IDLE") : ImapReplies.BadArgument;
    }
}
