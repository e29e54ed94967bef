using System.Reflection;
using Passerelle.Gateway.Apps;

namespace Passerelle.Gateway.Tests.Apps;

public sealed class AppFormRulesTests
{
    private static readonly AppForm Right = new()
    {
        AssetName = "Support",
        EmailId = "support@contoso.example",
        UserName = "support@contoso.example",
        SmtpHost = "smtp.office365.com",
        SmtpPort = "587",
        SmtpSecurity = AppForm.StartTls,
        DirectoryId = "0d6f2f0e-6a52-4f0e-9a52-1f1d3a4b5c6d",
        ClientId = "5b1c1a52-52a7-4a5e-8c52-0a1b2c3d4e5f",
        ClientSecret = "a1B8Q~not-a-real-secret-0123456789abcdef",
        SecretExpiryUnknown = true,
        AuthorizationUrl = "https://login.microsoftonline.com/x/oauth2/v2.0/authorize",
        TokenUrl = "https://login.microsoftonline.com/x/oauth2/v2.0/token",
        Scope = Preset.MicrosoftScope,
    };

    private static readonly EmailApp Draft = new()
    {
        OrganisationId = Guid.Empty,
        Id = Guid.Empty,
        AssetName = "",
        EmailId = "",
        ForwardingAddress = "",
        Preset = Preset.Microsoft365,
        Authentication = AppForm.OAuth2,
        DirectoryId = "",
        ClientId = "",
        SmtpHost = "",
        SmtpPort = 0,
        SmtpSecurity = "",
        UserName = "",
        AuthorizationUrl = "",
        TokenUrl = "",
        RefreshUrl = "",
        Scope = "",
        State = AppState.Draft,
        StateReason = "",
        StateSince = default,
        Epoch = 0,
        Version = 0,
        CreatedAt = default,
    };

    /// <summary>Each value that a theory below calls bad in one field, with what is said of it.</summary>
    internal static IEnumerable<(string Text, FieldProblem Problem)> BadValues =>
        from test in new[] { nameof(A_wrong_field_is_named_with_what_is_wrong), nameof(Every_field_has_an_end) }
        from row in typeof(AppFormRulesTests).GetMethod(test)!.GetCustomAttributes<InlineDataAttribute>() // a method of this class
        let name = (string)row.Data[0]! // each row begins with a field's name
        let text = row.Data[1] is int length ? new string('a', length) : (string)row.Data[1]! // and its value
        let form = Right with { SecretExpiryUnknown = name != nameof(AppForm.SecretExpiresOn) }
        select (text, Judge(With(form, name, text)).Single());

    [Fact]
    public void A_complete_form_has_no_problem() => Assert.Empty(Judge(Right));

