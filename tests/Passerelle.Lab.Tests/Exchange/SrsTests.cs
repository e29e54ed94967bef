using System.Text.RegularExpressions;
using Passerelle.Lab.Exchange;

namespace Passerelle.Lab.Tests.Exchange;

public class SrsTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);
    private readonly Srs _srs = new([1, 2, 3]);

    [Fact]
    public void A_rewritten_sender_has_Exchanges_form_and_turns_back()
    {
        var rewritten = _srs.Rewrite("bob@adatum.example", "support@contoso.example", Now);

        Assert.Matches(new Regex(@"^support\+SRS=[a-z2-7]{5}=[A-Z2-7]{2}=adatum\.example=bob@contoso\.example$"), rewritten);
        Assert.Equal("bob@adatum.example", _srs.Reverse(rewritten, Now.AddDays(5)));
    }

    [Fact]
    public void The_null_sender_stays_null() => Assert.Equal("", _srs.Rewrite("", "support@contoso.example", Now));

    [Fact]
    public void A_sender_that_would_be_too_long_gets_the_bounces_form() => Assert.Matches(
        new Regex(@"^bounces\+SRS=[a-z2-7]{5}=[A-Z2-7]{2}@contoso\.example$"),
        _srs.Rewrite(new string('b', 60) + "@adatum.example", "support@contoso.example", Now));

    [Fact]
    public void An_address_that_someone_else_made_is_not_turned_back()
    {
        var rewritten = new Srs([9]).Rewrite("bob@adatum.example", "support@contoso.example", Now);

        Assert.Null(_srs.Reverse(rewritten, Now));
        Assert.Null(_srs.Reverse("support@contoso.example", Now));
    }

    [Fact]
    public void An_address_older_than_three_weeks_is_not_turned_back()
    {
        var rewritten = _srs.Rewrite("bob@adatum.example", "support@contoso.example", Now);

        Assert.Null(_srs.Reverse(rewritten, Now.AddDays(22)));
    }
}
