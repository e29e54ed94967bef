namespace Passerelle.Mail.Tests.Kinds;

/// <summary>Answering machines of services and of languages that are seldom met.</summary>
public class OtherMachinesTests
{
    [Theory]
    [InlineData("X-Fabrikam-AutoReply: true")]
    [InlineData("X-Autoresponse: yes")]
    [InlineData("X-Desk-Auto-Reply-To: 4711")]
    public void A_service_that_marks_its_answers_with_a_name_of_its_own_is_a_machine(string header) => Assert.Equal(MailKind.AutoReply, Kind("Re: Your order", "Thank you.", header));

    [Fact]
    public void A_header_that_says_no_makes_no_machine() => Assert.Equal(MailKind.Human, Kind("Re: Your order", "Thank you.", "X-Fabrikam-AutoReply: no"));

    [Theory]
    [InlineData("Автоматты жауап: Your order")]
    [InlineData("স্বয়ংক্রিয় উত্তর: Your order")]
    [InlineData("Avtomatik cavab: Your order")]
    [InlineData("Përgjigje automatike: Your order")]
    [InlineData("ავტომატური პასუხი: Your order")]
    [InlineData("Automatische Abwesenheitsantwort: Your order")]
    public void A_subject_of_a_machine_is_known_in_more_languages(string subject) => Assert.Equal(MailKind.AutoReply, Kind(subject, "OK."));

    [Theory]
    [InlineData("I no longer work at Fabrikam. Please contact bob@fabrikam.example for any enquiries. Your message has not been forwarded.")]
    [InlineData("Thank you for contacting Fabrikam Support. We have received your request and a ticket has been created with number 4711. An agent will get back to you within 24 hours.")]
    [InlineData("Ann Bell has left the company. Please address your enquiry to bob@fabrikam.example.")]
    [InlineData("Guten Tag,\n\nvielen Dank für Ihre E-Mail. Wir haben Ihre Nachricht erhalten und melden uns schnellstmöglich.")]
    [InlineData("안녕하세요.\n\n3월 9일까지 휴가입니다. 급한 용무는 김대리에게 연락 주시기 바랍니다.")]
    public void Words_of_an_absence_are_known(string text) => Assert.Equal(MailKind.AutoReply, Kind("Re: Your order", text));

    [Theory]
    [InlineData("A ticket has been created with number 4711 last week, but nobody has called me.")]
    [InlineData("Bob has left the company. The lamp is for me now.")]
    public void Who_speaks_of_such_things_is_a_person(string text) => Assert.Equal(MailKind.Human, Kind("Re: Your order", text));

    private static MailKind Kind(string subject, string text, string header = "X-Mailer: none") =>
        Mails.Read($"From: ann@fabrikam.example\nSubject: {subject}\nIn-Reply-To: <one@contoso.example>\n{header}\nContent-Type: text/plain; charset=utf-8\n\n{text}\n").Kind;
}