    [Theory]
    [InlineData(nameof(AppForm.AssetName), "", "asset-name-missing")]
    [InlineData(nameof(AppForm.AssetName), "   ", "asset-name-missing")]
    [InlineData(nameof(AppForm.AssetName), "Sup\u0007port", "asset-name-control")]
    [InlineData(nameof(AppForm.EmailId), "", "email-id-missing")]
    [InlineData(nameof(AppForm.EmailId), "support", "email-id-invalid")]
    [InlineData(nameof(AppForm.EmailId), "support@", "email-id-invalid")]
    [InlineData(nameof(AppForm.EmailId), "support@contoso", "email-id-invalid")]
    [InlineData(nameof(AppForm.EmailId), "a b@contoso.example", "email-id-invalid")]
    [InlineData(nameof(AppForm.EmailId), "Support <support@contoso.example>", "email-id-invalid")]
    [InlineData(nameof(AppForm.EmailId), "support@contoso.example\r\nBcc: x@y.example", "email-id-invalid")]
    [InlineData(nameof(AppForm.EmailId), "support@in.contoso.example", "email-id-is-ours")]
    [InlineData(nameof(AppForm.UserName), "", "user-name-missing")]
    [InlineData(nameof(AppForm.SmtpHost), "", "smtp-host-missing")]
    [InlineData(nameof(AppForm.SmtpHost), "smtp://smtp.office365.com", "smtp-host-is-url")]
    [InlineData(nameof(AppForm.SmtpHost), "smtp.office365.com:587", "smtp-host-has-port")]
    [InlineData(nameof(AppForm.SmtpHost), "smtp office", "smtp-host-invalid")]
    [InlineData(nameof(AppForm.SmtpPort), "", "smtp-port-invalid")]
    [InlineData(nameof(AppForm.SmtpPort), "0", "smtp-port-invalid")]
    [InlineData(nameof(AppForm.SmtpPort), "70000", "smtp-port-invalid")]
    [InlineData(nameof(AppForm.SmtpPort), "-25", "smtp-port-invalid")]
    [InlineData(nameof(AppForm.SmtpSecurity), "none", "security-none-with-oauth")]
    [InlineData(nameof(AppForm.SmtpSecurity), "tls1", "security-unknown")]
    [InlineData(nameof(AppForm.Authentication), "kerberos", "authentication-unknown")]
    [InlineData(nameof(AppForm.DirectoryId), "", "directory-id-missing")]
    [InlineData(nameof(AppForm.DirectoryId), "common", "directory-id-shared")]
    [InlineData(nameof(AppForm.DirectoryId), "not a directory", "directory-id-invalid")]
    [InlineData(nameof(AppForm.ClientId), "", "client-id-missing")]
    [InlineData(nameof(AppForm.ClientId), "my app", "client-id-not-guid")]
    [InlineData(nameof(AppForm.ClientId), "00000000-0000-0000-0000-000000000000", "client-id-not-guid")]
    [InlineData(nameof(AppForm.ClientId), "0D6F2F0E-6A52-4F0E-9A52-1F1D3A4B5C6D", "client-id-is-directory-id")]
    [InlineData(nameof(AppForm.ClientSecret), "", "client-secret-missing")]
    [InlineData(nameof(AppForm.ClientSecret), "11111111-2222-4333-8444-555555555555", "client-secret-is-id")]
    [InlineData(nameof(AppForm.ClientSecret), "a1B8Q~abc def", "client-secret-blank")]
    [InlineData(nameof(AppForm.ClientSecret), "a1B8Q~B5rzySjA6w...", "client-secret-cut")]
    [InlineData(nameof(AppForm.AuthorizationUrl), "", "url-missing")]
    [InlineData(nameof(AppForm.AuthorizationUrl), "login.microsoftonline.com", "url-invalid")]
    [InlineData(nameof(AppForm.AuthorizationUrl), "http://login.contoso.example/authorize", "url-not-https")]
    [InlineData(nameof(AppForm.TokenUrl), "javascript:alert(1)", "url-invalid")]
    [InlineData(nameof(AppForm.TokenUrl), "https://ann:secret@login.contoso.example/token", "url-extra")]
    [InlineData(nameof(AppForm.RefreshUrl), "ftp://login.contoso.example", "url-invalid")]
    [InlineData(nameof(AppForm.Scope), "", "scope-missing")]
    [InlineData(nameof(AppForm.Scope), "openid offline_access SMTP.Send", "scope-bare-smtp-send")]
    [InlineData(nameof(AppForm.Scope), "openid offline_access https://graph.microsoft.com/Mail.Send", "scope-mail-send")]
    [InlineData(nameof(AppForm.Scope), "https://outlook.office365.com/.default", "scope-default")]
    [InlineData(nameof(AppForm.Scope), "openid offline_access", "scope-without-smtp-send")]
    [InlineData(nameof(AppForm.Scope), "openid https://outlook.office.com/SMTP.Send", "scope-without-offline-access")]
    [InlineData(nameof(AppForm.Scope), "offline_access https://outlook.office.com/SMTP.Send", "scope-without-openid")]
    [InlineData(nameof(AppForm.UserName), "support\u0000@contoso.example", "text-control")]
    [InlineData(nameof(AppForm.TokenUrl), "", "url-missing")]
    [InlineData(nameof(AppForm.TokenUrl), "http://login.contoso.example/token", "url-not-https")]
    [InlineData(nameof(AppForm.RefreshUrl), "http://login.contoso.example/token", "url-not-https")]
    [InlineData(nameof(AppForm.AuthorizationUrl), "https://login.contoso.example/authorize#here", "url-extra")]
    [InlineData(nameof(AppForm.Preset), "exchange2010", "preset-unknown")]
    [InlineData(nameof(AppForm.Proof), "", "proof-unknown")]
    [InlineData(nameof(AppForm.Proof), "client_secret", "proof-unknown")]
    [InlineData(nameof(AppForm.Proof), Proofs.Certificate, "certificate-missing")]
    [InlineData(nameof(AppForm.Proof), Proofs.None, "proof-none-needs-device")]
    [InlineData(nameof(AppForm.Way), "", "way-unknown")]
    [InlineData(nameof(AppForm.Way), "implicit", "way-unknown")]
    [InlineData(nameof(AppForm.Way), "password", "way-unknown")]
    [InlineData(nameof(AppForm.SignsInAs), "sales", "signs-in-as-invalid")]
    [InlineData(nameof(AppForm.SignsInAs), "Sales <sales@contoso.example>", "signs-in-as-invalid")]
    [InlineData(nameof(AppForm.SignsInAs), "sales@contoso.example, ann@contoso.example", "signs-in-as-invalid")]
    [InlineData(nameof(AppForm.SignsInAs), "Support@Contoso.example", "signs-in-as-mailbox")]
    [InlineData(nameof(AppForm.DisplayName), "Sup\u0007port", "text-control")]
    [InlineData(nameof(AppForm.ReplyTo), "nobody", "address-invalid")]
    [InlineData(nameof(AppForm.ReplyTo), "x@in.contoso.example", "reply-to-is-ours")]
    [InlineData(nameof(AppForm.ReplyTo), "team@contoso.example", "reply-to-elsewhere")]
    [InlineData(nameof(AppForm.Signature), "The\u0007team", "text-control")]
    [InlineData(nameof(AppForm.Aliases), "help@contoso.example, nobody", "address-invalid")]
    [InlineData(nameof(AppForm.Aliases), "x@in.contoso.example", "alias-is-ours")]
    [InlineData(nameof(AppForm.UnclearLetters), "", "unclear-letters-unknown")]
    [InlineData(nameof(AppForm.UnclearLetters), "always", "unclear-letters-unknown")]
    [InlineData(nameof(AppForm.Transport), "", "transport-unknown")]
    [InlineData(nameof(AppForm.Transport), "ews", "transport-unknown")]
    public void A_wrong_field_is_named_with_what_is_wrong(string field, string text, string code)
    {
        var form = With(Right, field, text);
        Assert.Equal([(field, code)], Judge(form).Select(problem => (problem.Field, problem.Code)));
    }

