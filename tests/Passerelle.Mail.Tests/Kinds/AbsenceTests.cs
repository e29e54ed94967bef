namespace Passerelle.Mail.Tests.Kinds;

/// <summary>Answers to a mail of ours that no header marks: what people let their programs say while they are away, and what they say themselves.</summary>
public class AbsenceTests
{
    public static TheoryData<string> Machines => new(
        "Sehr geehrte Damen und Herren,\n\nvielen Dank für Ihre Nachricht. Ich bin bis einschließlich 14.03. nicht im Büro. Ihre E-Mail wird nicht weitergeleitet.\nIn dringenden Fällen wenden Sie sich bitte an meine Kollegin Frau Meier (meier@fabrikam.example).\n\nMit freundlichen Grüßen\nAnn Bell",
        "Bonjour,\n\nActuellement en congés jusqu'au 24 août inclus, je prendrai connaissance de votre message à mon retour.\nEn cas d'urgence, merci de contacter le secrétariat au 01 99 00 00 00.\n\nCordialement",
        "Hola:\n\nGracias por tu mensaje. Estaré fuera de la oficina hasta el 3 de abril con acceso limitado al correo. Para asuntos urgentes, contacta con Luis Pérez.\n\nUn saludo",
        "Gentile mittente,\n\nsono in ferie fino al 27 agosto e leggerò la posta al mio rientro. Per urgenze rivolgersi a info@fabrikam.example.\n\nCordiali saluti",
        "Beste,\n\nBedankt voor uw bericht. Ik ben afwezig tot en met 5 mei. Voor dringende zaken kunt u contact opnemen met mijn collega Jan.\n\nMet vriendelijke groet",
        "Olá,\n\nEstou de férias e retorno no dia 10/02. Em caso de urgência, favor contatar o setor comercial.\n\nAtenciosamente",
        "Dzień dobry,\n\nDziękuję za wiadomość. Przebywam na urlopie do 15 lipca. W sprawach pilnych proszę o kontakt z Janem Kowalskim.\n\nPozdrawiam",
        "Hej!\n\nJag har semester och är tillbaka den 8 augusti. Vid brådskande ärenden, kontakta växeln.\n\nMvh Ann",
        "Hej,\n\nTak for din mail. Jeg er på ferie til og med uge 29. Ved hastesager kan du kontakte Bo.\n\nVenlig hilsen",
        "Hei,\n\nTakk for e-posten. Jeg er på ferie t.o.m. 28. juli. Ved behov for rask hjelp, kontakt sentralbordet.\n\nMvh",
        "Hei,\n\nolen lomalla 31.7. saakka. Kiireellisissä asioissa ota yhteyttä toimistoon.\n\nTerveisin Ann",
        "Dobrý den,\n\nděkuji za Váš e-mail. Do 12. 8. čerpám dovolenou. V naléhavých případech kontaktujte kolegu Nováka.\n\nS pozdravem",
        "Здравствуйте!\n\nСпасибо за письмо. Я в отпуске до 20 августа. По срочным вопросам обращайтесь к Ивану.\n\nС уважением",
        "お世話になっております。\nメールをいただきありがとうございます。\n誠に勝手ながら、8月11日から16日まで夏季休業とさせていただきます。\nお急ぎの場合は代表番号までご連絡ください。",
        "您好！\n您的邮件已收到。我正在休假，将于10月8日返回办公室。如有急事，请联系王先生。",
        "안녕하세요.\n메일 보내주셔서 감사합니다. 8월 10일까지 여름 휴가 중입니다. 급하신 경우 김대리에게 연락 부탁드립니다.",
        "Thank you for contacting Fabrikam Support. Your request (#12345) has been received and is being reviewed by our support staff.\n\nTo add additional comments, reply to this email.",
        "Hello,\n\nThis mailbox is not monitored. Please do not reply to this email.\n",
        "Your message has been received. This is an automated response, please do not reply.",
        "Bonjour,\n\nJe ne fais plus partie de la société Fabrikam. Merci d'adresser vos messages à contact@fabrikam.example.\n",
        "Guten Tag,\n\nich bin nicht mehr für die Fabrikam GmbH tätig. Bitte wenden Sie sich an Herrn Muster (muster@fabrikam.example). Ihre Nachricht wird nicht weitergeleitet.",
        "I am currently on maternity leave until January 2027. Please contact Bob in my absence.",
        "I am on annual leave returning Monday 6 July. If your enquiry is urgent please call 01632 960123.",
        "Thanks for your email. I'm currently travelling with limited access to email and will respond when I return on Thursday.",
        "Thank you for your message. Our office is closed for the holidays from December 24 to January 2. We will reply to your email when we return.",
        "Bonjour,\n\nNous avons bien reçu votre demande et nous vous remercions de nous avoir contactés. Un conseiller vous répondra dans les meilleurs délais. Ceci est un message automatique, merci de ne pas y répondre.",
        "Vielen Dank für Ihre Anfrage. Wir haben Ihre E-Mail erhalten und werden sie schnellstmöglich bearbeiten. Diese E-Mail wurde automatisch erstellt, bitte antworten Sie nicht darauf.",
        "Hallo, ich bin vom 3. bis 17. August im Urlaub und lese in dieser Zeit keine E-Mails. Meine Vertretung übernimmt Herr Kurz.",
        "Estimado/a,\n\nMe encuentro de vacaciones hasta el 30 de enero. Durante mi ausencia puede contactar con soporte@fabrikam.example.",
        "Salve,\nsarò assente dall'ufficio dal 5 al 19 agosto. Per questioni urgenti contattare il collega Rossi.",
        "Caro(a),\nEstarei ausente do escritório até 15 de janeiro, sem acesso ao e-mail. Responderei assim que possível.",
        "Ik ben met vakantie van 10 t/m 24 juli en lees mijn mail niet. Voor spoed: bel 020 123 4567.",
        "Jestem na zwolnieniu lekarskim do odwołania. W pilnych sprawach proszę o kontakt z biurem.",
        "Jag är föräldraledig till och med juni. Kontakta Lisa i min frånvaro.",
        "Я буду отсутствовать в офисе с 1 по 14 мая. В срочных случаях звоните по телефону.",
        "只今、出張のため不在にしております。戻りは3月5日の予定です。お急ぎの方は携帯までお願いいたします。",
        "我目前出差，回复可能会延迟。紧急事宜请致电我的手机。",
        "출장 중으로 회신이 늦어질 수 있습니다. 급한 용무는 휴대전화로 연락 바랍니다.");

