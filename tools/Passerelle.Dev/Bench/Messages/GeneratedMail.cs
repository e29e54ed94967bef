using System.Globalization;
using System.Text;

namespace Passerelle.Dev.Bench.Messages;

/// <summary>Mail as support mailboxes have it: few words often and many words seldom (Zipf), few people who write much. The same in every run.</summary>
internal sealed class GeneratedMail(int seed)
{
    private const int Vocabulary = 30_000;
    private const int People = 20_000;
    private static readonly string[] Onsets = ["b", "br", "c", "d", "dr", "f", "g", "gr", "h", "k", "l", "m", "n", "p", "pl", "r", "s", "st", "t", "tr", "v", "w", "z"];
    private static readonly string[] Nuclei = ["a", "e", "i", "o", "u", "ai", "ou", "ie"];
    private static readonly string[] Signs = ["注文", "配送", "返品", "请求", "发票", "地址", "배송", "환불", "東京", "電話"];
    private readonly Random _random = new(seed);

    /// <summary>The rarer the larger the number.</summary>
    public static string Word(int number)
    {
        var word = new StringBuilder();
        for (var rest = number + 40; rest > 0; rest /= Onsets.Length * Nuclei.Length)
            word.Append(Onsets[rest % Onsets.Length]).Append(Nuclei[rest / Onsets.Length % Nuclei.Length]);
        return word.ToString();
    }

    public static string PersonName(int number) => $"{Capital(Word(number % 500))} {Capital(Word(number))}";

    public static string PersonAddress(int number) => $"{Word(number % 500)}.{Word(number)}@{Word(number % 3_000)}.example";

    public int Person() => Often(People);

    public string Subject() => Capital(Words(3 + _random.Next(6)));

    /// <summary>Forty to a hundred words, one in twenty mails with some of a script without blanks.</summary>
    public string Text(int number)
    {
        var text = new StringBuilder("Hello,\n\n").Append(Words(40 + _random.Next(60))).Append('.');
        if (_random.Next(20) == 0) text.Append('\n').Append(Signs[_random.Next(Signs.Length)]).Append(Signs[_random.Next(Signs.Length)]);
        return text.Append(CultureInfo.InvariantCulture, $"\n\nOrder {number + 100_000}").ToString();
    }

    public string Kind() => _random.Next(100) switch
    {
        < 80 => "human",
        < 90 => "auto-reply",
        < 95 => "bounce",
        < 99 => "mailing-list",
        _ => "calendar",
    };

    private string Words(int count) => string.Join(' ', Enumerable.Range(0, count).Select(_ => Word(Often(Vocabulary))));

    /// <summary>Zipf by the inverse of its distribution: a number twice as large is half as likely.</summary>
    private int Often(int most) => (int)Math.Pow(most, _random.NextDouble()) - 1;

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
