using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Passerelle.Mail.NewWords;

namespace Passerelle.Mail.Tests.NewWords;

public class ReplyCorpusTests
{
    [Theory, Corpus]
    [InlineData("reply-crisp")]
    [InlineData("reply-edgetier")]
    [InlineData("reply-github")]
    [InlineData("reply-trimmer")]
    [InlineData("reply-willdurand")]
    public void The_reply_is_what_other_parsers_show_and_no_own_word_is_lost(string folder)
    {
        var reply = new Tally(folder, "reply");
        var kept = new Tally(folder, "own words kept");
        foreach (var (file, expect) in Corpora.Cases(folder))
        {
            string ours = Read("text/plain", Corpora.Bytes(folder, file));
            if (ReplyExpectation.Of(expect) is { } wanted)
            {
                reply.Count(ReplyExpectation.IsMet(wanted, ours), () => $"{file}: wanted {wanted.GetRawText()}\n    ours {JsonSerializer.Serialize(ours)}");
                kept.Count(ReplyExpectation.KeepsWords(wanted, ours), () => $"{file}: wanted {wanted.GetRawText()}\n    ours {JsonSerializer.Serialize(ours)}");
            }
            foreach (string own in Shown(expect))
                kept.Count(Regex.IsMatch(ours, own, RegexOptions.None, TimeSpan.FromSeconds(1)), () => $"{file}: {own} is not in {JsonSerializer.Serialize(ours)}");
        }
        reply.Reaches();
        kept.Reaches();
    }

    [Fact, Corpus]
    public void What_stands_above_a_quotation_or_a_forwarded_mail_is_the_reply()
    {
        var reply = new Tally("reply-quotequail", "reply");
        var kept = new Tally("reply-quotequail", "own words kept");
        foreach (var (name, ours, top) in Quotequail())
        {
            // quotequail knows no signatures: what we would call one in its text is left out of the comparison.
            string wanted = ReplyText.Of(top);
            reply.Count(Flat(ours) == Flat(top) || Flat(ours) == Flat(wanted), () => $"{name}: wanted {JsonSerializer.Serialize(top)}\n    ours {JsonSerializer.Serialize(ours)}");
            kept.Count(ReplyExpectation.KeepsWords(wanted, ours), () => $"{name}: wanted {JsonSerializer.Serialize(wanted)}\n    ours {JsonSerializer.Serialize(ours)}");
        }
        reply.Reaches();
        kept.Reaches();
    }

    /// <summary>The folder has no expectations; these are what a reader sees above the first line "From:" of each. The second mail
    /// begins with such a block (its writer answers below it) and is cut at the next.</summary>
    [Fact, Corpus]
    public void Outlooks_html_is_cut_where_its_past_begins()
    {
        var reply = new Tally("reply-planer-html", "reply");
        var kept = new Tally("reply-planer-html", "own words kept");
        foreach (var (file, starts, ends) in new[]
        {
            ("office-365.html", "Hey Ms. Dolphin --", "Cheers,\n\nMr. Cat"),
            ("outlook-mixed.html", "This is how it looks on my emails", "This is how it looks on my emails"),
            ("microsoft-namespaces.html", "Hi John - Lorem ipsum dolor sit amet, dignissim voluptas,", "www.Example.com | Help Center | Live Chat"),
        })
        {
            string ours = Read("text/html", Corpora.Bytes("reply-planer-html", file));
            reply.Count(Flat(ours).StartsWith(Flat(starts), StringComparison.Ordinal) && Flat(ours).EndsWith(Flat(ends), StringComparison.Ordinal), () => $"{file}: {ours}");
            kept.Count(ReplyExpectation.KeepsWords(starts, ours), () => $"{file}: {ours}");
        }
        reply.Reaches();
        kept.Reaches();
    }

