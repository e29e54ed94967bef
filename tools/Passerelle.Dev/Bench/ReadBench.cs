using System.Diagnostics;
using System.Globalization;
using System.Text;
using Passerelle.Mail;

namespace Passerelle.Dev.Bench;

/// <summary>How fast mail is understood, without DNS: ordinary mails by the second of one core, the slowest of large ones, and
/// where the time goes, seen by leaving a part of the mail out.</summary>
internal static class ReadBench
{
    private const int Attachments = 20;
    private const int LargeBytes = 10 * 1024 * 1024;

    public static IReadOnlyList<BenchRow> Run(bool quick, CancellationToken cancel)
    {
        int count = quick ? 3_000 : 20_000, runs = quick ? 1 : 3, large = quick ? 50 : 200;
        byte[] both = Ordinary(text: true, html: true), text = Ordinary(text: true, html: false), html = Ordinary(text: false, html: true);
        Read(both, 5_000, cancel); // the first calls of anything are slow, until it is compiled well

        double ordinary = Rate(both, count, runs, cancel);
        double textOnly = Rate(text, count, runs, cancel), htmlOnly = Rate(html, count, runs, cancel);
        double reply = Per(count, runs, () => ReplyText.Cut(Text));
        double headers = Rate(Ordinary(text: false, html: false), count, runs, cancel);
        return
        [
            new($"ordinary mail of {both.Length} bytes, text and HTML, read", "1/s", ordinary, 2_000, runs),
            new("the same without its HTML", "1/s", textOnly, null, runs),
            new("the same without its text", "1/s", htmlOnly, null, runs),
            new("its headers alone", "1/s", headers, null, runs),
            new($"of the whole, HTML takes ({Dominates(ordinary, textOnly, headers, reply)})", "%", Share(ordinary, textOnly), null, runs),
            new("of the whole, headers and digest take", "%", 100 * ordinary / headers, null, runs),
            new("of the whole, the reply's text takes", "%", 100 * ordinary / reply, null, runs),
            new($"mail of 10 MB with {Attachments} attachments, p99", "ms", Slowest(Large(), large, cancel), 500, large),
            new("the same by the megabyte, median", "ms", Median(Large(), large / 5, cancel) / 10, null, large / 5),
        ];
    }

    private static double Rate(byte[] mail, int count, int runs, CancellationToken cancel) => Middle(runs, () => Read(mail, count, cancel));

    private static double Per(int count, int runs, Action once) => Middle(runs, () => PerSecond(count, once));

    private static double Middle(int runs, Func<double> measured) => Enumerable.Range(0, runs).Select(_ => measured()).Order().ElementAt(runs / 2);

    private static double Read(byte[] mail, int count, CancellationToken cancel) => PerSecond(count, () =>
    {
        cancel.ThrowIfCancellationRequested();
        if (MailReader.Read(mail, new ReadingContext()).Kind is MailKind.Unreadable) throw new InvalidOperationException("The bench's mail cannot be read");
    });

    /// <summary>By processor time, the collector's included: a second of a core, whoever else is on the machine.</summary>
    private static double PerSecond(int count, Action once)
    {
        using var process = Process.GetCurrentProcess();
        TimeSpan before = process.TotalProcessorTime;
        for (int i = 0; i < count; i++) once();
        process.Refresh();
        return count / (process.TotalProcessorTime - before).TotalSeconds;
    }

    private static double Slowest(byte[] mail, int count, CancellationToken cancel)
    {
        double[] times = Times(mail, count, cancel);
        return times[(int)Math.Ceiling(0.99 * times.Length) - 1];
    }

    private static double Median(byte[] mail, int count, CancellationToken cancel) => Times(mail, count, cancel)[count / 2];

