namespace Passerelle.Mail.Bounces.Reasons;

/// <summary>One row of a table: "reason | when | words". <i>When</i> is a command (RCPT), a status ("5.2.2", "x.7.26", "5.7.x", "5.7.606-649"), both with
/// a blank between them, or nothing. <i>Words</i> are parts that must occur in this order, "*" between them; nothing fits always.</summary>
internal sealed record ReasonRow(string Reason, string? Status, string? Command, string[] Words)
{
    public bool HasWords => Words.Length > 0;

    public static IEnumerable<ReasonRow> Parse(string table) =>
        table.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(ParseLine);

    private static ReasonRow ParseLine(string line)
    {
        string[] columns = line.Split('|', StringSplitOptions.TrimEntries);
        string[] when = columns[1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new ReasonRow(
            columns[0],
            when.FirstOrDefault(word => word.Contains('.', StringComparison.Ordinal)),
            when.FirstOrDefault(word => !word.Contains('.', StringComparison.Ordinal)),
            columns[2].Split('*', StringSplitOptions.RemoveEmptyEntries));
    }

    public bool Fits(ReasonEvidence evidence) =>
        (Command is null || Command == evidence.Command)
        && (Status is null || (evidence.Status is { } status && StatusFits(status)))
        && Said(evidence.Spoken);

    private bool StatusFits(string status)
    {
        string[] wanted = Status!.Split('.'), given = status.Split('.'); // asked only of rows that name one
        return wanted.Length == given.Length && wanted.Zip(given).All(pair => pair.First is "x" || pair.First == pair.Second || IsWithin(pair.First, pair.Second));
    }

    /// <summary>"606-649": Microsoft keeps whole ranges for one meaning.</summary>
    private static bool IsWithin(string range, string given) =>
        range.Split('-') is [var from, var to] && int.TryParse(from, out int least) && int.TryParse(to, out int most)
        && int.TryParse(given, out int number) && number >= least && number <= most;

    private bool Said(string text)
    {
        int from = 0;
        foreach (string word in Words)
        {
            int at = text.IndexOf(word, from, StringComparison.Ordinal);
            if (at < 0) return false;
            from = at + word.Length;
        }
        return true;
    }
}
