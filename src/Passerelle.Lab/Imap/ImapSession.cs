namespace Passerelle.Lab.Imap;

/// <summary>One connection from greeting to BYE (RFC 3501 §3).</summary>
internal sealed class ImapSession(ImapWire wire, ImapSignIn signIn, ImapPlace place)
{
    private static readonly TimeSpan BeforeSignIn = TimeSpan.FromMinutes(1);

    /// <summary>RFC 3501 §5.4: at least 30 minutes.</summary>
    private static readonly TimeSpan AfterSignIn = TimeSpan.FromMinutes(30);

    private int _notConnected;

    public ImapWire Wire => wire;

    public ImapSignIn SignIn => signIn;

    public ImapPlace Place => place;

    /// <summary>Null until AUTHENTICATE.</summary>
    public ImapAccount? Account { get; set; }

    /// <summary>Null while no folder is open.</summary>
    public SelectedFolder? Selected { get; set; }

    public TimeSpan Patience => Account is null ? BeforeSignIn : AfterSignIn;

    public async Task RunAsync()
    {
        try
        {
            if (place.IsTooMany) throw ImapEnd.Closed;
            wire.WriteLine(ImapReplies.Greeting);
            await wire.FlushAsync();
            var reader = new CommandReader(wire);
            while (true) await AnswerAsync(await reader.ReadAsync(Account is not null, Patience));
        }
        catch (ImapEnd end)
        {
            await SayGoodbyeAsync(end);
        }
        finally
        {
            Selected?.Dispose();
        }
    }

    /// <summary>A folder that is open.</summary>
    /// <exception cref="ImapSyntax">None is.</exception>
    public SelectedFolder Need() => Selected ?? throw new ImapSyntax(ImapReplies.BadState);

    public void Open(SelectedFolder? folder)
    {
        Selected?.Dispose();
        Selected = folder;
    }

    private async Task AnswerAsync(ImapCommand command)
    {
        if (Account is { IsOver: true }) throw ImapEnd.TokenExpired;
        string reply;
        try
        {
            reply = await HandleAsync(command);
        }
        catch (ImapSyntax wrong)
        {
            reply = wrong.Reply;
        }

        // RFC 3501 §7.4.1: no EXPUNGE while a client counts
        Selected?.Tell(wire, expunged: command.Name is not ("FETCH" or "STORE" or "SEARCH"));
        wire.WriteLine($"{command.Tag} {reply}");
        await wire.FlushAsync();
        if (reply == ImapReplies.BeginTls) await wire.EncryptAsync();
        if (command.Name == "LOGOUT") throw ImapEnd.Gone;
        if (_notConnected > 1) throw ImapEnd.Closed;
    }

    private async Task<string> HandleAsync(ImapCommand command)
    {
        if (await AnyTimeCommands.HandleAsync(this, command) is { } always) return always;
        if (Account is not { } account) return IsKnown(command.Name) ? ImapReplies.BadState : ImapReplies.BadCommand;
        if (!account.Connected)
        {
            _notConnected++;
            return ImapReplies.NotConnected;
        }

        return await FolderCommands.HandleAsync(this, account, command)
            ?? await MessageCommands.HandleAsync(this, command)
            ?? ImapReplies.BadCommand;
    }

    private static bool IsKnown(string name) => FolderCommands.Names.Contains(name) || MessageCommands.Names.Contains(name);

    private async Task SayGoodbyeAsync(ImapEnd end)
    {
        if (end.Farewell is null) return;
        try
        {
            wire.WriteLine("* BYE " + end.Farewell);
            await wire.FlushAsync();
        }
        catch (ImapEnd)
        {
            // gone already
        }
    }
}
