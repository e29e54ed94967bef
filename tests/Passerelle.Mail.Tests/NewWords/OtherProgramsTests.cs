namespace Passerelle.Mail.Tests.NewWords;

/// <summary>What less common mail programs put around an answer, and what only looks like it.</summary>
public class OtherProgramsTests
{
    private const string Own = "Thank you, it has arrived.\n\nThe box was open though.";

    [Theory]
    [InlineData("Zitat von Contoso Support <support@contoso.example>:\n\n> Dear Ann,\n> your order has left.")]
    [InlineData("Quoting Contoso Support <support@contoso.example>:\n\n> Dear Ann,\n> your order has left.")]
    [InlineData(">>> Contoso Support <support@contoso.example> 3/2/2026 9:15 AM >>>\nDear Ann,\n\nyour order has left.")]
    [InlineData("2026-03-02 오전 10:00에 Contoso Support 이(가) 쓴 글:\n> Dear Ann,\n> your order has left.")]
    [InlineData("Вы писали 2 марта 2026 г., 10:00:00:\n\n> Dear Ann,\n> your order has left.")]
    [InlineData("понедельник, 02 марта 2026г., 10:00 +03:00 от Contoso Support support@contoso.example:\n\n> Dear Ann,\n> your order has left.")]
    [InlineData("Sent from Yahoo Mail on Android \n \n  On Mon, Mar 2, 2026 at 10:00 AM, Contoso Support<support@contoso.example> wrote:   Dear Ann,\nyour order has left.")]
    [InlineData("Verzonden vanuit Yahoo Mail op Android\n\n  Op ma, mrt. 2, 2026 om 10:00 AM schreef Contoso Support<support@contoso.example>:   Dear Ann,\nyour order has left.")]
    [InlineData("## Reply above this line to add a message ##\n\nDear Ann,\nyour order has left.")]
    [InlineData("—-—-—-—\nReply above this line.\n\nBob commented:\nDear Ann,")]
    [InlineData("Outlook für iOS beziehen<https://aka.ms/o0ukef>")]
    [InlineData("Outlook voor iOS downloaden<https://aka.ms/o0ukef>")]
    [InlineData("Отправлено из мобильной Почты Mail.ru")]
    [InlineData("Отправлено из Яндекс.Почты для мобильных")]
    [InlineData("来自 Outlook")]
    [InlineData("Get BlueMail for Android")]
    [InlineData("Elküldve az iPhone-omról")]
    [InlineData("Sent via Superhuman")]
    public void What_a_program_adds_is_not_the_persons(string added) => Assert.Equal(Own, ReplyText.Of($"{Own}\n\n{added}\n"));

    [Theory]
    [InlineData("Kind regards,\nAnn Bell", "Fabrikam Ltd\nTel. +44 1632 960123\nwww.fabrikam.example", "This e-mail is confidential and intended solely for the addressee. If you are not the intended recipient, please notify the sender and delete this message.")]
    [InlineData("Cordialement,\n\nAnn Bell", "Responsable Achats\nTél. : 01 99 00 12 34", "Ce message est confidentiel et établi à l'intention exclusive de ses destinataires. Si vous recevez ce message par erreur, merci de le détruire et d'en avertir l'expéditeur.")]
    [InlineData("Mit freundlichen Grüßen\n\nAnn Bell", "Fabrikam GmbH\nMusterstraße 1, 12345 Musterstadt", "Diese E-Mail enthält vertrauliche Informationen. Wenn Sie nicht der richtige Adressat sind, informieren Sie bitte den Absender und vernichten Sie diese Mail.")]
    public void A_signature_ends_where_the_notice_below_it_begins(string closing, string card, string notice) =>
        Assert.Equal($"{Own}\n\n{closing}", ReplyText.Of($"{Own}\n\n{closing}\n\n{card}\n\n{notice}\n"));

    [Theory]
    [InlineData("Sent by mail on Monday.")]
    [InlineData("Quoting your letter:\nnothing is said of the lamp.")]
    [InlineData(">>> is what I typed >>>")]
    [InlineData("Ich muss mein Handy noch holen.")]
    [InlineData("来自华为的手机坏了")]
    [InlineData("On Mon, Mar 2, 2026 at 10:00 AM, Bob <bob@contoso.example> wrote: it has left. It has not.")]
    [InlineData("## The original message ##\nwas never answered.")]
    [InlineData("On 2 March 2026 at 10:00 I wrote to sales@contoso.example:\nnobody answered.")]
    [InlineData("Download the free tool from our page, you said.")]
    public void What_a_person_says_stays(string said) => Assert.Equal($"{Own}\n\n{said}", ReplyText.Of($"{Own}\n\n{said}\n"));
}