    [Theory]
    [InlineData("", "secret-expiry-missing")]
    [InlineData("31/12/2027", "secret-expiry-invalid")]
    [InlineData("2026-10-31", "secret-expired")]
    public void The_secrets_expiry_is_a_date_to_come_or_unknown(string day, string code) =>
        Assert.Equal([code], Judge(Right with { SecretExpiryUnknown = false, SecretExpiresOn = day }).Select(problem => problem.Code));

    [Theory]
    [InlineData(nameof(AppForm.AssetName), 101, "asset-name-long")]
    [InlineData(nameof(AppForm.UserName), 255, "text-long")]
    [InlineData(nameof(AppForm.SmtpHost), 254, "smtp-host-invalid")]
    [InlineData(nameof(AppForm.SmtpPort), 4000, "smtp-port-invalid")]
    [InlineData(nameof(AppForm.SmtpSecurity), 4000, "security-unknown")]
    [InlineData(nameof(AppForm.Authentication), 4000, "authentication-unknown")]
    [InlineData(nameof(AppForm.Preset), 4000, "preset-unknown")]
    [InlineData(nameof(AppForm.EmailId), 4000, "email-id-invalid")]
    [InlineData(nameof(AppForm.DirectoryId), 4000, "directory-id-invalid")]
    [InlineData(nameof(AppForm.ClientId), 257, "text-long")]
    [InlineData(nameof(AppForm.ClientSecret), 513, "text-long")]
    [InlineData(nameof(AppForm.SecretExpiresOn), 4000, "secret-expiry-invalid")]
    [InlineData(nameof(AppForm.AuthorizationUrl), 2049, "text-long")]
    [InlineData(nameof(AppForm.TokenUrl), 2049, "text-long")]
    [InlineData(nameof(AppForm.RefreshUrl), 2049, "text-long")]
    [InlineData(nameof(AppForm.Scope), 2049, "text-long")]
    [InlineData(nameof(AppForm.Proof), 4000, "proof-unknown")]
    [InlineData(nameof(AppForm.Way), 4000, "way-unknown")]
    [InlineData(nameof(AppForm.SignsInAs), 4000, "signs-in-as-invalid")]
    [InlineData(nameof(AppForm.DisplayName), 101, "text-long")]
    [InlineData(nameof(AppForm.ReplyTo), 4000, "address-invalid")]
    [InlineData(nameof(AppForm.Signature), 4001, "text-long")]
    [InlineData(nameof(AppForm.Aliases), 4000, "address-invalid")]
    [InlineData(nameof(AppForm.UnclearLetters), 4000, "unclear-letters-unknown")]
    [InlineData(nameof(AppForm.Transport), 4000, "transport-unknown")]
    public void Every_field_has_an_end(string field, int length, string code)
    {
        var form = With(Right with { SecretExpiryUnknown = field != nameof(AppForm.SecretExpiresOn) }, field, new('a', length));
        Assert.Equal([(field, code)], Judge(form).Select(problem => (problem.Field, problem.Code)));
    }

