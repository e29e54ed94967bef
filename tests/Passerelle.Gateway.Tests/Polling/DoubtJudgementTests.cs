using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Polling.Doubts;

namespace Passerelle.Gateway.Tests.Polling;

/// <summary>A letter in doubt is sent again on proof, and on nothing less.</summary>
public sealed class DoubtJudgementTests
{
    private const string Letter = "<1@contoso.example>", Later = "<2@contoso.example>";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    [Theory]
    [InlineData(UnclearLetters.Hold, 0)]
    [InlineData(UnclearLetters.SentItems, 0)]
    [InlineData(UnclearLetters.Hold, 600)]
    [InlineData(UnclearLetters.SentItems, 600)]
    public void A_copy_proves_that_it_left_whatever_the_setting_and_however_late(string policy, int minutes) =>
        Assert.Equal(nameof(DoubtEnd.Left), Judge(Seen(Letter), policy, minutes));

    [Fact]
    public void A_missing_copy_beside_a_later_one_and_after_the_time_for_it_proves_that_it_did_not_leave() =>
        Assert.Equal(nameof(DoubtEnd.Again), Judge(Seen(Later), UnclearLetters.SentItems, 15));

    [Fact]
    public void Only_the_setting_lets_it_go_again() => Assert.Equal(nameof(DoubtEnd.Open), Judge(Seen(Later), UnclearLetters.Hold, 600));

    [Fact]
    public void A_copy_may_still_be_written() => Assert.Equal(nameof(DoubtEnd.Open), Judge(Seen(Later), UnclearLetters.SentItems, 14));

    /// <summary>Nobody keeps copies there, or the server gives them ids of its own.</summary>
    [Fact]
    public void Where_no_later_letter_lies_either_nothing_is_proved() => Assert.Equal(nameof(DoubtEnd.Open), Judge(Seen(), UnclearLetters.SentItems, 600));

    [Fact]
    public void Another_letter_in_the_folder_is_no_witness() => Assert.Equal(nameof(DoubtEnd.Open), Judge(Seen("<3@contoso.example>"), UnclearLetters.SentItems, 600));

    [Fact]
    public void A_closed_folder_and_a_silent_server_prove_nothing()
    {
        Assert.Equal(nameof(DoubtEnd.Open), Judge(new Sighting.Closed("403"), UnclearLetters.SentItems, 600));
        Assert.Equal(nameof(DoubtEnd.Open), Judge(new Sighting.Later("503"), UnclearLetters.SentItems, 600));
    }

    private static Sighting.Seen Seen(params string[] ids) => new(ids.ToHashSet());

    private static string Judge(Sighting sighting, string policy, int minutes) =>
        DoubtJudgement.Of(sighting, Letter, [Later], policy, TimeSpan.FromMinutes(minutes), Patience).End.ToString();
}
