namespace Passerelle.Mail.Tests.NewWords;

/// <summary>What mail programs put around an answer, as Gmail, Outlook and Apple Mail write it in each language.</summary>
public class LanguagesTests
{
    private const string Own = "Yes, that works for me.\n\nCould you send it on Thursday?";

    public static TheoryData<string> Introductions => new(
        "On Mon, Mar 2, 2026 at 10:00 AM Bob Bell <bob@contoso.example> wrote:",
        "Le lun. 2 mars 2026 à 10:00, Bob Bell <bob@contoso.example> a écrit :",
        "Am Mo., 2. März 2026 um 10:00 Uhr schrieb Bob Bell <bob@contoso.example>:",
        "Am 02.03.2026 um 10:00 schrieb Bob Bell <bob@contoso.example>:",
        "El lun, 2 mar 2026 a las 10:00, Bob Bell (<bob@contoso.example>) escribió:",
        "Il giorno lun 2 mar 2026 alle ore 10:00 Bob Bell <bob@contoso.example> ha scritto:",
        "Op ma 2 mrt 2026 om 10:00 schreef Bob Bell <bob@contoso.example>:",
        "Op 2 mrt. 2026, om 10:00 heeft Bob Bell <bob@contoso.example> het volgende geschreven:",
        "Em seg., 2 de mar. de 2026 às 10:00, Bob Bell <bob@contoso.example> escreveu:",
        "Bob Bell <bob@contoso.example> escreveu (segunda, 2/03/2026 à(s) 10:00):",
        "pon., 2 mar 2026 o 10:00 Bob Bell <bob@contoso.example> napisał(a):",
        "Wiadomość napisana przez Bob Bell <bob@contoso.example> w dniu 2 mar 2026, o godz. 10:00:",
        "Den mån 2 mars 2026 kl 10:00 skrev Bob Bell <bob@contoso.example>:",
        "2 mars 2026 kl. 10:00 skrev Bob Bell <bob@contoso.example>:",
        "Den man. 2. mar. 2026 kl. 10.00 skrev Bob Bell <bob@contoso.example>:",
        "man. 2. mars 2026 kl. 10:00 skrev Bob Bell <bob@contoso.example>:",
        "ma 2. maalisk. 2026 klo 10.00 Bob Bell (bob@contoso.example) kirjoitti:",
        "Bob Bell <bob@contoso.example> kirjoitti 2.3.2026 kello 10.00:",
        "po 2. 3. 2026 v 10:00 odesílatel Bob Bell <bob@contoso.example> napsal:",
        "po 2. 3. 2026 o 10:00 Bob Bell <bob@contoso.example> napísal(a):",
        "пн, 2 мар. 2026 г. в 10:00, Bob Bell <bob@contoso.example>:",
        "2 марта 2026 г., в 10:00, Bob Bell <bob@contoso.example> написал(а):",
        "пн, 2 бер. 2026 р. о 10:00 Bob Bell <bob@contoso.example> пише:",
        "2026年3月2日(月) 10:00 Bob Bell <bob@contoso.example>:",
        "2026/03/02 10:00、Bob Bell <bob@contoso.example>のメール:",
        "Bob Bell <bob@contoso.example> 于2026年3月2日周一 10:00写道：",
        "在 2026年3月2日，10:00，Bob Bell <bob@contoso.example> 写道：",
        "Bob Bell <bob@contoso.example> 於 2026年3月2日 週一 上午10:00寫道：",
        "2026년 3월 2일 (월) 오전 10:00, Bob Bell <bob@contoso.example>님이 작성:",
        "2026. 3. 2. 오전 10:00, Bob Bell <bob@contoso.example> 작성:",
        "Bob Bell <bob@contoso.example> ezt írta (időpont: 2026. márc. 2., H, 10:00):",
        "În lun., 2 mar. 2026 la 10:00, Bob Bell <bob@contoso.example> a scris:",
        "Bob Bell <bob@contoso.example>, 2 Mar 2026 Pzt, 10:00 tarihinde şunu yazdı:",
        "Στις Δευ 2 Μαρ 2026 στις 10:00 π.μ., ο/η Bob Bell <bob@contoso.example> έγραψε:",
        "На пн, 2.03.2026 г. в 10:00 Bob Bell <bob@contoso.example> написа:",
        "pon, 2. ožu 2026. u 10:00 Bob Bell <bob@contoso.example> napisao je:",
        "пон, 2. мар 2026. у 10:00 Bob Bell <bob@contoso.example> је написао/ла:",
        "V V pon., 2. mar. 2026 ob 10:00 je oseba Bob Bell <bob@contoso.example> napisala:",
        "في الاثنين، 2 مارس 2026 في 10:00 ص تمت كتابة ما يلي بواسطة Bob Bell <bob@contoso.example>:",
        "בתאריך יום ב׳, 2 במרץ 2026 ב-10:00 מאת Bob Bell <bob@contoso.example>:",
        "Bob Bell <bob@contoso.example> kirjutas kuupäeval E, 2. märts 2026 kell 10:00:",
        "Pirmd., 2026. g. 2. marts, plkst. 10:00 — lietotājs Bob Bell (<bob@contoso.example>) rakstīja:",
        "2026-03-02, pr, 10:00 Bob Bell <bob@contoso.example> rašė:",
        "Vào Th 2, 2 thg 3, 2026 vào lúc 10:00 Bob Bell <bob@contoso.example> đã viết:",
        "ในวันที่ จ. 2 มี.ค. 2026 เวลา 10:00 Bob Bell <bob@contoso.example> เขียนว่า:",
        "Pada Sen, 2 Mar 2026 pukul 10.00 Bob Bell <bob@contoso.example> menulis:",
        "Missatge de Bob Bell <bob@contoso.example> del dia dl., 2 de març 2026 a les 10:00:");