    [Theory]
    [InlineData(Preset.Microsoft365, Transports.Graph, true)]
    [InlineData(Preset.Microsoft365, Transports.SmtpThenGraph, true)]
    [InlineData("microsoft365-china", Transports.Graph, false)]
    [InlineData(Preset.Google, Transports.SmtpThenGraph, false)]
    public void Graph_sends_for_the_worldwide_cloud_alone(string preset, string transport, bool may) => Assert.Equal(
        !may, Judge(Right with { Preset = preset, Transport = transport }).Any(problem => problem is { Field: nameof(AppForm.Transport), Code: "transport-not-microsoft" }));

    /// <summary>A field that is added to the form fails here until somebody says what may be wrong in it.</summary>
    [Fact]
    public void No_field_of_the_form_is_without_a_bad_value_in_these_tests()
    {
        var fields = typeof(AppForm).GetProperties().Where(property => property.PropertyType == typeof(string)).Select(property => property.Name);
        var otherwise = new[] { nameof(AppForm.Password), nameof(AppForm.AssertionFile) }; // need another choice first: have tests of their own
        foreach (var test in new[] { nameof(A_wrong_field_is_named_with_what_is_wrong), nameof(Every_field_has_an_end) })
        {
            var rows = typeof(AppFormRulesTests).GetMethod(test)!.GetCustomAttributes<InlineDataAttribute>(); // a method of this class
            var tried = rows.Select(row => (string)row.Data[0]!).Concat(otherwise); // each row begins with a field's name
            if (test == nameof(A_wrong_field_is_named_with_what_is_wrong)) tried = tried.Append(nameof(AppForm.SecretExpiresOn)); // likewise
            Assert.Equal(fields.Order(), tried.Distinct().Order());
        }
    }

    [Theory]
    [InlineData("", "assertion-file-missing")]
    [InlineData("   ", "assertion-file-missing")]
    [InlineData("token", "assertion-file-relative")]
    [InlineData("../run/token", "assertion-file-relative")]
    [InlineData("/etc/passwd", "assertion-file-outside")]
    [InlineData("/var/run/secrets/tokens", "assertion-file-outside")]
    [InlineData("/var/run/secrets/tokens-of-others/token", "assertion-file-outside")]
    [InlineData("/var/run/secrets/tokens/../../../../etc/passwd", "assertion-file-outside")]
    [InlineData("/var/run/secrets/tokens/to\0ken", "text-control")]
    [InlineData(1025, "text-long")]
    public void A_federated_assertions_file_lies_where_the_operator_lets_it(object path, string code) =>
        Assert.Equal(
            [(nameof(AppForm.AssertionFile), code)],
            Judge(Right with { Proof = Proofs.Federated, ClientSecret = "", AssertionFile = path is int length ? new('a', length) : (string)path })
                .Select(problem => (problem.Field, problem.Code)));

    [Fact]
    public void Without_a_folder_of_the_operators_no_file_will_do() => Assert.Equal(
        "assertion-folders-none",
        Assert.Single(AppFormRules.Judge(
            Right with { Proof = Proofs.Federated, AssertionFile = "/var/run/secrets/tokens/token" }, Draft, "in.contoso.example", [], new DateOnly(2026, 11, 1))).Code);

    [Fact]
    public void Each_way_and_each_proof_asks_only_for_what_it_needs()
    {
        Assert.Empty(Judge(Right with { Proof = Proofs.Federated, ClientSecret = "", SecretExpiryUnknown = false, AssertionFile = "/var/run/secrets/tokens/token" }));
        Assert.Empty(Judge(Right with { Proof = Proofs.None, Way = Ways.DeviceCode, ClientSecret = "", SecretExpiryUnknown = false }));
        Assert.Empty(Judge(Right with { Way = Ways.AppOnly, Scope = Preset.MicrosoftAppScope, AuthorizationUrl = "", SignsInAs = "left over" }));
        Assert.Empty(Judge(Right with { SignsInAs = "sales@contoso.example" }));
    }

