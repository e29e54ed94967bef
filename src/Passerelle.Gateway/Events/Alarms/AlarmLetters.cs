using System.Globalization;
using System.Resources;
using System.Text;
using System.Text.Json;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Store;
using Passerelle.Mail;
using Passerelle.Mail.Replies;

namespace Passerelle.Gateway.Events.Alarms;

/// <summary>Owners and fixes in another language; the pages bring it, for their translations are the same.</summary>
internal delegate string Translated(string sentence, CultureInfo language);

/// <summary>The mail that tells an alarm, as a letter of an app that works.</summary>
internal sealed class AlarmLetters(Installations installations, Translated translated, TimeProvider time)
{
    /// <summary>What a letter's row says about where it comes from.</summary>
    public const string Origin = "alarm";

    private const int MostItems = 50;
    private static readonly ResourceManager Words = new("Passerelle.Gateway.Events.Alarms.AlarmTexts", typeof(AlarmLetters).Assembly);

    /// <param name="carrier">The app whose mailbox sends it.</param>
    /// <returns>Null when no mail can be made of it.</returns>
    public async Task<NewLetter?> WriteAsync(AlarmNotice notice, EmailApp carrier, string language, CancellationToken cancel)
    {
        var culture = CultureInfo.GetCultureInfo(language);
        var items = JsonSerializer.Deserialize<List<AlarmItem>>(notice.Body) ?? [];
        var url = (await installations.FindAsync(cancel))?.PublicUrl ?? "";
        var now = time.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var draft = new Draft
        {
            From = new MailParty(carrier.EmailId, "Passerelle"),
            MessageId = NewLetter.InternetIdOf(id, carrier.EmailId),
            Date = now,
            Subject = Subject(items, culture),
            Text = Text(items, carrier, url, culture),
            Automatic = true, // Auto-Submitted: nobody's machine answers it, ours neither
        };
        var to = notice.Target.Split('\n').Select(address => new MailParty(address, "")).ToList();
        if (ReplyComposer.New(draft, to) is not Composition.Composed composed) return null;
        return new NewLetter
        {
            OrganisationId = notice.OrganisationId,
            AppId = carrier.Id,
            Id = id,
            ConversationId = id,
            Origin = Origin,
            Automatic = false, // it answers nobody: the caps are for customers
            Correspondent = to[0].Address,
            Subject = composed.Subject,
            Raw = composed.Bytes,
            Recipients = composed.Recipients,
            InternetId = composed.MessageId,
        };
    }

    /// <summary>Within the caller's transaction: a conversation of its own, then the letter.</summary>
    public static void Insert(Tx tx, NewLetter letter, DateTimeOffset now)
    {
        Threads.Place(tx, letter.OrganisationId, letter.AppId, new ThreadHints([], AddressText.Fold(letter.Correspondent), letter.Subject), letter.ConversationId, now);
        Letters.Insert(tx, letter, now);
    }

    internal static string Subject(IReadOnlyList<AlarmItem> items, CultureInfo culture) => items switch
    {
        [{ Event: AlarmNotice.Test }] => Of("subject.test", culture),
        [{ Event: AlarmChange.Raised } one] => Of($"subject.{one.Kind}", culture, one.App),
        [var one] => Of($"subject.{one.Event}", culture, one.App),
        _ => Of($"subject.many-{items[0].Event}", culture, items.Count),
    };

    private string Text(IReadOnlyList<AlarmItem> items, EmailApp carrier, string url, CultureInfo culture)
    {
        var text = new StringBuilder();
        foreach (var item in items.Take(MostItems)) text.Append(Part(item, url, culture)).Append("\n\n");
        if (items.Count > MostItems) text.Append(Of("more", culture, items.Count - MostItems)).Append("\n\n");
        return text.Append(Of("foot", culture, carrier.AssetName, carrier.EmailId, $"{url}/settings")).Append('\n').ToString();
    }

    private string Part(AlarmItem item, string url, CultureInfo culture) => item.Event switch
    {
        AlarmNotice.Test => Of("test", culture),
        AlarmChange.Cleared => Of($"{item.Kind}.cleared", culture, item.App, item.Mailbox),
        _ => string.Join('\n',
            Of($"{item.Kind}.says", culture, item.App, item.Mailbox, item.Since.ToString("u", CultureInfo.InvariantCulture)),
            Of("who", culture, translated(item.Finding.Owner, culture), translated(item.Finding.Fix, culture)),
            Of("seen", culture, item.Finding.Detail),
            item.Kind == Alarm.Late ? $"{url}/sending" : $"{url}/apps/{item.AppId}{(item.Kind == Alarm.Credential ? "/credentials" : "")}"),
    };

    private static string Of(string key, CultureInfo culture, params object[] arguments) => string.Format(
        culture, Words.GetString(key, culture) ?? throw new MissingManifestResourceException($"No words for {key}"), arguments);
}