    private static double[] Times(byte[] mail, int count, CancellationToken cancel)
    {
        var times = new double[count];
        for (int i = 0; i < count; i++)
        {
            cancel.ThrowIfCancellationRequested();
            long start = Stopwatch.GetTimestamp();
            if (MailReader.Read(mail, new ReadingContext()).Attachments.Count != Attachments) throw new InvalidOperationException("The bench's attachments are not all found");
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
        Array.Sort(times);
        return times;
    }

    /// <summary>What a mail costs less when a part of it is missing.</summary>
    private static double Share(double whole, double without) => Math.Max(0, 100 * (1 - (whole / without)));

    private static string Dominates(double whole, double withoutHtml, double headers, double reply)
    {
        (string What, double Share)[] parts =
            [("HTML", Share(whole, withoutHtml)), ("headers and digest", 100 * whole / headers), ("the reply's text", 100 * whole / reply)];
        return $"{parts.MaxBy(part => part.Share).What} dominates";
    }

    private static byte[] Ordinary(bool text, bool html)
    {
        var mail = new StringBuilder(Headers);
        if (!text && !html) return Bytes(mail.Append("Content-Type: text/plain\n\n.\n"));
        mail.Append("Content-Type: multipart/alternative; boundary=\"b\"\n\n");
        if (text) mail.Append("--b\nContent-Type: text/plain; charset=\"utf-8\"\nContent-Transfer-Encoding: 8bit\n\n").Append(Text).Append('\n');
        if (html) mail.Append("--b\nContent-Type: text/html; charset=\"utf-8\"\nContent-Transfer-Encoding: 8bit\n\n").Append(Html).Append('\n');
        return Bytes(mail.Append("--b--\n"));
    }

    private static byte[] Large()
    {
        var mail = new StringBuilder(Headers).Append("Content-Type: multipart/mixed; boundary=\"m\"\n\n--m\nContent-Type: text/plain; charset=\"utf-8\"\n\n").Append(Text);
        const int Decoded = LargeBytes / Attachments * 3 / 4;
        for (int i = 0; i < Attachments; i++)
        {
            var content = new byte[Decoded];
            for (int at = 0; at < content.Length; at++) content[at] = (byte)((at * 31) + (at >> 8) + i);
            mail.Append(CultureInfo.InvariantCulture, $"\n--m\nContent-Type: application/pdf; name=\"invoice-{i}.pdf\"\nContent-Disposition: attachment; filename=\"invoice-{i}.pdf\"\nContent-Transfer-Encoding: base64\n\n")
                .Append(Convert.ToBase64String(content, Base64FormattingOptions.InsertLineBreaks));
        }
        return Bytes(mail.Append("\n--m--\n"));
    }

    private static byte[] Bytes(StringBuilder mail) => Encoding.UTF8.GetBytes(mail.ToString().ReplaceLineEndings("\r\n"));

    private const string Headers =
        """
        Received: from mail-eopbgr10.outbound.protection.example (192.0.2.10) by mx.contoso.example with ESMTPS; Wed, 04 Mar 2026 05:06:09 +0000
        DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=fabrikam.example; s=selector1; h=From:Date:Subject:Message-ID:Content-Type:MIME-Version; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAA
        Received-SPF: Pass (protection.outlook.example: domain of fabrikam.example designates 192.0.2.10 as permitted sender) client-ip=192.0.2.10; helo=mail-eopbgr10.outbound.protection.example
        X-MS-Exchange-CrossTenant-OriginalArrivalTime: 04 Mar 2026 05:06:07.1234 (UTC)
        X-MS-Exchange-CrossTenant-Network-Message-Id: 6fd3a1b2-0000-4000-8000-0123456789ab
        ARC-Authentication-Results: i=1; mx.microsoft.example 1; spf=pass smtp.mailfrom=fabrikam.example; dmarc=pass action=none header.from=fabrikam.example; dkim=pass header.d=fabrikam.example
        From: =?utf-8?q?Ann_B=C3=A9ll?= <ann@fabrikam.example>
        To: Support <support@contoso.example>
        Subject: =?utf-8?q?Re:_O=C3=B9_est_ma_commande?=
        Date: Wed, 04 Mar 2026 05:06:07 +0000
        Message-ID: <AM0PR04MB1234@AM0PR04MB1234.eurprd04.prod.example>
        In-Reply-To: <one@contoso.example>
        References: <zero@fabrikam.example> <one@contoso.example>
        Thread-Topic: Order
        MIME-Version: 1.0

        """;

    private const string Text =
        """
        Hello,

        thank you for your quick answer. The lamp that I ordered on 12 February has come, but the shade is broken and one
        of the three screws is missing. I have enclosed no picture because the parcel itself was in good order; if you need
        one, tell me and I shall take it tonight.

        Could you send a new shade before the 20th? We leave on the 21st, and I should like to have it hung by then. The
        number of the order is 4711, the parcel's is 00340434161094022115.

        One more thing: the invoice still names our old address. Since January we are at 12 rue du Port; the bank asks that
        the invoice and the delivery note agree, so please send it again with the new one. I have told your colleague on the
        telephone already, but nothing has come since. A copy to accounts would save us both a letter.

        Kind regards,

        Ann Béll
        Fabrikam, +33 1 70 00 00 00

        On Tue, Mar 3, 2026 at 4:12 PM Contoso Support <support@contoso.example> wrote:

        > Dear Ms Béll,
        >
        > we are sorry to hear that something was wrong with your parcel. Could you tell us what exactly was damaged, and the
        > number of the order? We shall find a way.
        >
        > Contoso Support

        """;

    private static readonly string Html =
        $"<html><head><style>p {{ margin: 0 }}</style></head><body dir=\"ltr\"><div style=\"font-family: Calibri, sans-serif; font-size: 11pt; color: rgb(0, 0, 0)\">{string.Concat(Text.Split('\n').Select(line => $"<p style=\"margin: 0\">{(line.Length == 0 ? "&nbsp;" : line.Replace(">", "&gt;", StringComparison.Ordinal))}</p>"))}<p><a href=\"https://www.fabrikam.example/\">www.fabrikam.example</a> <img src=\"https://www.fabrikam.example/logo.png\" width=\"120\"></p></div></body></html>";
}
