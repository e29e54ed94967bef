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
        { 1252, "Bonjour, où est ma commande ? J'ai déjà payé à Noël, merci de répondre." },
        { 65001, "Größe für Äpfel" },
    };

    [Theory, MemberData(nameof(Languages))]
    public void A_text_without_a_charset_is_read_in_the_one_that_it_has(int page, string written) =>
        Assert.Equal(written, Text("text/plain", Encoding.GetEncoding(page).GetBytes(written)));

    [Theory, MemberData(nameof(Languages))]
    public void A_text_that_says_Latin_1_and_is_something_else_is_read_all_the_same(int page, string written) =>
        Assert.Equal(written, Text("text/plain; charset=iso-8859-1", Encoding.GetEncoding(page).GetBytes(written)));

    [Theory]
    [InlineData("utf-7", "Gr+APYA3w-e, 1 +- 1", "Größe, 1 + 1")]
    [InlineData("hz-gb-2312", "~{6)5%~}", "订单")]
    public void Charsets_that_write_with_ASCIIs_bytes_are_read(string charset, string bytes, string written) =>
        Assert.Equal(written, Text($"text/plain; charset={charset}", Encoding.ASCII.GetBytes(bytes)));

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