    [Theory, MemberData(nameof(Introductions))]
    public void The_line_over_a_quotation_is_known_in_every_language(string introduction)
    {
        Assert.Equal(Own, ReplyText.Of($"{Own}\n\n{introduction}\n\n> Dear Ann,\n> when shall we send it?\n"));
        const int Column = 64; // where programs fold
        string folded = introduction.Length > Column && introduction.LastIndexOf(' ', Column) is var at and > 0 ? introduction.Insert(at + 1, "\n") : introduction;
        Assert.Equal(Own, ReplyText.Of($"{Own}\n\n{folded}\n\n> Dear Ann,\n> when shall we send it?\n"));
    }

    public static TheoryData<string, string, string, string> Headers => new()
    {
        { "From", "Sent", "To", "Subject" },
        { "De", "Envoyé", "À", "Objet" },
        { "Von", "Gesendet", "An", "Betreff" },
        { "De", "Enviado", "Para", "Asunto" },
        { "Da", "Inviato", "A", "Oggetto" },
        { "Van", "Verzonden", "Aan", "Onderwerp" },
        { "De", "Enviada", "Para", "Assunto" },
        { "Od", "Wysłano", "Do", "Temat" },
        { "Från", "Skickat", "Till", "Ämne" },
        { "Fra", "Sendt", "Til", "Emne" },
        { "Lähettäjä", "Lähetetty", "Vastaanottaja", "Aihe" },
        { "Od", "Odesláno", "Komu", "Předmět" },
        { "Od", "Odoslané", "Komu", "Predmet" },
        { "От", "Отправлено", "Кому", "Тема" },
        { "Від", "Надіслано", "Кому", "Тема" },
        { "差出人", "送信日時", "宛先", "件名" },
        { "发件人", "发送时间", "收件人", "主题" },
        { "寄件者", "寄件日期", "收件者", "主旨" },
        { "보낸 사람", "보낸 날짜", "받는 사람", "제목" },
        { "Feladó", "Elküldve", "Címzett", "Tárgy" },
        { "De la", "Trimis", "Către", "Subiect" },
        { "Kimden", "Gönderilme", "Kime", "Konu" },
        { "Gönderen", "Gönderildi", "Kime", "Konu" },
        { "Από", "Στάλθηκε", "Προς", "Θέμα" },
        { "من", "تاريخ الإرسال", "إلى", "الموضوع" },
        { "מאת", "נשלח", "אל", "נושא" },
        { "Šalje", "Poslano", "Prima", "Predmet" },
        { "От", "Изпратено", "До", "Относно" },
        { "Od", "Poslano", "Za", "Zadeva" },
        { "Saatja", "Saadetud", "Adressaat", "Teema" },
        { "Siuntėjas", "Išsiųsta", "Kam", "Tema" },
        { "Sūtītājs", "Nosūtīts", "Kam", "Tēma" },
        { "Từ", "Đã gửi", "Tới", "Chủ đề" },
        { "จาก", "ส่งเมื่อ", "ถึง", "เรื่อง" },
        { "Dari", "Dikirim", "Kepada", "Subjek" },
    };