    [Theory]
    [InlineData("", "scope-missing")]
    [InlineData("https://outlook.office.com/SMTP.Send", "scope-app-only")]
    [InlineData("openid https://outlook.office365.com/.default", "scope-app-only")]
    public void An_application_asks_for_all_it_was_granted_of_one_resource(string scope, string code) =>
        Assert.Equal([(nameof(AppForm.Scope), code)], Judge(Right with { Way = Ways.AppOnly, Scope = scope }).Select(problem => (problem.Field, problem.Code)));

    /// <summary>Bad values with the message that a person sees, over the whole form.</summary>
    [Fact]
    public void At_least_eighty_bad_values_are_tried()
    {
        var messages = new[]
        {
            nameof(A_wrong_field_is_named_with_what_is_wrong), nameof(The_secrets_expiry_is_a_date_to_come_or_unknown), nameof(Every_field_has_an_end),
            nameof(A_federated_assertions_file_lies_where_the_operator_lets_it), nameof(An_application_asks_for_all_it_was_granted_of_one_resource),
            nameof(A_password_is_there_and_has_an_end),
        };
        var rows = messages.SelectMany(test => typeof(AppFormRulesTests).GetMethod(test)!.GetCustomAttributes<InlineDataAttribute>()).ToList(); // methods of this class
        Assert.True(rows.Count >= 80, $"{rows.Count} bad values");
        var texts = new Passerelle.Gateway.Portal.Texts();
        Assert.All(rows, row => Assert.NotEmpty(texts[$"problem.{row.Data[^1]}", "argument"])); // each row ends with the code of its message
    }

    [Theory]
    [InlineData("", "password-missing")]
    [InlineData(257, "text-long")]
    public void A_password_is_there_and_has_an_end(object password, string code) =>
        Assert.Equal(
            [(nameof(AppForm.Password), code)],
            Judge(Right with { Authentication = AppForm.PasswordSignIn, Password = password is int length ? new('a', length) : "" })
                .Select(problem => (problem.Field, problem.Code)));

    [Fact]
    public void A_password_without_TLS_is_explained_not_refused() =>
        Assert.Equal(
            [("security-none", true)],
            Judge(Right with { Authentication = AppForm.PasswordSignIn, Password = "correct horse", SmtpSecurity = AppForm.NoSecurity })
                .Select(problem => (problem.Code, problem.IsWarning)));

    [Fact]
    public void A_secret_that_lives_longer_than_Microsoft_lets_any_live_is_explained_not_refused() =>
        Assert.Equal(
            [("secret-expiry-far", true)],
            Judge(Right with { SecretExpiryUnknown = false, SecretExpiresOn = "2029-01-01" }).Select(problem => (problem.Code, problem.IsWarning)));

    [Theory]
    [InlineData(AppForm.Ssl, "587", "ssl-on-587")]
    [InlineData(AppForm.StartTls, "465", "starttls-on-465")]
    public void A_port_that_does_not_fit_its_security_is_explained_not_refused(string security, string port, string code) =>
        Assert.Equal(
            [(code, true)],
            Judge(Right with { SmtpSecurity = security, SmtpPort = port }).Select(problem => (problem.Code, problem.IsWarning)));

    [Fact]
    public void A_password_app_needs_neither_client_nor_scope() =>
        Assert.Empty(Judge(Right with
        {
            Authentication = AppForm.PasswordSignIn,
            Password = "correct horse",
            DirectoryId = "",
            ClientId = "",
            ClientSecret = "",
            AuthorizationUrl = "",
            TokenUrl = "",
            Scope = "",
        }));

    private static IReadOnlyList<FieldProblem> Judge(AppForm form) =>
        AppFormRules.Judge(form, Draft, "in.contoso.example", ["/var/run/secrets/tokens"], new DateOnly(2026, 11, 1));

    private static AppForm With(AppForm form, string field, string text)
    {
        var copy = form with { };
        typeof(AppForm).GetProperty(field)!.SetValue(copy, text); // the theory names only properties that exist
        return copy;
    }
}
