using System.Globalization;
using System.Net.Mail;
using System.Text.RegularExpressions;

namespace Passerelle.Gateway.Apps;

/// <summary>Every rule of the form, in the order of its fields. Each problem names what to do instead.</summary>
internal static partial class AppFormRules
{
    private const int LongestText = 2048;

    /// <param name="stored">The app as it is; says which secrets are already there.</param>
    /// <param name="inboundDomain">Our own domain: a mailbox there would forward to itself.</param>
    /// <param name="assertionFolders">Where the operator lets files of federated assertions be.</param>
    /// <param name="today">UTC.</param>
    public static IReadOnlyList<FieldProblem> Judge(AppForm form, EmailApp stored, string inboundDomain, IReadOnlyList<string> assertionFolders, DateOnly today) =>
    [
        .. KnownPreset(form.Preset),
        .. AssetName(form.AssetName),
        .. EmailId(form.EmailId, inboundDomain),
        .. Required(nameof(AppForm.UserName), form.UserName, "user-name-missing"),
        .. SmtpServer(form),
        .. AppNamingRules.Judge(form, stored, inboundDomain),
        .. OfUnclearLetters(form.UnclearLetters),
        .. OfTransport(form),
        .. form.Authentication switch
        {
            AppForm.OAuth2 => OAuth(form, stored, assertionFolders, today),
            AppForm.PasswordSignIn => Password(form, stored),
            _ => [new FieldProblem(nameof(AppForm.Authentication), "authentication-unknown")],
        },
    ];

    /// <summary>A client secret that is added beside the one in use.</summary>
    public static IReadOnlyList<FieldProblem> NextSecret(AppForm form, EmailApp stored, DateOnly today) => form.ClientSecret.Length == 0
        ? [new(nameof(AppForm.ClientSecret), "client-secret-missing")]
        : [.. ClientSecret(form, stored), .. SecretExpiry(form, today).Where(problem => !problem.IsWarning)];

    private static IEnumerable<FieldProblem> KnownPreset(string preset)
    {
        if (Presets.Find(preset) is null) yield return new(nameof(AppForm.Preset), "preset-unknown");
    }

    private static IEnumerable<FieldProblem> OfUnclearLetters(string policy)
    {
        if (!UnclearLetters.All.Contains(policy)) yield return new(nameof(AppForm.UnclearLetters), "unclear-letters-unknown");
    }

    /// <summary>Microsoft's worldwide cloud is the only one whose Graph we know the address and the permissions of.</summary>
    private static IEnumerable<FieldProblem> OfTransport(AppForm form)
    {
        const string Field = nameof(AppForm.Transport);
        if (!Transports.All.Contains(form.Transport)) yield return new(Field, "transport-unknown");
        else if (form.Transport != Transports.Smtp && (form.Preset != Preset.Microsoft365 || form.Authentication != AppForm.OAuth2)) yield return new(Field, "transport-not-microsoft");
    }

    private static IEnumerable<FieldProblem> AssetName(string name)
    {
        if (string.IsNullOrWhiteSpace(name)) yield return new(nameof(AppForm.AssetName), "asset-name-missing");
        else if (name.Length > 100) yield return new(nameof(AppForm.AssetName), "asset-name-long", "100");
        else if (name.Any(char.IsControl)) yield return new(nameof(AppForm.AssetName), "asset-name-control");
    }

    private static IEnumerable<FieldProblem> EmailId(string address, string inboundDomain)
    {
        const string Field = nameof(AppForm.EmailId);
        if (string.IsNullOrWhiteSpace(address)) yield return new(Field, "email-id-missing");
        else if (!IsAddress(address)) yield return new(Field, "email-id-invalid", address.Length > 80 ? address[..80] : address);
        else if (Domain(address).Equals(inboundDomain, StringComparison.OrdinalIgnoreCase)) yield return new(Field, "email-id-is-ours", inboundDomain);
    }