    [Theory, MemberData(nameof(Headers))]
    public void Outlooks_copied_headers_are_known_in_every_language(string from, string sent, string to, string subject)
    {
        string block = $"{from}: Bob Bell <bob@contoso.example>\n{sent}: 2. 3. 2026 10:00\n{to}: Ann <ann@fabrikam.example>\n{subject}: Order\n\nDear Ann,\nwhen shall we send it?\n";
        Assert.Equal(Own, ReplyText.Of($"{Own}\n\n{block}"));
        Assert.Equal(Own, ReplyText.Of($"{Own}\n\n________________________________\n{block}"));
        string html = string.Concat(block.Split('\n').Take(4).Select(line => $"<b>{line[..(line.IndexOf(':', StringComparison.Ordinal) + 1)]}</b>{System.Net.WebUtility.HtmlEncode(line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..])}<br>"));
        Assert.Equal(Own, ReplyText.CutHtml($"<p>Yes, that works for me.</p><p>Could you send it on Thursday?</p><div style=\"border-top:solid #E1E1E1 1.0pt\"><p>{html}</p></div><p>Dear Ann,</p><p>when shall we send it?</p>").Text);
    }

    public static TheoryData<string> DeviceTags => new(
        "Sent from my iPhone", "Envoyé de mon iPhone", "Von meinem iPhone gesendet", "Enviado desde mi iPhone", "Inviato da iPhone", "Verstuurd vanaf mijn iPhone", "Enviado do meu iPhone",
        "Wysłane z iPhone’a", "Skickat från min iPhone", "Sendt fra min iPhone", "Lähetetty iPhonesta", "Odesláno z iPhonu", "Odoslané z iPhonu", "Отправлено с iPhone", "iPhoneから送信", "发自我的 iPhone", "從我的 iPhone 傳送",
        "나의 iPhone에서 보냄", "iPhone-ról küldve", "Trimis de pe iPhone-ul meu", "iPhone'umdan gönderildi", "Στάλθηκε από το iPhone μου", "Надіслано з iPhone", "تم الإرسال من هاتفي iPhone", "נשלח מה-iPhone שלי",
        "Poslano s mog iPhonea", "Изпратено от моя iPhone", "Gửi từ iPhone của tôi", "ส่งจาก iPhone ของฉัน", "Dikirim dari iPhone saya", "Enviat des del meu iPhone",
        "Gesendet von Outlook für iOS", "Envoyé à partir d’Outlook pour iOS", "Télécharger Outlook pour Android", "Get Outlook for Android<https://aka.ms/AAb9ysg>", "Obtener Outlook para Android", "Scarica Outlook per iOS",
        "Hämta Outlook för iOS", "Hent Outlook til iOS", "Pobierz aplikację Outlook dla systemu Android", "Hanki Outlook for iOS", "Získat Outlook pro Android", "Outlook für Android herunterladen", "Скачать Outlook для iOS", "iOS 版 Outlook を入手", "获取 Outlook for iOS",
        "Sent from Yahoo Mail on Android", "Sent from Proton Mail for iOS", "Gesendet mit der GMX Mail App", "Von meinem Samsung Galaxy Smartphone gesendet.", "Sent from Mail for Windows", "Enviado desde Correo para Windows");

    [Theory, MemberData(nameof(DeviceTags))]
    public void What_a_telephone_adds_is_nobodys_word(string tag)
    {
        Assert.Equal(Own, ReplyText.Of($"{Own}\n\n{tag}\n"));
        Assert.Equal(Own, ReplyText.CutHtml($"<p>Yes, that works for me.</p><p>Could you send it on Thursday?</p><div>{System.Net.WebUtility.HtmlEncode(tag)}</div><blockquote type=\"cite\">old</blockquote>").Text);
    }

