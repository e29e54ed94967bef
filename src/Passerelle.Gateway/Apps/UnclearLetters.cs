namespace Passerelle.Gateway.Apps;

/// <summary>What becomes of a letter that may have left and may not (design §8.3), once looking for its copy has found none.</summary>
internal static class UnclearLetters
{
    /// <summary>A person decides.</summary>
    public const string Hold = "hold";

    /// <summary>It is sent again, but only where Sent Items prove that it never left.</summary>
    public const string SentItems = "sent-items";

    public static IReadOnlyList<string> All { get; } = [Hold, SentItems];
}
