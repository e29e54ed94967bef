namespace Passerelle.Gateway.Tokens;

/// <summary>What to do about an error.</summary>
internal enum Reaction
{
    /// <summary>Somebody must sign in again.</summary>
    SignIn,

    /// <summary>A setting is wrong, on our side or theirs.</summary>
    Configure,

    /// <summary>Nothing is wrong for good: try again later.</summary>
    Retry,
}

/// <summary>Whose mistake it is and how it is mended.</summary>
/// <param name="Check">Name of the doctor's check that finds the same.</param>
/// <param name="Step">Set-up step (facts/microsoft365.md §0).</param>
internal sealed record Cause(string Check, string Step, string Owner, string Fix, Reaction Reaction)
{
    /// <summary>What happened, in one sentence; empty where only the other side's words say it.</summary>
    public string What { get; init; } = "";

    public const string Entra = "Entra administrator";
    public const string Exchange = "Exchange administrator";
    public const string Passerelle = "Passerelle administrator";
    public const string Mailbox = "mailbox owner";
}
