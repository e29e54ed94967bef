using System.Globalization;
using Microsoft.Extensions.Options;

namespace Passerelle.Gateway.Apps;

/// <summary>What a provider's name settles (<see cref="Presets"/>), so that nobody has to type it.</summary>
internal sealed class Preset(IOptions<AppsOptions> options)
{
    public const string Microsoft365 = "microsoft365";
    public const string Google = "google";
    public const string Generic = "generic";

    /// <summary>Any server that takes a name and a password.</summary>
    public const string Smtp = "smtp";

    /// <summary>Sign-in claims, a refresh token and the one right that SMTP AUTH needs: nothing to read mail with.</summary>
    public const string MicrosoftScope = "openid profile offline_access https://outlook.office.com/SMTP.Send";

    /// <summary>All that was granted to the application; for SMTP that is SMTP.SendAsApp (facts/microsoft365.md §3.4).</summary>
    public const string MicrosoftAppScope = "https://outlook.office365.com/.default";

    /// <summary>Where the operator lets files of federated assertions be.</summary>
    public IReadOnlyList<string> AssertionFolders => options.Value.AssertionFolders;

    /// <summary>One of Microsoft's clouds: it has directories, and the rules of Entra ID hold.</summary>
    public static bool IsMicrosoft(string preset) => Presets.Find(preset)?.Family == "microsoft";

    /// <summary>True where the preset fills server and addresses in, so that nobody types them.</summary>
    public static bool IsFilled(string preset) => Presets.Find(preset)?.SmtpHost is not null;

    /// <returns>The form with everything that the provider (and, at Microsoft, the directory id) determines filled in.</returns>
    public AppForm Fill(AppForm form)
    {
        if (Presets.Find(form.Preset) is not { } preset) return form;
        if (preset.Id == Smtp) return form with { Authentication = AppForm.PasswordSignIn };
        if (preset.SmtpHost is null) return form;
        var isOurCloud = preset.Id == Microsoft365; // the only one that an operator may move, e.g. to a lab
        return Urls(form, preset, isOurCloud) with
        {
            SmtpHost = isOurCloud ? options.Value.MicrosoftSmtpHost : preset.SmtpHost,
            SmtpPort = (isOurCloud ? options.Value.MicrosoftSmtpPort : preset.SmtpPort ?? 0).ToString(CultureInfo.InvariantCulture),
            SmtpSecurity = preset.SmtpSecurity ?? AppForm.StartTls,
            RefreshUrl = "",
            Scope = ScopeOf(form, preset, isOurCloud) ?? "",
        };
    }

    private static string? ScopeOf(AppForm form, PresetData preset, bool isOurCloud) => (isOurCloud && form.Transport == Transports.Graph, form.Way == Ways.AppOnly) switch
    {
        (true, true) => Transports.GraphAppScope,
        (true, false) => Transports.GraphScope(form.SignsInAs),
        (false, true) => preset.AppScope,
        (false, false) => preset.Scope,
    };

    private AppForm Urls(AppForm form, PresetData preset, bool isOurCloud)
    {
        if (preset.Authority is null) return form with { AuthorizationUrl = preset.AuthorizationUrl ?? "", TokenUrl = preset.TokenUrl ?? "", DirectoryId = "" };
        var directory = Uri.EscapeDataString(form.DirectoryId.Trim());
        var authority = $"{(isOurCloud ? options.Value.MicrosoftAuthority : preset.Authority).TrimEnd('/')}/{directory}/oauth2/v2.0";
        return form with
        {
            AuthorizationUrl = directory.Length == 0 ? "" : $"{authority}/authorize",
            TokenUrl = directory.Length == 0 ? "" : $"{authority}/token",
        };
    }
}