    [Theory, MemberData(nameof(Machines))]
    public void What_a_program_says_for_somebody_who_is_away_is_an_automatic_answer(string text) => Assert.Equal(MailKind.AutoReply, Kind(text));

    public static TheoryData<string> Persons => new(
        "I was out of the office last week, sorry for the late reply. Could you send me the invoice again?",
        "Ich war im Urlaub und habe Ihre Mail erst jetzt gesehen. Bitte schicken Sie mir die Rechnung.",
        "Je suis en congé la semaine prochaine, pouvez-vous livrer avant vendredi ?",
        "Hello, the parcel has not come. I am on holiday next week, so please send it to my neighbour at number 12.",
        "Estaba de vacaciones y no vi su correo. El pedido llegó roto, quiero cambiarlo.",
        "Thank you for your mail. My order number is 4711. I am at home all day.",
        "Bin ab Montag wieder im Büro, dann melde ich mich wegen der Lampe.",
        "We are closed on Monday. Please deliver on Tuesday.",
        "Merci pour votre message. La lampe est arrivée cassée, je joins une photo.",
        "Urlop mam od poniedziałku, proszę dostarczyć paczkę w sobotę.",
        "Jag var på semester när paketet kom. Nu är det tillbaka hos er, kan ni skicka det igen?",
        "来週は出張のため、再来週に配達をお願いできますか？",
        "我下周出差，请这周五之前发货，谢谢。",
        "다음 주에 휴가라서 이번 주 금요일까지 배송해 주세요.",
        "Dziękuję, zwracam lampę do dnia 15 marca.",
        "OK, thanks. I'll be away until Friday.");

    [Theory, MemberData(nameof(Persons))]
    public void Who_speaks_of_being_away_is_a_person(string text) => Assert.Equal(MailKind.Human, Kind(text));

    private static MailKind Kind(string text) =>
        Mails.Read($"From: Ann Bell <ann@fabrikam.example>\nTo: support@contoso.example\nSubject: Re: Your order\nIn-Reply-To: <one@contoso.example>\nContent-Type: text/plain; charset=utf-8\n\n{text}\n").Kind;
}
