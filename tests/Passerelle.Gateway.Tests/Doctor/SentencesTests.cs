using System.Globalization;
using System.Reflection;
using Passerelle.Gateway.Portal;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Tests.Doctor;

public sealed class SentencesTests
{
    [Fact]
    public void Every_cause_names_owner_and_fix_in_French_too()
    {
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("fr");
        var missing = Causes().SelectMany(cause => new[] { cause.Owner, cause.Fix }).Distinct()
            .Where(sentence => Sentences.In(sentence) == sentence);
        Assert.Empty(missing);
    }

    [Fact]
    public void An_unknown_sentence_stays_as_it_is() => Assert.Equal("Nobody wrote this", Sentences.In("Nobody wrote this"));

    /// <summary>Every number of the catalogue, and every reply code with every enhanced code of the facts.</summary>
    private static IEnumerable<Cause> Causes()
    {
        var table = (Array)typeof(EntraCauses).GetField("Table", BindingFlags.NonPublic | BindingFlags.Static)!.GetValue(null)!; // it stands in the class
        foreach (var row in table) yield return (((Cause Cause, long[] Numbers))row).Cause;
        foreach (var code in new[] { 0, 421, 430, 432, 451, 501, 504, 530, 535, 550, 554 })
        {
            foreach (var enhanced in new[] { "", "5.7.139", "5.7.30", "5.7.57", "5.5.124", "5.2.252", "4.2.0", "5.2.2", "5.1.8" })
            {
                yield return SmtpCauses.Of(code, enhanced, isPassword: true);
                yield return SmtpCauses.Of(code, enhanced, isPassword: false);
            }
        }
    }
}
