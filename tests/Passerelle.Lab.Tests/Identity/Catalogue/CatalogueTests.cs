using Passerelle.Lab.Identity;
using Passerelle.Lab.Identity.Catalogue;

namespace Passerelle.Lab.Tests.Identity.Catalogue;

public sealed class CatalogueTests
{
    [Fact]
    public void Every_code_has_words_an_error_value_and_a_step()
    {
        Assert.Equal(222, StsCatalogue.All.Count);
        Assert.All(StsCatalogue.All, code =>
        {
            Assert.Matches("^[a-z_]+$", code.Error);
            Assert.NotEqual("", code.Step);
            Assert.StartsWith("2.", code.Fact, StringComparison.Ordinal);
            Assert.DoesNotContain("…", code.Text, StringComparison.Ordinal);
            Assert.True(code.Status is 400 or 401 or 429 or 503);
        });
    }

    [Fact]
    public void Only_a_client_that_proved_nothing_is_answered_401() =>
        Assert.All(StsCatalogue.All.Where(c => c.Status == 401), code => Assert.Equal("invalid_client", code.Error));

    [Fact]
    public void A_placeholder_takes_one_value_however_often_it_stands()
    {
        StsError error = StsCatalogue.Say(50011, "https://gateway.example/x", "app");
        Assert.StartsWith("The redirect URI 'https://gateway.example/x' specified", error.Text, StringComparison.Ordinal);
        Assert.Contains("application 'app'", error.Text, StringComparison.Ordinal);
        Assert.DoesNotContain('{', StsCatalogue.Find(50020)!.Say().Text);
        Assert.Null(StsCatalogue.Find(1));
    }
}
