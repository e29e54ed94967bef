using MimeKit;

namespace Passerelle.Journey.Tests.Threading;

/// <summary>The witness itself, on the cases that its description names.</summary>
public sealed class JwzTests
{
    [Fact]
    public void A_reply_lies_below_what_it_answers_even_when_it_comes_first()
    {
        var thread = Assert.Single(Jwz.Thread([Mail("c", "Re: Hello", "a", "b"), Mail("a", "Hello"), Mail("b", "Re: Hello", "a")]));
        Assert.Equal(["a", "b", "c"], thread.Mails().Select(mail => mail.MessageId));
        Assert.Equal("b", thread.Children[0].Mail?.MessageId);
    }

    /// <summary>Two answers to one mail, one of them through a mail that nobody has.</summary>
    [Fact]
    public void A_mail_that_is_missing_gives_its_place_to_its_answers()
    {
        var thread = Assert.Single(Jwz.Thread([Mail("a", "Hello"), Mail("c", "Re: Hello", "a", "gone"), Mail("d", "Re: Hello", "a")]));
        Assert.Equal(["c", "d"], thread.Children.Select(child => child.Mail?.MessageId).Order());
    }

    [Fact]
    public void A_missing_mail_at_the_root_still_holds_its_answers_together()
    {
        var thread = Assert.Single(Jwz.Thread([Mail("b", "One", "gone"), Mail("c", "Other", "gone")]));
        Assert.Null(thread.Mail);
        Assert.Equal(["b", "c"], thread.Mails().Select(mail => mail.MessageId));
    }

    /// <summary>What a third mail says of two others is a guess; what a mail says itself stands.</summary>
    [Fact]
    public void A_mails_own_word_goes_before_what_others_say()
    {
        var thread = Assert.Single(Jwz.Thread([Mail("d", "Re: Hello", "a", "c"), Mail("c", "Re: Hello", "a", "b"), Mail("a", "Hello"), Mail("b", "Re: Hello", "a")]));
        Assert.Equal(["a", "b", "c", "d"], thread.Mails().Select(mail => mail.MessageId));
    }

    [Fact]
    public void Ids_that_go_round_in_a_circle_end() => Assert.Equal(2, Jwz.Thread([Mail("a", "One", "b"), Mail("b", "Two", "a")]).Sum(thread => thread.Mails().Count()));

    [Fact]
    public void Two_mails_of_one_id_are_two() => Assert.Equal(2, Jwz.Thread([Mail("a", "One"), Mail("a", "Two")]).Count);

    [Fact]
    public void Without_any_id_the_subject_holds_them_and_another_subject_does_not()
    {
        var threads = Jwz.Thread([Mail("a", "Hello"), Mail("b", "Re: Re[2]: Hello"), Mail("c", "Hello again")]);
        Assert.Equal([["a", "b"], ["c"]], threads.Select(thread => thread.Mails().Select(mail => mail.MessageId).ToArray()));
    }

    private static MimeMessage Mail(string id, string subject, params string[] references)
    {
        var mail = new MimeMessage { MessageId = id, Subject = subject };
        mail.References.AddRange(references);
        return mail;
    }
}
