using Passerelle.Mail.NewWords;

namespace Passerelle.Mail.Tests.NewWords;

public class ReplyTests
{
    /// <summary>Introductions as mail programs write them.</summary>
    public static TheoryData<string> Introductions => [.. """
        On Mon, Mar 2, 2026 at 10:00 AM Ann Bell <ann@fabrikam.example> wrote:
        Le lun. 2 mars 2026 à 10:00, Ann Bell <ann@fabrikam.example> a écrit :
        Am Mo., 2. März 2026 um 10:00 Uhr schrieb Ann Bell <ann@fabrikam.example>:
        Ann Bell <ann@fabrikam.example> schrieb am Mo., 2. März 2026, 10:00:
        El lun, 2 mar 2026 a las 10:00, Ann Bell (<ann@fabrikam.example>) escribió:
        Il giorno lun 2 mar 2026 alle ore 10:00 Ann Bell <ann@fabrikam.example> ha scritto:
        Op ma 2 mrt 2026 om 10:00 schreef Ann Bell <ann@fabrikam.example>:
        Em seg., 2 de mar. de 2026 às 10:00, Ann Bell <ann@fabrikam.example> escreveu:
        pon., 2 mar 2026 o 10:00 Ann Bell <ann@fabrikam.example> napisał(a):
        Den mån 2 mars 2026 kl 10:00 skrev Ann Bell <ann@fabrikam.example>:
        Den man. 2. mar. 2026 kl. 10.00 skrev Ann Bell <ann@fabrikam.example>:
        man. 2. mars 2026 kl. 10:00 skrev Ann Bell <ann@fabrikam.example>:
        ma 2. maalisk. 2026 klo 10.00 Ann Bell (ann@fabrikam.example) kirjoitti:
        po 2. 3. 2026 v 10:00 odesílatel Ann Bell <ann@fabrikam.example> napsal:
        пн, 2 мар. 2026 г. в 10:00, Ann Bell <ann@fabrikam.example>:
        2 марта 2026 г., в 10:00, Ann Bell <ann@fabrikam.example> написал(а):
        2026年3月2日(月) 10:00 Ann Bell <ann@fabrikam.example>:
        Ann Bell <ann@fabrikam.example> 于2026年3月2日周一 10:00写道：
        2026년 3월 2일 (월) 오전 10:00, Ann Bell <ann@fabrikam.example>님이 작성:
        On Mar 2, 2026, at 10:00 AM, Ann Bell <ann@fabrikam.example> wrote:
        Am 02.03.2026 um 10:00 schrieb Ann Bell <ann@fabrikam.example>:
        Le 2 mars 2026 à 10:00, Ann Bell <ann@fabrikam.example> a écrit :
        El 2 mar 2026, a las 10:00, Ann Bell <ann@fabrikam.example> escribió:
        Il giorno 2 mar 2026, alle ore 10:00, Ann Bell <ann@fabrikam.example> ha scritto:
        Op 2 mrt. 2026 om 10:00 heeft Ann Bell <ann@fabrikam.example> het volgende geschreven:
        Em 2 de mar. de 2026, à(s) 10:00, Ann Bell <ann@fabrikam.example> escreveu:
        Wiadomość napisana przez Ann Bell <ann@fabrikam.example> w dniu 2 mar 2026, o godz. 10:00:
        2 mars 2026 kl. 10:00 skrev Ann Bell <ann@fabrikam.example>:
        Ann Bell <ann@fabrikam.example> kirjoitti 2.3.2026 kello 10.00:
        2. 3. 2026 v 10:00, Ann Bell <ann@fabrikam.example>:
        2026/03/02 10:00、Ann Bell <ann@fabrikam.example>のメール:
        在 2026年3月2日，10:00，Ann Bell <ann@fabrikam.example> 写道：
        2026. 3. 2. 오전 10:00, Ann Bell <ann@fabrikam.example> 작성:
        On 2026-03-02 10:00, Ann Bell wrote:
        Am 02.03.26 um 10:00 schrieb Ann Bell:
        Le 02/03/2026 à 10:00, Ann Bell a écrit :
        El 2/3/26 a las 10:00, Ann Bell escribió:
        Il 02/03/2026 10:00, Ann Bell ha scritto:
        Op 02-03-2026 om 10:00 schreef Ann Bell:
        Em 02/03/2026 10:00, Ann Bell escreveu:
        W dniu 2.03.2026 o 10:00, Ann Bell pisze:
        Den 2026-03-02 kl. 10:00, skrev Ann Bell:
        Ann Bell kirjoitti 2.3.2026 klo 10.00:
        Dne 02. 03. 26 v 10:00 Ann Bell napsal(a):
        02.03.2026 10:00, Ann Bell пишет:
        """.Split('\n')];

