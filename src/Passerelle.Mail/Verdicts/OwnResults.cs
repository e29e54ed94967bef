using System.Text;
using System.Text.RegularExpressions;
using Passerelle.Mail.Verdicts.Dkim;
using Passerelle.Mail.Verdicts.Dmarc;
using Passerelle.Mail.Verdicts.Spf;

namespace Passerelle.Mail.Verdicts;

/// <summary>Our Authentication-Results (RFC 8601): made from a verdict, and put on top of a mail in which nobody else speaks
/// under our name (§5).</summary>
public static partial class OwnResults
{
    private const string Name = "Authentication-Results";

    /// <param name="ours">Our authserv-id: the name that we receive mail under.</param>
    /// <returns>The whole field, folded, CRLF at its end.</returns>
    public static string Of(string ours, Verdict verdict, LastHop? hop)
    {
        var results = new List<string>();
        if (verdict.Spf is { } spf)
            results.Add($"spf={spf.Result.Word()} {(spf.OfHelo ? "smtp.helo" : "smtp.mailfrom")}={Value(spf.OfHelo ? hop?.Helo ?? spf.Domain : hop?.MailFrom ?? spf.Domain)}");
        foreach (DkimOutcome signature in verdict.Dkim ?? [])
            results.Add($"dkim={signature.Result.Word()}{Reason(signature.Why)}{Property("header.d", signature.Domain)}{Property("header.s", signature.Selector)}");
        if (verdict.Dkim is []) results.Add("dkim=none");
        if (verdict.Dmarc is { } dmarc)
            results.Add($"dmarc={dmarc.Result.Word()}{(dmarc.Policy is { } policy ? $" (p={policy.Word()})" : "")}{Property("header.from", verdict.Author ?? "")}");
        results.Add($"arc={verdict.Arc.Chain.Word()}{Property("header.oldest-pass", verdict.Arc.Seen is { } seen ? $"{seen.Instance}" : "")}");
        return $"{Name}: {Value(ours)};\r\n {string.Join(";\r\n ", results)}\r\n";
    }

    /// <summary>Writes the mail with our field on top, every other field of our name left out, and all else as it came.</summary>
    /// <param name="raw">Seekable.</param>
    /// <param name="field">Of <see cref="Of"/>; "" when the mail was not judged.</param>
    public static async Task WriteAsync(Stream raw, string ours, string field, Stream output, CancellationToken cancel)
    {
        HeaderSection header = HeaderSection.Read(raw, new ReadingBounds().MaxHeaderBytes);
        var text = new StringBuilder(field);
        foreach (HeaderField one in header.Fields.Where(one => !(one.Is(Name) && DomainNames.Same(SpeakerOf(one), ours)))) text.Append(one.Raw).Append("\r\n");
        text.Append("\r\n");
        await output.WriteAsync(Encoding.Latin1.GetBytes(text.ToString()), cancel);
        raw.Position = header.BodyStart;
        await raw.CopyToAsync(output, cancel);
    }

    /// <summary>The authserv-id (§2.2): comments may stand before it.</summary>
    private static string SpeakerOf(HeaderField field) =>
        Speaker().Match(Comment().Replace(field.Value, " ")) is { Success: true } found ? DomainNames.Fold(found.Groups["id"].Value) : "";

    private static string Property(string name, string value) => value.Length > 0 ? $" {name}={Value(value)}" : "";

    private static string Reason(string why) => why.Length > 0 ? $" reason={Quoted(why)}" : "";

    /// <summary>What a stranger wrote goes in quotes and on one line.</summary>
    private static string Value(string text) => Plain().IsMatch(text) ? text : Quoted(text);

    private static string Quoted(string text) =>
        $"\"{string.Concat(text.Where(c => c is >= ' ' and <= '~').Select(c => c is '"' or '\\' ? $"\\{c}" : $"{c}"))}\"";

    [GeneratedRegex(@"^[A-Za-z0-9._+\-]+(@[A-Za-z0-9._\-]+)?$")]
    private static partial Regex Plain();

    [GeneratedRegex(@"\([^()]*\)")]
    private static partial Regex Comment();

    [GeneratedRegex(@"^\s*(""(?<id>[^""]*)""|(?<id>[^\s;""]+))", RegexOptions.ExplicitCapture)]
    private static partial Regex Speaker();
}
