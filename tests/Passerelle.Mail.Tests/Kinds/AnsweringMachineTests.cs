namespace Passerelle.Mail.Tests.Kinds;

/// <summary>Answering machines whose headers say nothing, in the languages of the mailboxes we meet. None of them gets an answer.</summary>
public class AnsweringMachineTests
{
    public static TheoryData<string> Subjects => new(
        "Automatic reply: Your order", "Out of Office: Re: Your order", "Auto: Your order", "OOO: Your order", "Re: Out of the office until Monday", "[Auto-Reply] Your order",
        "Réponse automatique : commande", "Absence du bureau : commande", "Message d'absence", "Réponse automatique",
        "Automatische Antwort: Bestellung", "Abwesenheitsnotiz: Bestellung", "AW: Abwesenheitsnotiz", "Automatische Rückantwort: Bestellung",
        "Respuesta automática: Pedido", "Fuera de la oficina: Pedido", "Risposta automatica: ordine", "Fuori sede: ordine", "Fuori ufficio",
        "Automatisch antwoord: bestelling", "Automatische reactie: bestelling", "Afwezigheidsbericht", "Resposta automática: encomenda", "Fora do escritório: pedido",
        "Odpowiedź automatyczna: zamówienie", "Poza biurem: zamówienie", "Autosvar: Beställning", "Automatiskt svar: Beställning", "Frånvaromeddelande",
        "Automatisk svar: Bestilling", "Fraværsmelding", "Ikke til stede: Bestilling", "Automaattinen vastaus: tilaus", "Poissaoloilmoitus", "Automatická odpověď: objednávka",
        "Mimo kancelář: objednávka", "Автоматический ответ: Заказ", "Вне офиса: Заказ", "自動応答: ご注文", "自動返信：ご注文", "不在通知", "自动答复: 订单", "自动回复：订单", "自動回覆: 訂單", "不在办公室：订单",
        "자동 회신: 주문", "부재중: 주문", "Automatikus válasz: rendelés", "Házon kívül", "Irodán kívül: rendelés", "Răspuns automat: comandă", "În afara biroului", "Otomatik yanıt: sipariş",
        "Ofis Dışında: sipariş", "OTOMATİK YANIT", "Αυτόματη απάντηση: παραγγελία", "Εκτός γραφείου", "Автоматична відповідь: замовлення", "Поза офісом", "رد تلقائي: طلب", "خارج المكتب", "תשובה אוטומטית: הזמנה",
        "מחוץ למשרד", "Automatická odpoveď: objednávka", "Mimo kancelárie", "Automatski odgovor: narudžba", "Izvan ureda", "Автоматичен отговор: поръчка", "Извън офиса", "Samodejni odgovor: naročilo",
        "Automaatvastus: tellimus", "Automātiska atbilde", "Automatinis atsakymas", "Trả lời tự động: đơn hàng", "ตอบกลับอัตโนมัติ: คำสั่งซื้อ", "Balasan otomatis: pesanan", "Resposta automàtica");

    [Theory, MemberData(nameof(Subjects))]
    public void A_machines_subject_is_known_in_every_language(string subject) => Machine($"From: ann@fabrikam.example\nSubject: {subject}\n\nHello\n");

    /// <summary>In answer to our mail, under our own subject: only the words tell.</summary>
    public static TheoryData<string> Texts => new(
        "Thank you for your message. I am out of the office until Monday 9 March with limited access to my mail.\nFor urgent matters please contact bob@fabrikam.example.\n\nAnn",
        "Hi,\n\nI'm currently on vacation and will be back on 12 June. I will reply when I return.\n\nBest,\nAnn",
        "Our offices are closed from 24 December until 2 January. We will answer your message as soon as possible after we return to the office.",
        "Ann Bell no longer works at Fabrikam. Please contact bob@fabrikam.example for anything urgent.",
        "This is an automated response. We have received your message and opened ticket 4711.",
        "Bonjour,\nJe suis absente du bureau jusqu'au 9 mars. En cas d'urgence, vous pouvez contacter Bob.\nCordialement",
        "Actuellement en congé, je traiterai votre demande dès mon retour, le 9 mars.",
        "Guten Tag,\nich bin bis zum 9. März nicht im Büro. In dringenden Fällen wenden Sie sich bitte an Herrn Bell.\nMit freundlichen Grüßen",
        "Vielen Dank für Ihre Nachricht. Ich bin im Urlaub und ab dem 9.3. wieder erreichbar. Ihre E-Mail wird nicht weitergeleitet.",
        "Hola, estoy fuera de la oficina hasta el 9 de marzo. Para asuntos urgentes, contactar con Bob.",
        "Gracias por su mensaje. Estaré ausente hasta el lunes; responderé a mi regreso.",
        "Buongiorno, sono in ferie fino al 9 marzo. Per urgenze contattare Bob.",
        "Ik ben tot en met 9 maart niet op kantoor. Bij spoed kunt u contact opnemen met Bob.",
        "Estou de férias até ao dia 9 de março. Em caso de urgência, por favor contacte o Bob.",
        "Dziękuję za wiadomość. Jestem na urlopie do dnia 9 marca. W pilnych sprawach proszę o kontakt z Bobem.",
        "Jag är på semester till och med 9 mars. Vid brådskande ärenden, kontakta Bob.",
        "Tak for din mail. Jeg holder ferie til og med 9. marts. Kontakt venligst Bob, hvis det haster.",
        "Jeg er ikke på kontoret før 9. mars. Ta kontakt med Bob hvis det haster.",
        "Olen lomalla 9.3. saakka. Kiireellisissä asioissa ota yhteyttä Bobiin.",
        "Dobrý den, jsem na dovolené do 9. 3. V naléhavých případech kontaktujte prosím Boba.",
        "Здравствуйте! Я в отпуске до 9 марта. По срочным вопросам обращайтесь к Бобу.",
        "お世話になっております。3月9日まで休暇をいただいております。お急ぎの場合はボブまでご連絡ください。",
        "您好，我正在休假，3月9日返回。如有急事，请联系Bob。",
        "您好，我出差至3月9日，期間無法及時回覆郵件。如有緊急事務，請聯絡Bob。",
        "안녕하세요. 3월 9일까지 휴가 중입니다. 급한 용건은 밥에게 연락 주시기 바랍니다.",
        "Tisztelt Partnerünk! Március 9-ig szabadságon vagyok. Sürgős esetben kérem, forduljon kollégámhoz.",
        "Bună ziua, sunt în concediu până la 9 martie. Pentru urgențe vă rog să contactați pe Bob.",
        "Merhaba, 9 Mart tarihine kadar yıllık izindeyim. Acil konular için Bob ile iletişime geçebilirsiniz.",
        "Απουσιάζω από το γραφείο έως τις 9 Μαρτίου. Για επείγοντα θέματα επικοινωνήστε με τον Bob.",
        "Доброго дня! Я у відпустці до 9 березня. З термінових питань звертайтеся до Боба.",
        "أنا في إجازة حتى 9 مارس. للحالات العاجلة يرجى التواصل مع بوب.",
        "אני בחופשה עד ה-9 במרץ. במקרים דחופים ניתן לפנות לבוב.",
        "Som na dovolenke do 9. marca. V naliehavých prípadoch kontaktujte kolegu.",
        "Na godišnjem odmoru sam do 9. ožujka. Za hitne slučajeve obratite se Bobu.",
        "В отпуск съм до 9 март. При спешни случаи се свържете с Боб.");

