namespace Passerelle.Flows.Running;

internal static class OneLine
{
    /// <summary>Control characters become spaces, so that rendered text can never begin a new header or log line.</summary>
    public static string Of(string text, int max)
    {
        string line = string.Concat(text.Take(max * 2).Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c)).Trim();
        if (line.Length <= max) return line;
        return line[..(char.IsHighSurrogate(line[max - 1]) ? max - 1 : max)];
    }
}
