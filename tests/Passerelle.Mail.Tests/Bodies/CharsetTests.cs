using System.Text;

namespace Passerelle.Mail.Tests.Bodies;

/// <summary>Text whose charset is missing, wrong or old: what somebody wrote is what is read.</summary>
public class CharsetTests
{
    /// <summary>Code page, and what somebody writes in it.</summary>
    public static TheoryData<int, string> Languages => new()
    {
        { 1251, "Здравствуйте, где мой заказ? Прошу ответить как можно скорее." },
        { 20866, "Здравствуйте, где мой заказ? Прошу ответить как можно скорее." },
        { 1251, "Доброго дня, коли буде відправлено моє замовлення?" },
        { 1253, "Καλημέρα σας, πού βρίσκεται η παραγγελία μου; Ευχαριστώ πολύ." },
        { 1255, "שלום רב, היכן נמצאת ההזמנה שלי? תודה רבה על העזרה" },
        { 1256, "السلام عليكم، أين الطلب الخاص بي؟ شكرا جزيلا لكم" },
        { 874, "สวัสดีครับ ผมอยากทราบว่าสินค้าที่สั่งซื้อจะมาถึงเมื่อไร" },
        { 932, "お世話になっております。注文の件でご連絡いたします。よろしくお願いいたします。" },
        { 51932, "お世話になっております。注文の件でご連絡いたします。よろしくお願いいたします。" },
        { 936, "您好，我的订单在哪里？请尽快回复，谢谢。" },
        { 950, "您好，我的訂單在哪裡？請盡快回覆，謝謝您的幫忙。" },
        { 949, "안녕하세요, 제 주문은 어디에 있습니까? 빠른 회신 부탁드립니다." },
        { 1252, "“Hello” – it’s 10 €" },
        { 1252, "Größe" },
        { 1252, "Aïe, ça coûte" },
        { 1252, "Bonjour, où est ma commande ? J'ai déjà payé à Noël, merci de répondre." },
        { 65001, "Größe für Äpfel" },
    };

    [Theory, MemberData(nameof(Languages))]
    public void A_text_without_a_charset_is_read_in_the_one_that_it_has(int page, string written) =>
        Assert.Equal(written, Text("text/plain", Encoding.GetEncoding(page).GetBytes(written)));

    [Theory, MemberData(nameof(Languages))]
    public void A_text_that_says_Latin_1_and_is_something_else_is_read_all_the_same(int page, string written) =>
        Assert.Equal(written, Text("text/plain; charset=iso-8859-1", Encoding.GetEncoding(page).GetBytes(written)));

    public static TheoryData<int, string, bool> Accents => new()
    {
        { 1250, "Dzień dobry, proszę o pilną odpowiedź w sprawie zamówienia. Chciałbym zwrócić żółtą lampę.", true },
        { 28592, "Dzień dobry, proszę o pilną odpowiedź w sprawie zamówienia. Chciałbym zwrócić żółtą lampę.", true },
        { 1250, "Dobrý den, kdy bude moje objednávka odeslána? Už týden čekám a ještě nepřišla žádná zpráva. Děkuji.", true },
        { 28592, "Dobrý den, kdy bude moje objednávka odeslána? Už týden čekám a ještě nepřišla žádná zpráva. Děkuji.", true },
        { 1250, "Poštovani, narudžba još nije stigla. Možete li provjeriti što se događa? Čekam već dva tjedna.", true },
        { 1254, "Merhaba, siparişim ne zaman gönderilecek? İki haftadır bekliyorum, ürün hâlâ gelmedi. Teşekkürler, iyi çalışmalar.", true },
        { 1257, "Laba diena, kada bus išsiųstas mano užsakymas? Laukiu jau dvi savaites, ačiū už pagalbą.", true },
        { 1250, "Tisztelt Cím! Szeretném megkérdezni, mikor érkezik meg a csomagom. A megrendelésről és a fizetésről visszaigazolást sem kaptam. Köszönettel", true },
        { 28592, "Jó napot, az előleget kifizettem, hogyan tovább? Üdvözlettel: Erdős Győző", true },
        { 1250, "A gyűrű és a fűző jövő héten jön", true },
        { 1252, "Tere! Kas minu tellimus on juba teel? Ootan seda kõige kiiremini, sest tähtaeg möödus eile õhtul. Ette tänades", true },
        { 1252, "L'août fût sûrement coûteux, bûche et goûter compris ; été 2025", true },
        { 1252, "Questões e opiniões: põe as canções nos corações, por favor", true },
        { 1252, "Größe und Farbe müssen geändert werden, schöne Grüße aus Köln", true },
        { 1252, "¿Dónde está mi pedido? Lo pagué el mes pasado y aún no llegó. Muchísimas gracias, señor.", true },
        { 1252, "Não recebi a encomenda. Já faz três semanas, e a informação está errada. Atenção, por favor.", true },
        { 1252, "Hvor er pakken? Jeg har ventet på den længe. Både køkken og værelse mangler stadig døre.", true },
        { 1252, "Il a reçu l’œuvre à Noël, où l’été fût très agréable ; ça coûte 10 € de plus", true },
        { 1252, "Perquè no ha arribat? És això, l’adreça és correcta i la comanda està feta. Gràcies.", true },
        { 1252, "Góðan dag, hvenær kemur pöntunin mín? Ég hef beðið í tvær vikur, þetta er orðið mjög langt.", true },
    };