    [Theory, MemberData(nameof(Introductions))]
    public void An_introduction_of_any_language_is_found_with_and_without_marks_of_quotation(string introduction)
    {
        Assert.Equal("Own words", ReplyText.Of($"Own words\n\n{introduction}\n\n> the past\n> goes on"));
        Assert.Equal("Own words", ReplyText.Of($"Own words\n\n{introduction}\n\nthe past\n\ngoes on"));
        Assert.Equal("The answer", ReplyText.Of($"{introduction}\n> the past\n> goes on\n\nThe answer"));
    }

    /// <summary>Copied headers, as Outlook and others write them.</summary>
    public static TheoryData<string> Headers => [.. """
        From: Ann|Sent: Monday, March 2, 2026 10:00|To: Support|Subject: Order
        De : Ann|Envoyé : lundi 2 mars 2026 10:00|À : Support|Objet : Commande
        Von: Ann|Gesendet: Montag, 2. März 2026 10:00|An: Support|Betreff: Bestellung
        De: Ann|Enviado: lunes, 2 de marzo de 2026 10:00|Para: Support|Asunto: Pedido
        Da: Ann|Inviato: lunedì 2 marzo 2026 10:00|A: Support|Oggetto: Ordine
        Van: Ann|Verzonden: maandag 2 maart 2026 10:00|Aan: Support|Onderwerp: Bestelling
        De: Ann|Enviada em: segunda-feira, 2 de março de 2026 10:00|Para: Support|Assunto: Pedido
        Od: Ann|Wysłano: poniedziałek, 2 marca 2026 10:00|Do: Support|Temat: Zamówienie
        Från: Ann|Skickat: den 2 mars 2026 10:00|Till: Support|Ämne: Beställning
        Fra: Ann|Sendt: 2. marts 2026 10:00|Til: Support|Emne: Ordre
        Lähettäjä: Ann|Lähetetty: maanantai 2. maaliskuuta 2026 10.00|Vastaanottaja: Support|Aihe: Tilaus
        Od: Ann|Odesláno: pondělí 2. března 2026 10:00|Komu: Support|Předmět: Objednávka
        От: Ann|Отправлено: 2 марта 2026 г. 10:00|Кому: Support|Тема: Заказ
        差出人: Ann|送信日時: 2026年3月2日 10:00|宛先: Support|件名: 注文
        发件人: Ann|发送时间: 2026年3月2日 10:00|收件人: Support|主题: 订单
        寄件者： Ann|寄件日期： 2026年3月2日 10:00|收件者： Support|主旨： 訂單
        보낸 사람: Ann|보낸 날짜: 2026년 3월 2일 10:00|받는 사람: Support|제목: 주문
        """.Split('\n')];

    [Theory, MemberData(nameof(Headers))]
    public void Copied_headers_of_any_language_begin_the_past(string headers)
    {
        string block = headers.Replace('|', '\n');
        Assert.Equal("Own words", ReplyText.Of($"Own words\n\n________________________________\n{block}\n\nthe past"));
        Assert.Equal("Own words", ReplyText.Of($"Own words\n\n{block.Replace("\n", "\n\n")}\n\nthe past"));
        Assert.Equal("the forwarded mail", ReplyText.Of($"{block}\n\nthe forwarded mail"));
    }