    private static IEnumerable<(string Name, string Ours, string Top)> Quotequail()
    {
        foreach (JsonElement one in Corpora.Json("reply-quotequail", "quote-cases.json").EnumerateArray())
            yield return (Name("quote", one), Read("text/plain", Text(one, "text")), FirstShown(one.GetProperty("expected_quote_intro_line")));
        foreach (JsonElement one in Corpora.Json("reply-quotequail", "unwrap-cases.json").EnumerateArray())
        {
            if (one.GetProperty("expected") is not { ValueKind: JsonValueKind.Object } wanted) continue;
            string top = string.Join("\n\n", Values(wanted, "text_top", "text_bottom"));
            yield return (Name("unwrap", one), Read("text/plain", Text(one, "text")), top.Length > 0 ? top : Values(wanted, "text").First());
        }
        foreach (JsonElement one in Corpora.Json("reply-quotequail", "quote_html-cases.json").EnumerateArray())
            yield return (Name("quote_html", one), Read("text/html", Text(one, "html")), TextOf(FirstShown(one.GetProperty("expected_quote_intro_line"))));
        foreach (string list in new[] { "unwrap_html-cases.json", "html-file-cases.json" })
        {
            foreach (JsonElement one in Corpora.Json("reply-quotequail", list).EnumerateArray())
            {
                JsonElement wanted = one.TryGetProperty("expected", out JsonElement expected) ? expected : one.GetProperty("expect");
                if (wanted.ValueKind is not JsonValueKind.Object || !wanted.TryGetProperty("html_top", out JsonElement top) || top.GetString() is not { } html) continue;
                string file = one.GetProperty("file").GetString()!; // the corpus' form
                string path = file.StartsWith("html/", StringComparison.Ordinal) ? file : $"html/{file}";
                if (!File.Exists(Path.Combine(Corpora.Folder("reply-quotequail"), path))) continue; // the corpus has two thirds of the files
                yield return (file, Read("text/html", Corpora.Bytes("reply-quotequail", path)), TextOf(html));
            }
        }
    }

    /// <summary>github says which fragments it shows; those that quote nothing are the person's.</summary>
    private static IEnumerable<string> Shown(JsonElement expect)
    {
        if (expect.ValueKind is not JsonValueKind.Object || !expect.TryGetProperty("fragments", out JsonElement fragments)
            || !fragments.TryGetProperty("hidden", out JsonElement hidden) || !fragments.TryGetProperty("text", out JsonElement texts)) yield break;
        bool[] quoted = fragments.TryGetProperty("quoted", out JsonElement said) ? [.. said.EnumerateArray().Select(one => one.GetBoolean())] : [];
        bool[] hide = [.. hidden.EnumerateArray().Select(one => one.GetBoolean())];
        foreach (JsonProperty fragment in texts.EnumerateObject())
        {
            int index = int.Parse(fragment.Name, System.Globalization.CultureInfo.InvariantCulture);
            if (hide[index] || (index < quoted.Length && quoted[index])) continue;
            if (fragment.Value.TryGetProperty("equals", out JsonElement text)) yield return Regex.Escape(ReplyExpectation.Tidy(text.GetString()!)); // the corpora's form
            if (!fragment.Value.TryGetProperty("matches", out JsonElement patterns)) continue;
            foreach (JsonElement pattern in patterns.EnumerateArray()) yield return pattern.GetString()!.TrimStart('^'); // likewise
        }
    }

    private static string Read(string type, string content) => Read(type, Encoding.UTF8.GetBytes(content));

    /// <summary>As a mail and through the reader, so that what is measured is what <c>inspect</c> says.</summary>
    private static string Read(string type, byte[] content)
    {
        byte[] head = Encoding.ASCII.GetBytes($"From: ann@fabrikam.example\r\nContent-Type: {type}; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n");
        return MailReader.Read((byte[])[.. head, .. content], new ReadingContext()).Reply.Text;
    }

    private static string FirstShown(JsonElement pairs) => pairs.EnumerateArray().Where(pair => pair[0].GetBoolean()).Select(pair => pair[1].GetString()!).First();

    private static string TextOf(string html) => string.Join('\n', HtmlLines.Of(html).Select(line => line.Text)).Trim();

    private static string Name(string list, JsonElement one) => $"{list} {one.GetProperty("index").GetInt32()}";

    private static string Text(JsonElement one, string name) => one.GetProperty(name).GetString()!; // the corpus' form

    private static IEnumerable<string> Values(JsonElement one, params string[] names) =>
        names.Select(name => one.TryGetProperty(name, out JsonElement value) ? value.GetString() : null).OfType<string>();

    private static string Flat(string text) => string.Join(' ', ReplyExpectation.Words(text));
}
