using System.Globalization;
using System.Text;
using Passerelle.Mail;
using Passerelle.Mail.Replies;

namespace Passerelle.Tests;

/// <summary>Letters as people write them at their worst: every number is another one, and always the same.</summary>
internal static class HardLetters
{
    private static readonly string[] Words =
    [
        "Order", "№ 4711", "Où est ma commande ?", "Ihre Bestellung – größer als gedacht", "您的订单已发货", "ご注文の確認", "주문 확인", "طلبك في الطريق",
        "ההזמנה שלך", "Ваш заказ", "คำสั่งซื้อ", "🛒🎉", "👩‍👩‍👧‍👦 family", "e\u0301 combined", "\"quoted\"", "a, b; c", "(comment)", "<tag>", "back\\slash", "100 %",
        "=?utf-8?Q?not_encoded?=", "a@b.example", "tab\there", "  blanks  ", "ß", "ﷺ", "—", "𝒳𝒴", "İstanbul", "naïve café", "x=y&z", "'single'", "`tick`", "RE:", "[list]",
    ];

    private static readonly string[] Files =
    [
        "invoice.pdf", "Rechnung März 2026.pdf", "请款单.pdf", "a;b=c.txt", "quote\"d.txt", "it's.txt", "100%25.txt", "with space .txt", "😀.png", "..\\..\\evil.exe", "/etc/passwd",
        "semi;colon, comma.csv", "résumé (final) [2].docx", "no-extension", ".hidden", "ملف.pdf", "=?utf-8?B?eA==?=.txt", "plus+sign&and.txt", "UPPER.PDF", "back\\slash.txt",
    ];

    private static readonly string[] Types = ["application/pdf", "text/plain", "text/csv", "image/png", "application/octet-stream", "message/rfc822", "not a type", "application/vnd.ms-excel; x=1"];

    private static readonly string[] Domains = ["fabrikam.example", "bücher.example", "例え.example", "a-very-long-domain-name-that-goes-on-and-on-and-on.sub.domain.fabrikam.example"];

    private static readonly string[] Locals = ["ann", "ann.lee+tag", "o'neil", "x_y-z", "a.b.c.d.e.f", "1234567890", "\"two words\""];

    /// <param name="number">From 0.</param>
    public static (Draft Draft, IReadOnlyList<MailParty> To, IReadOnlyList<MailParty> Cc) Of(int number)
    {
        var dice = new Random(number);
        var html = dice.Next(3) > 0 ? $"<html><body><p>{Pick(dice, Words)}</p>{Alternatives.HtmlOf(Text(dice))}<img src=\"cid:logo.{number}\"></body></html>" : null;
        var draft = new Draft
        {
            From = new MailParty("support@contoso.example", dice.Next(4) > 0 ? Phrase(dice, 3) : null),
            MessageId = $"<{number:x8}.{dice.Next():x8}@contoso.example>",
            Date = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(dice.Next(40_000_000)),
            Subject = number % 17 == 0 ? string.Concat(Enumerable.Repeat("Überlang ", 90)).Trim() : number % 19 == 0 ? new string('x', 300) : Phrase(dice, 6),
            Text = Text(dice),
            Html = html,
            Automatic = dice.Next(3) == 0,
            ReplyTo = dice.Next(3) == 0 ? Address(dice) : "",
            Bcc = dice.Next(3) == 0 ? [new MailParty("secret@adatum.example")] : [],
            Unsubscription = dice.Next(3) == 0
                ? new Unsubscription(new Uri("https://contoso.example/leave?who=" + Uri.EscapeDataString(Phrase(dice, 2))), Address(dice), OneClick: true)
                : null,
            Enclosures =
            [
                .. Enumerable.Range(0, dice.Next(4)).Select(_ => new Enclosure(number % 13 == 0 ? Phrase(dice, 30) + ".bin" : Pick(dice, Files), Pick(dice, Types), Bytes(dice))),
                .. html is null ? Array.Empty<Enclosure>() : [new Enclosure(Pick(dice, Files), "image/png", Bytes(dice)) { ContentId = $"logo.{number}" }],
            ],
        };
        return (draft, Parties(dice, 1 + dice.Next(4)), Parties(dice, dice.Next(3)));
    }

    private static List<MailParty> Parties(Random dice, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => new MailParty(Address(dice), dice.Next(4) > 0 ? Phrase(dice, 3) : null)).DistinctBy(party => party.Address)];

    private static string Address(Random dice) => $"{Pick(dice, Locals)}@{Pick(dice, Domains)}";

    private static string Phrase(Random dice, int most) => string.Join(' ', Enumerable.Range(0, 1 + dice.Next(most)).Select(_ => Pick(dice, Words))).Trim();

    /// <summary>Lines that begin with a dot, with From, with a blank; one longer than any line of mail may be.</summary>
    private static string Text(Random dice)
    {
        var text = new StringBuilder();
        for (var line = dice.Next(12); line >= 0; line--)
        {
            text.Append(dice.Next(9) switch
            {
                0 => ".",
                1 => ". dot first",
                2 => "From here on",
                3 => $"{Phrase(dice, 4)} https://contoso.example/a?b=c&d=\"e\".",
                4 when line % 4 == 0 => string.Concat(Enumerable.Repeat(Pick(dice, Words), 2000 / 6)),
                5 => "",
                6 => "-- ",
                7 => "> quoted",
                _ => Phrase(dice, 8),
            }).Append(dice.Next(5) switch { 0 => "\r\n", 1 => "\r", _ => "\n" });
        }
        return text.Append(CultureInfo.InvariantCulture, $"end {dice.Next()}").ToString();
    }

    private static byte[] Bytes(Random dice)
    {
        var bytes = new byte[dice.Next(3000)];
        dice.NextBytes(bytes);
        return bytes;
    }

    private static string Pick(Random dice, string[] from) => from[dice.Next(from.Length)];
}
