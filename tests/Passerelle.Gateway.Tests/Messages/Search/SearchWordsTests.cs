using CsCheck;
using Passerelle.Gateway.Messages.Search;

namespace Passerelle.Gateway.Tests.Messages.Search;

public sealed class SearchWordsTests
{
    [Theory]
    [InlineData("Où est ma COMMANDE ?", "ou est ma commande")]
    [InlineData("ann.bell+x@fabrikam.example", "ann bell x fabrikam example")]
    [InlineData("İstanbul ﬁne Ａ１", "istanbul fine a1")]
    [InlineData("東京都", "東 京 都 東京 京都")]
    [InlineData("iPhone手机x", "iphone 手 机 手机 x")]
    [InlineData("ｶﾞｽ", "ガ ス ガス")]
    [InlineData("हिन्दी", "हिन्दी")]
    [InlineData("'; DROP TABLE message; --", "drop table message")]
    [InlineData("", "")]
    public void Text_becomes_these_words(string text, string words) => Assert.Equal(words, SearchWords.Joined(text, 100));

    [Fact]
    public void Half_a_pair_and_endless_words_are_no_trouble()
    {
        Assert.Equal("a b", SearchWords.Joined("a \ud800 b", 100));
        Assert.Equal(SearchWords.LongestWord, SearchWords.Joined(new string('a', 5000), 100).Length);
    }

    /// <summary>Whatever is typed: neither index is ever given a sign that means something to it.</summary>
    [Fact]
    public void Nothing_that_can_be_typed_reaches_an_index_but_words() => Gen.String.Sample(text =>
    {
        var order = new SearchOrder(SearchQuery.Of(text));
        var words = order.Query.Terms.SelectMany(term => term.Phrases).SelectMany(phrase => phrase);
        Assert.All(words, word => Assert.DoesNotContain(word, sign => char.IsPunctuation(sign) || char.IsSymbol(sign) || char.IsWhiteSpace(sign) || char.IsControl(sign)));
    });
}