    public static TheoryData<string> Disclaimers => new(
        "This e-mail is confidential and intended solely for the addressee. If you have received this message in error, please notify the sender and delete it.",
        "Ce message est confidentiel et destiné exclusivement à son destinataire. Si vous l'avez reçu par erreur, merci d'avertir l'expéditeur et de le détruire.",
        "Diese E-Mail enthält vertrauliche Informationen. Wenn Sie nicht der richtige Adressat sind oder diese E-Mail irrtümlich erhalten haben, informieren Sie bitte den Absender und vernichten Sie diese Mail.",
        "Este mensaje es confidencial y para uso exclusivo de su destinatario. Si lo ha recibido por error, notifíquelo al remitente; su divulgación está prohibida.",
        "Le informazioni contenute in questo messaggio sono riservate e per uso esclusivo del destinatario. Se ricevuto per errore, si prega di distruggere il messaggio.",
        "Dit bericht is vertrouwelijk en uitsluitend bestemd voor de geadresseerde. Indien u dit bericht abusievelijk ontvangt, dient u het te vernietigen.",
        "Esta mensagem é confidencial e destina-se exclusivamente ao destinatário. Se a recebeu por engano, informe o remetente e elimine-a; a sua divulgação é proibida.",
        "Ta wiadomość jest poufna i przeznaczona wyłącznie dla adresata. Jeśli otrzymali ją Państwo przez pomyłkę, prosimy o powiadomienie nadawcy i usunięcie wiadomości.",
        "Detta meddelande är konfidentiellt och endast avsett för mottagaren. Om du har fått det av misstag, vänligen meddela avsändaren och radera meddelandet.",
        "Denne e-mail er fortrolig og kun beregnet til modtageren. Hvis du har modtaget den ved en fejl, bedes du underrette afsenderen og slette den.",
        "Denne e-posten er konfidensiell og kun ment for mottakeren. Hvis du har mottatt den ved en feil, vennligst varsle avsenderen og slett den.",
        "Tämä viesti on luottamuksellinen ja tarkoitettu vain vastaanottajalle. Jos olet saanut viestin vahingossa, ilmoita siitä lähettäjälle ja poista viesti.",
        "Tato zpráva je důvěrná a určená výhradně adresátovi. Pokud jste ji obdrželi omylem, informujte prosím odesílatele a zprávu smažte.",
        "Это сообщение является конфиденциальным и предназначено только для адресата. Если вы получили его по ошибке, сообщите отправителю и удалите его.",
        "本メールには機密情報が含まれています。宛先の方以外の方が誤って受信された場合は、送信者までご連絡のうえ、本メールを破棄してください。無断転載を禁じます。",
        "本邮件包含保密信息，仅供指定收件人使用。如果您误收了本邮件，请立即通知发件人并删除本邮件，未经授权禁止披露。",
        "본 메일은 기밀 정보를 포함하고 있으며 지정된 수신인만을 위한 것입니다. 잘못 수신한 경우 발신인에게 알려 주시고 메일을 삭제하여 주시기 바랍니다. 무단 공개를 금합니다.",
        "Ez az üzenet bizalmas és kizárólag a címzettnek szól. Ha tévedésből kapta meg, kérjük, értesítse a feladót és törölje az üzenetet.",
        "Acest mesaj este confidențial și destinat exclusiv destinatarului. Dacă l-ați primit din greșeală, vă rugăm să anunțați expeditorul și să îl ștergeți.",
        "Bu e-posta gizlidir ve yalnızca alıcısı içindir. Yanlışlıkla aldıysanız lütfen göndereni bilgilendirin ve mesajı silin.",
        "Το παρόν μήνυμα είναι εμπιστευτικό και προορίζεται αποκλειστικά για τον παραλήπτη. Αν το λάβατε εκ παραδρομής, ενημερώστε τον αποστολέα και διαγράψτε το.",
        "Це повідомлення є конфіденційним і призначене лише для адресата. Якщо ви отримали його помилково, повідомте відправника та видаліть його.");

    [Theory, MemberData(nameof(Disclaimers))]
    public void What_lawyers_add_below_is_folded_away(string disclaimer) => Assert.Equal(Own, ReplyText.Of($"{Own}\n\n{disclaimer}\n"));

    /// <summary>Sentences that look like the above and are somebody's.</summary>
    [Theory]
    [InlineData("On Monday I wrote to your colleague:\nnothing came back.")]
    [InlineData("Le 2 mars, j'ai écrit à votre service :\nsans réponse.")]
    [InlineData("Am 2. März schrieb ich Ihnen:\nkeine Antwort.")]
    [InlineData("I sent it from my office in Paris.")]
    [InlineData("From: Paris\nTo: London\nDate: 3 May")]
    [InlineData("The parcel was sent from the warehouse on Monday.")]
    [InlineData("Please keep this confidential.")]
    [InlineData("Wysłano z magazynu w Krakowie w poniedziałek, a paczki nie ma.")]
    [InlineData("En réponse à votre message du 2 mars 2026, voici mon adresse :\n12 rue du Port")]
    [InlineData("-- this is not a signature but a question: when?")]
    public void Words_of_a_person_are_never_lost(string words) => Assert.Equal(words, ReplyText.Of(words));
}
