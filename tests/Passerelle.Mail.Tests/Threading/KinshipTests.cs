using Passerelle.Mail.Threading;

namespace Passerelle.Mail.Tests.Threading;

public class KinshipTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    private static readonly KnownThread<string> Lamp = new(
        "lamp", new HashSet<string> { "<1@fabrikam.example>", "<ours@contoso.example>", "<rewritten@prod.example>" },
        new HashSet<string> { Root }, "Order 4711 came broken", "ann@fabrikam.example", Now.AddDays(-2));

    private const string Root = "01d0000000000000000000000000000000000000000a";

    private static ThreadSigns Mail { get; } = new() { At = Now, Correspondent = "ann@fabrikam.example", Subject = "Something else" };

    [Fact]
    public void The_mail_that_is_answered_decides() => Assert.Equal(
        (98, KinshipReason.InReplyTo), Judge(Mail with { InReplyTo = "<ours@contoso.example>" }));

    [Fact]
    public void An_answer_may_name_either_id_of_a_letter_that_was_rewritten()
    {
        Assert.NotNull(Kinship.Best(Mail with { InReplyTo = "<rewritten@prod.example>" }, [Lamp]));
        Assert.NotNull(Kinship.Best(Mail with { InReplyTo = "<ours@contoso.example>" }, [Lamp]));
    }

    [Fact]
    public void A_near_ancestor_counts_more_than_a_far_one_and_any_more_than_a_subject()
    {
        int near = Judge(Mail with { References = ["<1@fabrikam.example>"] }).Score;
        int far = Judge(Mail with { References = ["<1@fabrikam.example>", .. Enumerable.Range(0, 40).Select(i => $"<x{i}@y>")] }).Score;
        int subject = Judge(Mail with { Subject = "AW: Order 4711 came broken" }).Score;
        Assert.True(near > far && far > subject && subject >= Kinship.Enough, $"{near} {far} {subject}");
    }

    [Fact]
    public void Every_reason_is_told() => Assert.Equal(
        [KinshipReason.InReplyTo, KinshipReason.References, KinshipReason.ThreadIndex, KinshipReason.SubjectAndParty],
        Kinship.Of(Mail with { InReplyTo = "<1@fabrikam.example>", References = ["<1@fabrikam.example>"], ThreadRoot = Root, Subject = "RE: Order 4711 came broken" }, Lamp).Reasons);

    [Fact]
    public void Outlooks_index_joins_where_the_ids_are_lost() => Assert.Equal((70, KinshipReason.ThreadIndex), Judge(Mail with { ThreadRoot = Root }));

    [Theory]
    [InlineData("Order 4711 came broken", "ann@fabrikam.example", 0)] // no answer by its subject: a new question in old words
    [InlineData("Re: Order 4711 came broken", "eve@fabrikam.example", 0)] // somebody else
    [InlineData("Re: Order 4711 came broken", "ann@fabrikam.example", 60)] // too late
    [InlineData("Re: Order 4712 came broken", "ann@fabrikam.example", 0)]
    public void A_subject_alone_joins_only_an_answer_of_the_same_person_in_time(string subject, string correspondent, int days) =>
        Assert.Null(Kinship.Best(Mail with { Subject = subject, Correspondent = correspondent, At = Now.AddDays(days) }, [Lamp]));

    [Fact]
    public void A_short_subject_is_everybodys() => Assert.Null(Kinship.Best(Mail with { Subject = "Re: Hello" }, [Lamp with { Subject = "Hello" }]));

    [Fact]
    public void Two_conversations_about_the_same_are_not_guessed_between() => Assert.Null(
        Kinship.Best(Mail with { Subject = "Re: Order 4711 came broken" }, [Lamp, Lamp with { Key = "lamp again" }]));

    [Fact]
    public void Ids_win_over_subjects() => Assert.Equal("other", Kinship.Best(
        Mail with { Subject = "Re: Order 4711 came broken", InReplyTo = "<2@fabrikam.example>" },
        [Lamp, Lamp with { Key = "other", Ids = new HashSet<string> { "<2@fabrikam.example>" }, Subject = "Another", ThreadRoots = new HashSet<string>() }])!.Value.Key);

    [Fact]
    public void The_reader_finds_both_ids_and_outlooks_index()
    {
        string index = Convert.ToBase64String([1, .. Enumerable.Repeat((byte)7, 21), 1, 2, 3, 4, 5]);
        ReadMail mail = Mails.Read($"Message-ID: <new@prod.example>\r\nX-Microsoft-Original-Message-ID: <old@fabrikam.example>\r\nThread-Index: {index}\r\nThread-Topic: Order\r\n\r\nx");
        Assert.Equal(["<new@prod.example>", "<old@fabrikam.example>"], ThreadSigns.Of(mail, "ann@fabrikam.example", Now).Ids);
        Assert.Equal(("01" + string.Concat(Enumerable.Repeat("07", 21)), "Order"), (mail.ThreadRoot, mail.ThreadTopic));
        Assert.Null(ThreadIndexes.Root("AQID"));
        Assert.Null(ThreadIndexes.Root("no base64"));
    }

    [Theory]
    [InlineData("AW: WG: [Ticket 5] Order", "Order", true)]
    [InlineData("Réf : Order", "Réf : Order", false)]
    [InlineData("回复：Order", "Order", true)]
    [InlineData("[Fwd: Re: Order (fwd)]", "Order", true)]
    [InlineData("Remember: Order", "Remember: Order", false)]
    [InlineData("[Order]", "[Order]", false)]
    public void The_prefixes_of_many_languages_are_taken_away(string subject, string bare, bool derived)
    {
        BaseSubject ours = BaseSubject.OfAnyLanguage(subject);
        Assert.Equal((bare, derived), (ours.Text, ours.IsReplyOrForward));
    }

    private static (int Score, KinshipReason First) Judge(ThreadSigns mail) =>
        Kinship.Best(mail, [Lamp]) is { } kin ? (kin.Score, kin.Reasons[0]) : throw new InvalidOperationException("no kin");
}