    [Theory, MemberData(nameof(Accents))]
    public void Letters_with_accents_are_those_of_the_language(int page, string written, bool againstItsWord)
    {
        byte[] bytes = Encoding.GetEncoding(page).GetBytes(written);
        Assert.Equal(written, Text("text/plain", bytes));
        if (againstItsWord) Assert.Equal(written, Text("text/plain; charset=iso-8859-1", bytes));
    }

    [Theory]
    [InlineData("utf-7", "Gr+APYA3w-e, 1 +- 1", "Größe, 1 + 1")]
    [InlineData("hz-gb-2312", "~{6)5%~}", "订单")]
    public void Charsets_that_write_with_ASCIIs_bytes_are_read(string charset, string bytes, string written) =>
        Assert.Equal(written, Text($"text/plain; charset={charset}", Encoding.ASCII.GetBytes(bytes)));

    [Theory]
    [InlineData("iso-2022-kr", 50225, "안녕하세요 주문 번호입니다")]
    [InlineData("gb18030", 54936, "您好，订单号€")]
    [InlineData("big5-hkscs", 950, "您好，訂單")]
    [InlineData("koi8-u", 21866, "Доброго дня, де моє замовлення, її немає")]
    [InlineData("tis-620", 874, "สวัสดีครับ")]
    [InlineData("x-mac-cyrillic", 10007, "Здравствуйте, где мой заказ")]
    [InlineData("macintosh", 10000, "Größe für Äpfel")]
    [InlineData("iso-8859-8-i", 28598, "שלום רב")]
    [InlineData("cp850", 850, "Größe für Äpfel")]
    [InlineData("ibm437", 437, "Größe")]
    [InlineData("x-sjis", 932, "注文の件")]
    [InlineData("cp932", 932, "注文の件①")]
    [InlineData("windows-31j", 932, "注文の件①")]
    [InlineData("euc-kr", 949, "주문")]
    [InlineData("ISO8859-1", 1252, "Größe")]
    [InlineData("latin1", 1252, "Größe")]
    [InlineData("utf8", 65001, "Größe")]
    [InlineData("\"utf-8\"", 65001, "Größe")]
    [InlineData("UTF_8", 65001, "Größe")]
    [InlineData("unicode-1-1-utf-8", 65001, "Größe")]
    [InlineData("cp1251", 1251, "Где мой заказ?")]
    [InlineData("win-1251", 1251, "Где мой заказ, прошу ответить")]
    [InlineData("iso-8859-16", 65001, "Größe")]
    [InlineData("x-gbk", 936, "您好，订单")]
    [InlineData("gb2312", 936, "您好，订单")]
    [InlineData("cp936", 936, "您好，订单")]
    [InlineData("ansi_x3.4-1968", 65001, "Größe")]
    [InlineData("us-ascii", 1251, "Здравствуйте, где мой заказ? Прошу ответить")]
    public void A_charset_is_known_by_each_of_its_names(string name, int page, string written) => Assert.Equal(written, Text($"text/plain; charset={name}", Encoding.GetEncoding(page).GetBytes(written)));

    [Theory]
    [InlineData("=?UTF-8?Q?Gr=C3=B6=C3?= =?UTF-8?Q?=9Fe?=", "Größe")]
    [InlineData("=?UTF-8?B?R3LDtsM=?=\n =?UTF-8?B?n2U=?=", "Größe")]
    [InlineData("=?utf-8?q?Gr=C3=B6=C3=9Fe und Farbe?=", "Größe und Farbe")]
    [InlineData("=?iso-8859-1?Q?Caf=E9?= au lait =?iso-8859-1?Q?=E0_la?=", "Café au lait à la")]
    [InlineData("=?utf-8?Q?Re=3A_Order?=", "Re: Order")]
    [InlineData("=?utf-8*fr?Q?Caf=C3=A9?=", "Café")]
    [InlineData("=?iso-2022-jp?B?GyRCQ21KOBsoQg==?=", "注文")]
    [InlineData("\"=?utf-8?B?R3LDtsOfZQ==?=\"", "\"Größe\"")]
    [InlineData("[Ticket]=?utf-8?B?R3LDtsOfZQ==?=", "[Ticket]Größe")]
    [InlineData("=?windows-1251?B?x+Dq4Pc=?=", "Закач")]
    [InlineData("=?gb2312?B?xPq6ww==?=", "您好")]
    [InlineData("=?utf-8?B?R3LDtsOf\n ZQ==?=", "Größe")]
    [InlineData("=?x-unknown?Q?Gr=C3=B6=C3=9Fe?=", "Größe")]
    [InlineData("=?UTF8?Q?Gr=C3=B6=C3=9Fe?=", "Größe")]
    public void A_subject_is_read_however_its_words_are_encoded(string encoded, string subject) =>
        Assert.Equal(subject, Mails.Read($"From: ann@fabrikam.example\nSubject: {encoded}\n\nHello\n").Subject);

