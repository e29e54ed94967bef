using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Portal;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Tests.Doctor;

public sealed partial class SentencesTests
{
    [Fact]
    public void Every_cause_names_what_happened_owner_and_fix_in_French_too()
    {
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("fr");
        var missing = Causes().SelectMany(cause => new[] { cause.Owner, cause.Fix, cause.What }).Concat(EntraWords.All).Distinct()
            .Where(sentence => sentence.Length > 0 && Sentences.In(sentence) == sentence);
        Assert.Empty(missing);
    }

    [Fact]
    public void Every_number_of_Microsofts_and_every_reply_has_a_sentence_of_ours()
    {
        // what only a programmer of ours can mend is told by Microsoft's own words
        Assert.DoesNotContain(Table().Where(row => row.Cause.Step != "G4").SelectMany(row => row.Numbers), number => EntraWords.Of([number]) is null);
        Assert.All(Causes().Except(Table().Select(row => row.Cause)), cause => Assert.NotEmpty(cause.What));
    }

    /// <summary>Read from the sources: a phrase is written in one way, so that none is forgotten.</summary>
    [Fact]
    public void Every_phrase_can_be_said_in_French_with_the_same_values()
    {
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("fr");
        var phrases = Directory.EnumerateFiles(Path.Combine(Root(), "src", "Passerelle.Gateway"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Phrase().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value)).Distinct().ToList();
        Assert.True(phrases.Count > 100);
        Assert.DoesNotContain(phrases, phrase => Sentences.In(phrase) == phrase && !Untranslatable().IsMatch(phrase));
        Assert.DoesNotContain(phrases, phrase => !Places(phrase).SequenceEqual(Places(Sentences.In(phrase))));
    }

    [Fact]
    public void A_phrase_is_told_with_its_values_in_the_readers_language()
    {
        var phrase = new Phrase("{0} has no MX record", "in.contoso.example");
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("fr");
        Assert.Equal("in.contoso.example n’a pas d’enregistrement MX", Sentences.In(phrase));
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("en");
        Assert.Equal("in.contoso.example has no MX record", Sentences.In(phrase));
    }

    [Fact]
    public void Every_step_has_a_name() => Assert.All(FindingView.Steps, step => Assert.NotEmpty(new Texts()[$"step.{step}"]));

    [Fact]
    public void An_unknown_sentence_stays_as_it_is() => Assert.Equal("Nobody wrote this", Sentences.In("Nobody wrote this"));

    private static IEnumerable<string> Places(string text) => Place().Matches(text).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal);

    private static (Cause Cause, long[] Numbers)[] Table() =>
        ((Cause Cause, long[] Numbers)[])typeof(EntraCauses).GetField("Table", BindingFlags.NonPublic | BindingFlags.Static)!.GetValue(null)!; // it stands in the class

    /// <summary>Every number of the catalogue, and every reply code with every enhanced code of the facts.</summary>
    private static IEnumerable<Cause> Causes()
    {
        foreach (var row in Table()) yield return row.Cause;
        foreach (var family in EntraFamilies.All) yield return family;
        foreach (var reply in new[] { "535 5.7.139 disabled for the Tenant", "554 5.2.0 SendAsDeniedException", "554 5.2.0 SubmissionQuotaExceededException", "554 5.2.0 OutboundSpamException" })
        {
            yield return Passerelle.Gateway.Tokens.Causes.OfSmtp(reply, isPassword: false);
        }
        foreach (var words in new[] { "disabled for the Tenant", "disabled for the Mailbox", "security defaults policy", "did not meet the criteria", "basic authentication is disabled" })
        {
            yield return Passerelle.Gateway.Tokens.Causes.OfSmtp($"535 5.7.139 Authentication unsuccessful, {words}", isPassword: true);
        }
        yield return Passerelle.Gateway.Tokens.Causes.Of(new OAuthError { Error = "invalid_resource", Description = "https://outlook.office.com was not found", Codes = [500011] });
        foreach (var code in new[] { 0, 421, 430, 432, 451, 501, 504, 530, 535, 550, 552, 554 })
        {
            foreach (var enhanced in new[] { "", "5.7.139", "5.7.30", "5.7.57", "5.5.124", "5.2.252", "4.2.0", "5.2.2", "5.1.8", "5.1.10", "5.3.4", "5.7.511", "5.7.512" })
            {
                yield return SmtpCauses.Of(code, enhanced, isPassword: true);
                yield return SmtpCauses.Of(code, enhanced, isPassword: false);
            }
        }
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Passerelle.slnx"))) folder = folder.Parent!; // tests run inside a clone
        return folder.FullName;
    }

    [GeneratedRegex("""Phrase\.Of\(\s*"((?:[^"\\]|\\.)*)""")]
    private static partial Regex Phrase();

    /// <summary>Values and signs alone.</summary>
    [GeneratedRegex(@"^[\s{}\d:()]*$")]
    private static partial Regex Untranslatable();

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Place();
}