    [Theory]
    [InlineData("Sent from my iPhone")]
    [InlineData("Envoyé de mon iPhone")]
    [InlineData("Von meinem iPhone gesendet")]
    [InlineData("Enviado desde mi iPhone")]
    [InlineData("Inviato da iPhone")]
    [InlineData("Verstuurd vanaf mijn iPhone")]
    [InlineData("Enviado do meu iPhone")]
    [InlineData("Wysłane z iPhone'a")]
    [InlineData("Skickat från min iPhone")]
    [InlineData("Sendt fra min iPhone")]
    [InlineData("Lähetetty iPhonesta")]
    [InlineData("Odesláno z iPhonu")]
    [InlineData("Отправлено с iPhone")]
    [InlineData("iPhoneから送信")]
    [InlineData("发自我的 iPhone")]
    [InlineData("나의 iPhone에서 보냄")]
    [InlineData("Get Outlook for Android<https://aka.ms/AAb9ysg>")]
    [InlineData("Sent from Yahoo Mail on Android")]
    public void What_a_device_says_of_itself_is_nobodys_words(string tag)
    {
        Reply reply = ReplyText.Cut($"Own words\n\n{tag}");
        Assert.Equal("Own words", reply.Text);
        Assert.Equal([ReplyPartKind.OwnWords, ReplyPartKind.Signature], reply.Parts.Select(part => part.Kind));
    }

    /// <summary>What looks like an ending and is somebody's sentence.</summary>
    [Theory]
    [InlineData("From: Paris\nTo: London\nDate: 3 May\n\nis my journey")]
    [InlineData("My journey:\n\nFrom: Paris\nTo: London\nDate: 3 May\n\nCan you book it?")]
    [InlineData("On 12 March 2026 we wrote you about the following:\n\nthe lamp is broken")]
    [InlineData("Am 12.03.2026 um 10:00 schrieb ich Ihnen:\n\ndie Lampe ist kaputt")]
    [InlineData("On 12 March 2026 your colleague wrote:\n\nit will be sent. It was not.")]
    [InlineData("Am 2.3.2026 um 10:00 schrieb mir Ihr Kollege:\n\nes kommt morgen. Es kam nicht.")]
    [InlineData("Le 2 mars 2026 à 10:00 votre collègue m'a écrit :\n\nc'est parti. Rien n'est venu.")]
    [InlineData("Our supplier ann@fabrikam.example wrote:\n\nit is sold out. What now?")]
    [InlineData("Hello,\n\nSent from my desk, where the phone does not ring.\n\nBye")]
    [InlineData("I sent it from my iPhone, and nothing came.\n\nFrom my iPhone I cannot log in")]
    [InlineData("Gesendet habe ich es mit meinem iPhone am Montag, seitdem nichts.")]
    [InlineData("First question\n--\nSecond question: what now?")]
    [InlineData("Thanks,\nPaul\n\nP.S. call me tomorrow, I forgot the number")]
    [InlineData("Summary\n----\nit is broken\n----\nsend a new one")]
    [InlineData("> 100 pieces would do\n\nand when?")]
    [InlineData("This is confidential: please treat my name so.")]
    [InlineData("Best\n\nOf all your lamps it is the one that I liked. Where is it?")]
    [InlineData("| a | b |\n| 1 | 2 |\n\nis my table")]
    [InlineData("```\nFrom: a@b.example\nSubject: x\nTo: c@d.example\n```\n\nis what I see")]
    [InlineData("Il est arrivé cassé\nle 2 mars 2026 à 10:00, et personne ne répond")]
    public void In_doubt_it_is_the_persons_own(string text) => Assert.Equal(text, ReplyText.Of(text));

    [Fact]
    public void Answers_between_quotations_are_kept_with_what_they_answer() => Assert.Equal(
        "Hello\n\n\n> Which lamp?\n> The red one?\nthe red one\n\n> When?\n> Now?\nin May",
        ReplyText.Of("Hello\n\nOn Mon, Mar 2, 2026 at 10:00 AM Ann <ann@fabrikam.example> wrote:\n\n> Which lamp?\n> The red one?\nthe red one\n\n> When?\n> Now?\nin May\n\n> bye\n> Ann\n"));

