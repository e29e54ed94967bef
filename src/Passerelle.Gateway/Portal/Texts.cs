using System.Globalization;
using System.Resources;

namespace Passerelle.Gateway.Portal;

/// <summary>Every word a person reads, in the language of the request (Texts.resx is English, Texts.fr.resx French).</summary>
internal sealed class Texts
{
    private static readonly ResourceManager Resources = new("Passerelle.Gateway.Portal.Texts", typeof(Texts).Assembly);

    public static IReadOnlyList<CultureInfo> Languages { get; } = [CultureInfo.GetCultureInfo("en"), CultureInfo.GetCultureInfo("fr")];

    /// <exception cref="MissingManifestResourceException">The key has no words: a bug that a test finds first.</exception>
    public string this[string key] => Resources.GetString(key, CultureInfo.CurrentUICulture)
        ?? throw new MissingManifestResourceException($"No words for {key}");

    public string this[string key, params object[] arguments] =>
        string.Format(CultureInfo.CurrentCulture, this[key], arguments);

    /// <summary>Words that differ for one and for many: the resource holds both, <c>one|many</c>. French counts zero as one.</summary>
    /// <param name="further">{1} and on; {0} is the count.</param>
    public string Many(string key, long count, params object[] further)
    {
        var forms = this[key].Split('|');
        var one = count == 1 || (count == 0 && CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "fr");
        return string.Format(CultureInfo.CurrentCulture, one ? forms[0] : forms[^1], [count, .. further]);
    }

    /// <returns>The words, or <paramref name="otherwise"/> for a key that another program chose.</returns>
    public string Or(string key, string otherwise) => Resources.GetString(key, CultureInfo.CurrentUICulture) ?? otherwise;

    /// <summary>How long ago, in words; the page's title attribute holds the exact time.</summary>
    public string Since(DateTimeOffset at, DateTimeOffset now) => (now - at) switch
    {
        { TotalSeconds: < 60 } => this["time.now"],
        { TotalMinutes: < 60 } minutes => this["time.minutes", (int)minutes.TotalMinutes],
        { TotalHours: < 24 } hours => this["time.hours", (int)hours.TotalHours],
        { TotalDays: < 30 } days => this["time.days", (int)days.TotalDays],
        _ => at.ToString("d", CultureInfo.CurrentCulture),
    };

    /// <summary>Bytes, with the unit that fits them.</summary>
    public string Size(long bytes) => bytes switch
    {
        < 1_000 => this["size.bytes", bytes],
        < 1_000_000 => this["size.kilobytes", (bytes / 1_000d).ToString("0.#", CultureInfo.CurrentCulture)],
        _ => this["size.megabytes", (bytes / 1_000_000d).ToString("0.#", CultureInfo.CurrentCulture)],
    };

    /// <summary>A duration with the unit that fits it.</summary>
    public string Took(TimeSpan time) => time switch
    {
        { TotalMilliseconds: < 1000 } => this["took.milliseconds", (int)Math.Max(0, time.TotalMilliseconds)],
        { TotalSeconds: < 90 } => this["took.seconds", time.TotalSeconds.ToString("0.0", CultureInfo.CurrentCulture)],
        { TotalMinutes: < 90 } => this["took.minutes", (int)time.TotalMinutes],
        _ => this["took.hours", (int)time.TotalHours],
    };
}
