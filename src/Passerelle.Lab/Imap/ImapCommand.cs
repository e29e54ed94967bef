namespace Passerelle.Lab.Imap;

/// <summary>One command line (RFC 3501 §2.2.1).</summary>
/// <param name="Name">Upper case; with its prefix when it is one of the UID commands.</param>
internal sealed record ImapCommand(string Tag, string Name, ImapArguments Arguments)
{
    /// <summary>Numbers of the client are UIDs (RFC 3501 §6.4.8).</summary>
    public bool ByUid => Name.StartsWith("UID ", StringComparison.Ordinal);

    /// <summary>Without the prefix.</summary>
    public string Verb => ByUid ? Name[4..] : Name;
}

/// <summary>What a client said cannot be understood: answered BAD, and the session goes on.</summary>
internal sealed class ImapSyntax(string reply = ImapReplies.BadArgument) : Exception(reply)
{
    public string Reply => Message;
}
