using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Passerelle.Lab.Sites;

/// <summary>A piece of markup. It can only come from a literal of ours with encoded holes, so a page cannot carry a
/// stranger's markup. Holes in attributes must stand in double quotes.</summary>
internal readonly struct Html
{
    private readonly string? _markup;

    private Html(string markup) => _markup = markup;

    public static Html Empty => default;

    public static Html Of(HtmlBuilder markup) => new(markup.Finish());

    /// <summary>Pieces one after another.</summary>
    public static Html Each<T>(IEnumerable<T> items, Func<T, Html> piece)
    {
        var all = new StringBuilder();
        foreach (T item in items) all.Append(piece(item)._markup);
        return new Html(all.ToString());
    }

    public static Html When(bool condition, Html piece) => condition ? piece : Empty;

    public override string ToString() => _markup ?? "";
}

/// <summary>Encodes every hole of an interpolated string, save those that are <see cref="Html"/> already.</summary>
[InterpolatedStringHandler]
internal readonly ref struct HtmlBuilder(int literalLength, int holes)
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);
    private readonly StringBuilder _all = new(literalLength + (holes * 16));

    public void AppendLiteral(string literal) => _all.Append(literal);

    public void AppendFormatted(Html piece) => _all.Append(piece.ToString());

    public void AppendFormatted(string? text) => _all.Append(Encoder.Encode(text ?? ""));

    public void AppendFormatted<T>(T value) => AppendFormatted(Convert.ToString(value, CultureInfo.InvariantCulture));

    public string Finish() => _all.ToString();
}
