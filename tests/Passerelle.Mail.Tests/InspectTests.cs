using System.Text.Json;

namespace Passerelle.Mail.Tests;

public class InspectTests
{
    [Fact]
    public void The_report_has_the_fields_that_are_promised_and_invents_none()
    {
        ReadMail mail = Mails.Read("From: Ann <ann@fabrikam.example>\r\nTo: support@contoso.example\r\nSubject: Order\r\nDate: Wed, 04 Mar 2026 05:06:07 +0200\r\nMessage-ID: <1@fabrikam.example>\r\n\r\nHello\r\n\r\nOn Monday 2 March, Bob wrote:\r\n> old\r\n");
        string line = InspectReport.Of("a.eml", mail).ToJson();
        Assert.DoesNotContain('\n', line);
        JsonElement json = JsonDocument.Parse(line).RootElement;
        Assert.Equal(
            ["file", "kind", "certainty", "from", "to", "cc", "subject", "date", "messageId", "inReplyTo", "references", "text", "replyText", "html", "attachments", "bounces", "calendar", "verdict", "error"],
            json.EnumerateObject().Select(member => member.Name));
        Assert.Equal(("human", "ann@fabrikam.example", "2026-03-04T03:06:07Z", "Hello"), (Text("kind"), Text("from"), Text("date"), Text("replyText")));
        Assert.Equal(JsonValueKind.Null, json.GetProperty("verdict").ValueKind);
        Assert.Equal(JsonValueKind.Null, json.GetProperty("error").ValueKind);

        string? Text(string name) => json.GetProperty(name).GetString();
    }

    [Fact]
    public void A_mail_past_a_bound_says_so_as_error() => Assert.NotNull(
        InspectReport.Of("a.eml", Mails.Read("Subject: x\r\n\r\nxx", new ReadingContext { Bounds = new ReadingBounds { MaxDecodedBytes = 1 } })).Error);

    [Theory]
    [InlineData("Yes\n\n-- \nAnn", "Yes")]
    [InlineData("Yes\n\nOn Mon, 2 Mar 2026 at 10:00, Bob\n<bob@contoso.example> wrote:\n\n> x", "Yes")]
    [InlineData("Oui\n\nLe 2 mars 2026 à 10:00, Bob a écrit :\n> x", "Oui")]
    [InlineData("Ja\n\nAm 02.03.2026 um 10:00 schrieb Bob:\n> x", "Ja")]
    [InlineData("Yes\n\n-----Original Message-----\nFrom: Bob\n\nx", "Yes")]
    [InlineData("Oui\n\nDe : Bob <bob@contoso.example>\nEnvoyé : lundi\nObjet : x\n\nx", "Oui")]
    [InlineData("From: here to there\nis my question", "From: here to there\nis my question")]
    [InlineData("> only\n> a quote", "> only\n> a quote")]
    [InlineData("above\n> quoted\nbelow", "above\n> quoted\nbelow")]
    public void The_reply_is_what_was_written_now(string text, string reply) => Assert.Equal(reply, ReplyText.Of(text));
}