    /// <summary>A bare address as SMTP takes it (RFC 5321 §4.1.2, §4.5.3.1): no display name, no blanks, a dotted domain.</summary>
    internal static bool IsAddress(string address) =>
        address.Length <= 254
        && !address.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter))
        && MailAddress.TryCreate(address, out var parsed)
        && parsed.Address == address
        && parsed.User.Length <= 64
        && IsHostName(parsed.Host)
        && parsed.Host.Contains('.', StringComparison.Ordinal);

    internal static string Domain(string address) => address[(address.LastIndexOf('@') + 1)..];

    private static IEnumerable<FieldProblem> SmtpServer(AppForm form)
    {
        const string Field = nameof(AppForm.SmtpHost);
        if (string.IsNullOrWhiteSpace(form.SmtpHost)) yield return new(Field, "smtp-host-missing");
        else if (form.SmtpHost.Contains("://", StringComparison.Ordinal)) yield return new(Field, "smtp-host-is-url");
        else if (HostWithPort().IsMatch(form.SmtpHost)) yield return new(Field, "smtp-host-has-port");
        else if (!IsHostName(form.SmtpHost) && !System.Net.IPAddress.TryParse(form.SmtpHost, out _)) yield return new(Field, "smtp-host-invalid");

        if (!int.TryParse(form.SmtpPort, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535)
        {
            yield return new(nameof(AppForm.SmtpPort), "smtp-port-invalid");
        }
        foreach (var problem in Security(form, port)) yield return problem;
    }

    private static IEnumerable<FieldProblem> Security(AppForm form, int port)
    {
        const string Field = nameof(AppForm.SmtpSecurity);
        return (form.SmtpSecurity, form.Authentication, port) switch
        {
            (AppForm.NoSecurity, AppForm.OAuth2, _) => [new(Field, "security-none-with-oauth")],
            (AppForm.NoSecurity, _, _) => [new(Field, "security-none", IsWarning: true)],
            (AppForm.Ssl, _, 587) => [new(Field, "ssl-on-587", IsWarning: true)],
            (AppForm.StartTls, _, 465) => [new(Field, "starttls-on-465", IsWarning: true)],
            (AppForm.Ssl or AppForm.StartTls, _, _) => [],
            _ => [new(Field, "security-unknown")],
        };
    }

    private static IEnumerable<FieldProblem> Password(AppForm form, EmailApp stored)
    {
        if (form.Password.Length == 0 && stored.Password is null) yield return new(nameof(AppForm.Password), "password-missing");
        else if (form.Password.Length > 256) yield return new(nameof(AppForm.Password), "text-long", "256");
    }

    private static IEnumerable<FieldProblem> OAuth(AppForm form, EmailApp stored, IReadOnlyList<string> assertionFolders, DateOnly today) =>
    [
        .. DirectoryId(form),
        .. ClientId(form),
        .. Proof(form, stored, assertionFolders, today),
        .. Way(form),
        .. SignsInAs(form),
        .. Url(nameof(AppForm.AuthorizationUrl), form.AuthorizationUrl, optional: form.Way == Ways.AppOnly),
        .. Url(nameof(AppForm.TokenUrl), form.TokenUrl, optional: false),
        .. Url(nameof(AppForm.RefreshUrl), form.RefreshUrl, optional: true),
        .. Scope(form),
    ];

    private static IEnumerable<FieldProblem> DirectoryId(AppForm form)
    {
        const string Field = nameof(AppForm.DirectoryId);
        var directory = form.DirectoryId.Trim();
        if (!Preset.IsMicrosoft(form.Preset)) yield break;
        if (directory.Length == 0) yield return new(Field, "directory-id-missing");
        else if (directory is "common" or "organizations" or "consumers") yield return new(Field, "directory-id-shared", directory);
        else if (!Guid.TryParseExact(directory, "D", out _) && !(IsHostName(directory) && directory.Contains('.', StringComparison.Ordinal))) yield return new(Field, "directory-id-invalid");
    }

    private static IEnumerable<FieldProblem> ClientId(AppForm form)
    {
        const string Field = nameof(AppForm.ClientId);
        var client = form.ClientId.Trim();
        if (client.Length == 0) yield return new(Field, "client-id-missing");
        else if (client.Length > 256) yield return new(Field, "text-long", "256");
        else if (!Preset.IsMicrosoft(form.Preset)) yield break;
        else if (!Guid.TryParseExact(client, "D", out var id) || id == Guid.Empty) yield return new(Field, "client-id-not-guid");
        else if (client.Equals(form.DirectoryId.Trim(), StringComparison.OrdinalIgnoreCase)) yield return new(Field, "client-id-is-directory-id");
    }

    private static IEnumerable<FieldProblem> ClientSecret(AppForm form, EmailApp stored)
    {
        const string Field = nameof(AppForm.ClientSecret);
        var secret = form.ClientSecret;
        if (secret.Length == 0)
        {
            if (stored.ClientSecret is null) yield return new(Field, "client-secret-missing");
        }
        else if (form.Preset == Preset.Microsoft365 && Guid.TryParse(secret.Trim(), out _)) yield return new(Field, "client-secret-is-id");
        else if (secret.Any(char.IsWhiteSpace)) yield return new(Field, "client-secret-blank");
        else if (secret.EndsWith("...", StringComparison.Ordinal) || secret.Contains('…', StringComparison.Ordinal)) yield return new(Field, "client-secret-cut");
        else if (secret.Length > 512) yield return new(Field, "text-long", "512");
    }

    private static IEnumerable<FieldProblem> SecretExpiry(AppForm form, DateOnly today)
    {
        const string Field = nameof(AppForm.SecretExpiresOn);
        if (form.SecretExpiryUnknown) yield break;
        if (form.SecretExpiresOn.Length == 0) yield return new(Field, "secret-expiry-missing");
        else if (!DateOnly.TryParseExact(form.SecretExpiresOn, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) yield return new(Field, "secret-expiry-invalid");
        else if (day < today) yield return new(Field, "secret-expired", form.SecretExpiresOn);
        else if (Preset.IsMicrosoft(form.Preset) && day > today.AddMonths(24).AddDays(1)) yield return new(Field, "secret-expiry-far", IsWarning: true);
    }

    internal static IEnumerable<FieldProblem> Url(string field, string text, bool optional)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            if (!optional) yield return new(field, "url-missing");
        }
        else if (text.Length > LongestText) yield return new(field, "text-long", "2048");
        else if (!Uri.TryCreate(text.Trim(), UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http")) yield return new(field, "url-invalid");
        else if (url.Scheme == "http" && !url.IsLoopback) yield return new(field, "url-not-https");
        else if (url.UserInfo.Length > 0 || url.Fragment.Length > 0) yield return new(field, "url-extra");
    }

    private static IEnumerable<FieldProblem> Scope(AppForm form)
    {
        const string Field = nameof(AppForm.Scope);
        if (form is { Transport: Transports.Graph, Preset: Preset.Microsoft365 }) yield break; // filled in
        var scopes = form.Scope.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (form.Way == Ways.AppOnly && form.Scope.Length <= LongestText)
        {
            foreach (var problem in ApplicationScope(form.Preset, scopes)) yield return problem;
            yield break;
        }
        if (scopes.Length == 0) yield return new(Field, "scope-missing");
        else if (form.Scope.Length > LongestText) yield return new(Field, "text-long", "2048");
        else if (!Preset.IsMicrosoft(form.Preset)) yield break;
        else if (scopes.Contains("SMTP.Send")) yield return new(Field, "scope-bare-smtp-send");
        else if (scopes.Any(scope => scope.EndsWith("Mail.Send", StringComparison.OrdinalIgnoreCase))) yield return new(Field, "scope-mail-send");
        else if (scopes.Any(scope => scope.EndsWith("/.default", StringComparison.Ordinal))) yield return new(Field, "scope-default");
        else if (!scopes.Any(Presets.Find(form.Preset)!.SendScopes.Contains)) yield return new(Field, "scope-without-smtp-send");
        else if (!scopes.Contains("offline_access")) yield return new(Field, "scope-without-offline-access");
        else if (!scopes.Contains("openid")) yield return new(Field, "scope-without-openid");
    }

    private static IEnumerable<FieldProblem> Required(string field, string text, string code)
    {
        if (string.IsNullOrWhiteSpace(text)) yield return new(field, code);
        else if (text.Length > 254) yield return new(field, "text-long", "254");
        else if (text.Any(char.IsControl)) yield return new(field, "text-control");
    }

    private static bool IsHostName(string host) =>
        host.Length <= 253 && Uri.CheckHostName(host) == UriHostNameType.Dns && !host.Contains('_', StringComparison.Ordinal);

    [GeneratedRegex(@"^[^:]+:\d+$")]
    private static partial Regex HostWithPort();
}