    [Fact]
    public void Bytes_of_eight_bits_are_not_of_a_charset_of_seven() =>
        Assert.Equal("注文の件でご連絡いたします", Text("text/plain; charset=iso-2022-jp", Encoding.GetEncoding(932).GetBytes("注文の件でご連絡いたします")));

    [Fact]
    public void A_name_of_a_smaller_charset_means_the_larger_that_holds_it() =>
        Assert.Equal("안녕하세요, 똠방각하", Text("text/plain; charset=ks_c_5601-1987", Encoding.GetEncoding(949).GetBytes("안녕하세요, 똠방각하")));

    [Fact]
    public void One_broken_byte_costs_one_letter_and_not_the_whole_text() =>
        Assert.Equal("Où est la réponse de l'été ? \ufffd", Text("text/plain; charset=utf-8", [.. "Où est la réponse de l'été ? "u8, 0xe9]));

    [Fact]
    public void An_HTML_document_says_its_charset_where_the_mail_does_not() =>
        Assert.Equal("Где мой заказ?", Text("text/html", Encoding.GetEncoding(1251).GetBytes("<html><head><meta charset=\"windows-1251\"></head><body>Где мой заказ?</body></html>")));

    [Fact]
    public void A_mark_of_UTF_16_is_believed_more_than_a_header() =>
        Assert.Equal("Größe", Text("text/plain; charset=utf-8", [0xff, 0xfe, .. Encoding.Unicode.GetBytes("Größe")]));

    [Theory]
    [InlineData(28591, "Où est ma réponse à l'été")]
    [InlineData(1251, "Где мой заказ номер семь")]
    [InlineData(932, "ご注文の件について")]
    public void A_subject_in_bare_bytes_is_read(int page, string subject)
    {
        ReadMail mail = MailReader.Read((byte[])[.. "From: ann@fabrikam.example\r\nSubject: "u8, .. Encoding.GetEncoding(page).GetBytes(subject), .. "\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHello\r\n"u8], new ReadingContext());
        Assert.Equal(subject, mail.Subject);
    }

    [Theory]
    [InlineData("R3LDtsOfZQ")]
    [InlineData("R3LDtsOfZQ=")]
    [InlineData("R3LDtsOfZQ==")]
    public void An_encoded_word_without_its_padding_loses_no_letter(string word) =>
        Assert.Equal("Größe", Mails.Read($"From: ann@fabrikam.example\nSubject: =?utf-8?B?{word}?=\n\nHello\n").Subject);

    [Fact]
    public void A_western_charset_with_a_euro_of_its_own_keeps_it() =>
        Assert.Equal("10 €", Text("text/plain; charset=iso-8859-15", [(byte)'1', (byte)'0', (byte)' ', 0xa4]));

    [Fact]
    public void Lines_that_a_list_put_below_base64_are_not_decoded()
    {
        string encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes("Größe ist L"));
        Assert.Equal("Größe ist L", Mails.Read($"From: ann@fabrikam.example\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n{encoded}\n\n_______\nFooter of a list\n").Text);
    }

    [Theory]
    [InlineData("multipart/mixed")]
    [InlineData("multipart/mixed; boundary=another")]
    public void Parts_are_found_where_their_boundary_is_lost(string type)
    {
        ReadMail mail = Mails.Read($"From: ann@fabrikam.example\nMIME-Version: 1.0\nContent-Type: {type}\n\n--abc\nContent-Type: text/plain\n\nHello there\n--abc\nContent-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\nJVBERg==\n--abc--\n");
        Assert.Equal(("Hello there", "a.pdf"), (mail.Text.Trim(), Assert.Single(mail.Attachments).Name));
    }

    [Theory]
    [InlineData("From : ann@fabrikam.example")]
    [InlineData("From: Ann Bell ann@fabrikam.example")]
    [InlineData("From: =?utf-8?Q?Ann_=3Cann=40fabrikam=2Eexample=3E?=")]
    [InlineData("From: ann@fabrikam.example [mailto:ann@fabrikam.example]")]
    public void Who_wrote_is_known_where_the_header_is_written_badly(string header) =>
        Assert.Equal("ann@fabrikam.example", Mails.Read($"{header}\nSubject: Order\n\nHello\n").From?.Address);

    [Fact]
    public void A_Message_ID_without_brackets_is_one() =>
        Assert.Equal("<one@fabrikam.example>", Mails.Read("From: ann@fabrikam.example\nMessage-ID: one@fabrikam.example\n\nHello\n").MessageId);

    private static string Text(string type, byte[] bytes)
    {
        Charsets.Know();
        byte[] head = Encoding.ASCII.GetBytes($"From: ann@fabrikam.example\r\nMIME-Version: 1.0\r\nContent-Type: {type}\r\nContent-Transfer-Encoding: base64\r\n\r\n");
        return MailReader.Read((byte[])[.. head, .. Encoding.ASCII.GetBytes(Convert.ToBase64String(bytes))], new ReadingContext()).Text;
    }
}