    [Theory, MemberData(nameof(Texts))]
    public void A_machine_that_answers_under_our_own_subject_is_known_by_its_words(string text) =>
        Machine($"From: ann@fabrikam.example\nSubject: Re: Your order\nIn-Reply-To: <1@contoso.example>\n\n{text}\n\nOn Mon, Mar 2, 2026 at 10:00 Support <support@contoso.example> wrote:\n> Dear Ann\n");

    [Theory]
    [InlineData("Auto-Submitted: auto-replied")]
    [InlineData("X-Vacation: yes")]
    [InlineData("X-Autogenerated: Reply")]
    [InlineData("X-FC-MachineGenerated: true")]
    [InlineData("X-Apple-Action: VACATION")]
    [InlineData("Delivered-To: Autoresponder")]
    [InlineData("X-POST-MessageClass: 9; Autoresponder")]
    [InlineData("X-Mail-Autoreply: ann@fabrikam.example")]
    [InlineData("Precedence: auto_reply")]
    public void A_machine_that_says_so_in_a_header_of_its_own_gets_no_answer(string header) => Machine($"From: ann@fabrikam.example\nSubject: Order\n{header}\n\nHello\n");

    /// <summary>What people write who speak of the same things.</summary>
    public static TheoryData<string, string> People => new()
    {
        { "Order 4711", "Hello, where is my order? I am on vacation until Monday, please contact me by mail." },
        { "Vacation rental in June", "We would like to rent the house from 3 to 10 June." },
        { "Urlaub in Ihrem Hotel", "Guten Tag, wir möchten im Juni Urlaub machen." },
        { "Holiday opening hours", "Are you open on 26 December?" },
        { "Re: Your order", "I was on vacation, sorry for the late answer. The parcel has come." },
        { "Re: Your order", "Your mail says \"please do not reply to this email\". How else can I reach you?" },
        { "Absence de facture", "Bonjour, je n'ai pas reçu ma facture." },
        { "Away kit for my son", "I need the size of the away kit." },
        { "Re: Termin", "Im Urlaub bin ich erst im August, der Termin passt also." },
        { "自動車の保険", "自動車保険について質問があります。" },
        { "Office chairs out of stock", "When will the chairs be back?" },
        { "Automatic door broken", "The automatic door of our shop does not close." },
        { "Auto repair", "I need a date for my car." },
        { "Automatische Tür defekt", "Die automatische Tür schließt nicht." },
        { "Ferias reservation", "Quero reservar um quarto." },
        { "Ledig lägenhet", "Jag vill hyra lägenheten." },
    };

    [Theory, MemberData(nameof(People))]
    public void A_person_who_speaks_of_absence_is_a_person(string subject, string text)
    {
        ReadMail mail = Mails.Read($"From: ann@fabrikam.example\nSubject: {subject}\nIn-Reply-To: <1@contoso.example>\n\n{text}\n");
        Assert.True(mail.Kind is MailKind.Human, mail.Judgement.ToString());
    }

    private static void Machine(string raw)
    {
        ReadMail mail = Mails.Read(raw);
        Assert.True(mail.Kind is MailKind.AutoReply, mail.Judgement.ToString());
        Assert.NotNull(AutomaticAnswers.ReasonAgainst(mail, [], _ => false));
    }
}
