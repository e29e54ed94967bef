using System.Globalization;

namespace Passerelle.Gateway.Apps;

/// <summary>
/// A sentence that people read: English, with places for what is told in it (<c>{0}</c> to <c>{3}</c>). Logs, the API and the
/// terminal say it as it is; the portal finds it in the reader's language by its English form.
/// </summary>
internal sealed record Phrase(string English, string First = "", string Second = "", string Third = "", string Fourth = "")
{
    public object[] Values => [First, Second, Third, Fourth];

    /// <summary>The one way to write one, so that a test finds them all.</summary>
    public static Phrase Of(string english, string first = "", string second = "", string third = "", string fourth = "") =>
        new(english, first, second, third, fourth);

    public override string ToString() => string.Format(CultureInfo.InvariantCulture, English, Values);
}
