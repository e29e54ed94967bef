using System.Text;

namespace Passerelle.Mail.Calendar;

/// <summary>One content line (RFC 5545 §3.1): NAME;PARAM=value:value.</summary>
/// <param name="Name">Upper case.</param>
/// <param name="Value">As written: text escapes are still in it.</param>
internal sealed record ContentLine(string Name, IReadOnlyDictionary<string, string> Parameters, string Value)
{
    private const int LongestLine = 256 * 1024, MostLines = 100_000;

    /// <summary>Unfolded lines; what is no content line is left out.</summary>
    public static IEnumerable<ContentLine> In(string text)
    {
        var line = new StringBuilder();
        foreach (string raw in Lines(text).Take(MostLines))
        {
            if (raw.Length == 0) continue; // an empty line ends nothing: some programs put one between a name and its value
            if (raw[0] is ' ' or '\t')
            {
                if (line.Length + raw.Length < LongestLine) line.Append(raw, 1, raw.Length - 1);
                continue;
            }
            if (Parse(line.ToString()) is { } whole) yield return whole;
            line.Clear().Append(raw, 0, Math.Min(raw.Length, LongestLine));
        }
        if (Parse(line.ToString()) is { } last) yield return last;
    }

    /// <summary>The text of a TEXT value (RFC 5545 §3.3.11).</summary>
    public string Text
    {
        get
        {
            if (!Value.Contains('\\')) return Value;
            var text = new StringBuilder(Value.Length);
            for (int i = 0; i < Value.Length; i++)
            {
                if (Value[i] != '\\' || i + 1 == Value.Length) text.Append(Value[i]);
                else text.Append(Value[++i] is 'n' or 'N' ? '\n' : Value[i]);
            }
            return text.ToString();
        }
    }

    private static IEnumerable<string> Lines(string text)
    {
        using var reader = new StringReader(text);
        while (reader.ReadLine() is { } line) yield return line;
    }

    private static ContentLine? Parse(string line)
    {
        int name = line.IndexOfAny([':', ';']);
        if (name <= 0) return null;
        var parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        int at = name;
        while (at < line.Length && line[at] == ';')
        {
            int end = End(line, at + 1);
            string parameter = line[(at + 1)..end];
            int equals = parameter.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0) parameters.TryAdd(parameter[..equals].Trim(), Unescaped(parameter[(equals + 1)..].Trim().Trim('"')));
            at = end;
        }
        return at < line.Length ? new ContentLine(line[..name].Trim().ToUpperInvariant(), parameters, line[(at + 1)..]) : null;
    }

    /// <summary>A value without the backslashes that some programs put before signs where RFC 5545 knows none (§3.2, §3.3.3).</summary>
    public static string Unescaped(string value) => !value.Contains('\\') ? value
        : value.Replace("\\:", ":", StringComparison.Ordinal).Replace("\\;", ";", StringComparison.Ordinal).Replace("\\,", ",", StringComparison.Ordinal);

    /// <summary>Where the next parameter or the value begins: a quoted value may hold both signs, and one behind a backslash is meant to be part of it.</summary>
    private static int End(string line, int from)
    {
        bool quoted = false;
        for (int i = from; i < line.Length; i++)
        {
            if (line[i] == '"') quoted = !quoted;
            else if (line[i] == '\\' && i + 1 < line.Length && line[i + 1] is ':' or ';' or ',') i++;
            else if (!quoted && line[i] is ':' or ';') return i;
        }
        return line.Length;
    }
}