    [Fact]
    public void The_parts_are_all_of_the_mail_in_its_order()
    {
        Reply reply = ReplyText.Cut(
            """
            CAUTION: This email originated from outside the organization. Do not click links or open attachments.

            Own words

            --
            Ann Bell
            Fabrikam

            This message is confidential and intended only for the intended recipient. If you received this in error, delete it.

            From: Support <support@contoso.example>
            Sent: Monday
            To: Ann
            Subject: Order

            the past
            """);
        Assert.Equal("Own words", reply.Text);
        Assert.Equal(
            [ReplyPartKind.Disclaimer, ReplyPartKind.OwnWords, ReplyPartKind.Signature, ReplyPartKind.Disclaimer, ReplyPartKind.Quoted],
            reply.Parts.Select(part => part.Kind));
        Assert.Contains("the past", reply.Parts[^1].Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<div>Own words</div><div class=\"gmail_quote\"><div class=\"gmail_attr\">On Monday Ann wrote:</div><blockquote class=\"gmail_quote\">the past</blockquote></div>")]
    [InlineData("<p>Own words</p><div id=\"appendonsend\"></div><hr><div id=\"divRplyFwdMsg\"><b>From:</b> Ann</div><div>the past</div>")]
    [InlineData("<p>Own words</p><div id=\"x_divRplyFwdMsg\">From: Ann</div>the past")]
    [InlineData("<p>Own words</p><div class=\"moz-cite-prefix\">Le lundi Ann :</div><blockquote type=\"cite\">the past</blockquote>")]
    [InlineData("<p>Own words</p><span id=\"OLK_SRC_BODY_SECTION\"><p>the past</p></span>")]
    [InlineData("<p>Own words</p><div class=\"ydp1a2b3c4dyahoo_quoted\">the past</div>")]
    [InlineData("<p>Own words</p><hr id=\"zwchr\"><div>the past</div>")]
    [InlineData("<p>Own words</p><div name=\"quote\"><div name=\"quoted-content\">the past</div></div>")]
    [InlineData("<p>Own words</p><div id=\"Signature\"><p>Ann, Fabrikam</p></div>")]
    [InlineData("<p>Own words</p><div class=\"gmail_signature\" data-smartmail=\"gmail_signature\">Ann, Fabrikam</div>")]
    [InlineData("<p>Own words</p><div style='border:none;border-top:solid #E1E1E1 1.0pt'><p><b>Von:</b> Ann<br><b>Gesendet:</b> Montag<br><b>An:</b> Bob<br><b>Betreff:</b> x</p></div><p>the past</p>")]
    [InlineData("<blockquote style=\"margin:0 0 0 40px;border:none;padding:0px\">Own words</blockquote>")]
    public void The_boxes_of_mail_programs_are_known(string html) => Assert.Equal("Own words", ReplyText.CutHtml(html).Text);

    [Fact]
    public void An_answer_within_gmails_box_is_kept() => Assert.Equal(
        "Hi\n> which lamp?\n\nthe red one",
        ReplyText.CutHtml("<div class=\"gmail_quote\"><div class=\"gmail_attr\">On Mon Ann wrote:</div>Hi<blockquote class=\"gmail_quote\">which lamp?</blockquote><div>the red one</div></div>").Text);

    [Theory]
    [InlineData('>')]
    [InlineData('-')]
    [InlineData(':')]
    [InlineData('<')]
    public void Hostile_lines_and_boxes_without_end_are_cut_like_others(char c)
    {
        string text = string.Join('\n', Enumerable.Repeat($"On 2 March 2026 at 10:00 {new string(c, 60)} from: a@b.c", 1_000));
        Assert.StartsWith("Own words", ReplyText.Of("Own words\n\n" + text), StringComparison.Ordinal);
        Assert.StartsWith("Own words", ReplyText.CutHtml("<p>Own words</p>" + string.Concat(Enumerable.Repeat("<blockquote><div id=divRplyFwdMsg>", 20_000)) + text).Text, StringComparison.Ordinal);
    }
}
