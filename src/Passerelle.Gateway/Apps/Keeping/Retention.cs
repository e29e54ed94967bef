namespace Passerelle.Gateway.Apps.Keeping;

/// <summary>How long an app's mail is kept, in days since it came. Null: for ever.</summary>
/// <param name="RawDays">The bytes as they came, and those of letters that left.</param>
/// <param name="TextDays">Text, HTML and attachments, and what flows made of them.</param>
/// <param name="MessageDays">Everything else: the message, its journey, its letters, its conversation.</param>
internal sealed record Retention(long? RawDays, long? TextDays, long? MessageDays)
{
    public const int MostDays = 36_500;

    public static Retention ForEver { get; } = new(null, null, null);

    public static Retention Of(EmailApp app) => new(app.KeepRawDays, app.KeepTextDays, app.KeepMessageDays);

    /// <returns>A code of <see cref="RetentionProblems"/>; null when it can hold.</returns>
    public string? Problem =>
        new[] { RawDays, TextDays, MessageDays }.Any(days => days is < 1 or > MostDays) ? RetentionProblems.Days
        : Outlives(RawDays, TextDays) || Outlives(TextDays, MessageDays) ? RetentionProblems.Order
        : null;

    /// <summary>The text stands in the bytes, and both hang on the message: none may outlive what it hangs on.</summary>
    private static bool Outlives(long? part, long? whole) => whole is { } end && (part is null || part > end);
}

/// <summary>What can be wrong with a retention; also the ends of the portal's keys.</summary>
internal static class RetentionProblems
{
    public const string Days = "retention-days";
    public const string Order = "retention-order";

    public static string Sentence(string problem) => problem == Days
        ? $"Days are 1 to {Retention.MostDays}; leave the field out to keep for ever"
        : "The raw mail goes no later than the text, and the text no later than the message: give each at most the days of the next";
}
