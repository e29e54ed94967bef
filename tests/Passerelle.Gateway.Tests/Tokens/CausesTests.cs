using System.Globalization;
using System.Text.RegularExpressions;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Tests.Tokens;

public sealed partial class CausesTests
{
    /// <summary>Where the facts say "the code of the gateway" and the value is a field of the app: who reads it must change that field.</summary>
    private static readonly HashSet<long> FieldsOfTheApp = [500011, 50001, 70011, 28002, 28003, 1002012];

    /// <summary>Of facts/microsoft365.md §2, read from the page itself: what Microsoft adds there is tested by being there.</summary>
    [Fact]
    public void Every_number_of_the_facts_leads_to_a_step_that_the_facts_name()
    {
        var facts = Path.Combine(Root(), "..", "shared", "facts", "microsoft365.md");
        Assert.SkipUnless(File.Exists(facts), "../shared is absent");
        var rows = (from line in File.ReadAllLines(facts)
                    where Row().IsMatch(line)
                    let cells = line.Trim('|', ' ').Split(" | ")
                    where cells.Length is 5 or 6
                    let steps = Step().Matches(cells[^2]).Select(step => step.Value).ToList()
                    where steps.Count > 0
                    from Match number in Number().Matches(cells[0])
                    select (Code: long.Parse(number.Value, CultureInfo.InvariantCulture), Steps: steps)).ToList();
        Assert.True(rows.Count > 100, $"{rows.Count}");
        var astray = rows.Where(row => !FieldsOfTheApp.Contains(row.Code)).Select(row => (row.Code, Ours: Causes.Of(Error(row.Code)).Step, row.Steps)).Where(row => !row.Steps.Contains(row.Ours))
            .Select(row => $"{row.Code}: {row.Ours} and not {string.Join('/', row.Steps)}");
        Assert.Empty(astray);
        Assert.All(FieldsOfTheApp, code => Assert.Equal("G1", Causes.Of(Error(code)).Step));
    }

    [Fact]
    public void A_service_that_the_directory_lacks_is_told_from_a_scope_that_is_mistyped()
    {
        const string Text = "AADSTS500011: The resource principal named {0} was not found in the tenant named Contoso.";
        Assert.Equal("X1", Causes.Of(Error(500011) with { Description = Text.Replace("{0}", "https://outlook.office365.com", StringComparison.Ordinal) }).Step);
        Assert.Equal("G1", Causes.Of(Error(500011) with { Description = Text.Replace("{0}", "https://outlok.office.example", StringComparison.Ordinal) }).Step);
    }

    [Theory]
    [InlineData("535 5.7.139 Authentication unsuccessful, basic authentication is disabled.", "G1")]
    [InlineData("535 5.7.139 Authentication unsuccessful, user is locked by your organization's security defaults policy. Contact your administrator.", "E10")]
    [InlineData("535 5.7.139 Authentication unsuccessful, the request did not meet the criteria to be authenticated successfully. Contact your administrator.", "E10")]
    [InlineData("535 5.7.139 Authentication unsuccessful, the user credentials were incorrect.", "G1")]
    [InlineData("535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.", "X3")]
    [InlineData("535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox.", "X2")]
    [InlineData("535 5.7.3 Authentication unsuccessful", "G2")]
    [InlineData("550 5.7.30 Basic authentication is not supported for Client Submission.", "G1")]
    public void A_refused_password_is_told_from_a_policy_that_takes_none(string reply, string step) => Assert.Equal(step, Causes.OfSmtp(reply, isPassword: true).Step);

    [Theory]
    [InlineData("550 5.7.511 Access denied, banned sending IP", "X6")]
    [InlineData("550 5.7.505 Access denied, banned recipient", "X6")]
    [InlineData("550 5.7.703 Your message can't be delivered because your tenant exceeded a sending threshold", "X6")]
    [InlineData("550 5.7.64 TenantAttribution; Relay Access Denied", "X6")]
    [InlineData("432 4.3.2 Concurrent connections limit exceeded.", "X6")]
    [InlineData("552 5.3.4 Message size exceeds fixed maximum message size", "G4")]
    [InlineData("550 5.7.512 Access denied, message must have a valid From address", "G4")]
    [InlineData("451 4.7.500 Server busy. Please try again later from [192.0.2.1]. (S77)", "G4")]
    public void A_refused_mail_is_named(string reply, string step) => Assert.Equal(step, Causes.OfSmtp(reply, isPassword: false).Step);

    private static OAuthError Error(long code) => new() { Error = "error", Codes = [code] };

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Passerelle.slnx"))) folder = folder.Parent!; // tests run inside a clone
        return folder.FullName;
    }

    /// <summary>A row whose first cell holds numbers of four digits or more.</summary>
    [GeneratedRegex(@"^\| *\d{5,7}[\d ,/–-]*\|")]
    private static partial Regex Row();

    [GeneratedRegex(@"\b\d{5,7}\b")]
    private static partial Regex Number();

    [GeneratedRegex(@"\b[EXFG]\d{1,2}b?\b")]
    private static partial Regex Step();
}
