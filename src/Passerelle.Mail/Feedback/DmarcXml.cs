using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace Passerelle.Mail.Feedback;

/// <summary>The XML of a DMARC aggregate report (RFC 7489 appendix C; RFC 9990). Namespaces differ among writers: local names decide.</summary>
internal static class DmarcXml
{
    private const int MostRows = 10_000;

    /// <summary>No DTD, no entity, nothing from elsewhere.</summary>
    private static XmlReaderSettings Safe() => new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = 64_000_000 };

    /// <returns>Null when the text is no such report.</returns>
    public static FeedbackReport.DmarcAggregate? Read(string text)
    {
        int start = text.IndexOf('<', StringComparison.Ordinal);
        if (start < 0 || !text.Contains("<feedback", StringComparison.Ordinal)) return null;
        try
        {
            using var reader = XmlReader.Create(new StringReader(text[start..]), Safe());
            XElement root = XElement.Load(reader);
            return root.Name.LocalName is "feedback" ? Of(root) : null;
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static FeedbackReport.DmarcAggregate Of(XElement root)
    {
        XElement? metadata = Child(root, "report_metadata"), range = Child(metadata, "date_range"), policy = Child(root, "policy_published");
        return new(
            Text(metadata, "org_name"), Text(metadata, "report_id"), Time(range, "begin"), Time(range, "end"), Text(policy, "domain"), Text(policy, "p").ToLowerInvariant(),
            [.. root.Elements().Where(one => one.Name.LocalName is "record").Take(MostRows).Select(Row)]);
    }

    private static DmarcRow Row(XElement record)
    {
        XElement? row = Child(record, "row"), evaluated = Child(row, "policy_evaluated");
        return new(
            Text(row, "source_ip"),
            long.TryParse(Text(row, "count"), NumberStyles.Integer, CultureInfo.InvariantCulture, out long count) ? count : 0,
            Text(evaluated, "disposition").ToLowerInvariant(), Text(evaluated, "dkim").ToLowerInvariant(), Text(evaluated, "spf").ToLowerInvariant(),
            Text(Child(record, "identifiers"), "header_from"));
    }

    private static XElement? Child(XElement? parent, string name) => parent?.Elements().FirstOrDefault(one => one.Name.LocalName == name);

    private static string Text(XElement? parent, string name) => AddressText.OneLine(Child(parent, name)?.Value ?? "", 1000);

    private static DateTimeOffset? Time(XElement? range, string name) =>
        long.TryParse(Text(range, name), NumberStyles.Integer, CultureInfo.InvariantCulture, out long seconds) && seconds is > 0 and < 253402300800
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
}
