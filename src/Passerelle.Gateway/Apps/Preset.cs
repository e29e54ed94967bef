using Microsoft.Extensions.Options;

namespace Passerelle.Gateway.Apps;

/// <summary>What a provider's name settles, so that nobody has to type it.</summary>
internal sealed class Preset(IOptions<AppsOptions> options)
{
    public const string Microsoft365 = "microsoft365";
    public const string Generic = "generic";

    /// <summary>Sign-in claims, a refresh token and the one right that SMTP AUTH needs: nothing to read mail with.</summary>
    public const string MicrosoftScope = "openid profile offline_access https://outlook.office.com/SMTP.Send";

    /// <summary>All that was granted to the application; for SMTP that is SMTP.SendAsApp (facts/microsoft365.md §3.4).</summary>
    public const string MicrosoftAppScope = "https://outlook.office365.com/.default";

    /// <summary>Where the operator lets files of federated assertions be.</summary>
    public IReadOnlyList<string> AssertionFolders => options.Value.AssertionFolders;

    /// <returns>The form with everything that the directory id determines filled in.</returns>
    public AppForm Fill(AppForm form)
    {
        if (form.Preset != Microsoft365) return form;
        var directory = Uri.EscapeDataString(form.DirectoryId.Trim());
        var authority = $"{options.Value.MicrosoftAuthority.TrimEnd('/')}/{directory}/oauth2/v2.0";
        return form with
        {
            SmtpHost = options.Value.MicrosoftSmtpHost,
            SmtpPort = options.Value.MicrosoftSmtpPort.ToString(System.Globalization.CultureInfo.InvariantCulture),
            SmtpSecurity = AppForm.StartTls,
            AuthorizationUrl = directory.Length == 0 ? "" : $"{authority}/authorize",
            TokenUrl = directory.Length == 0 ? "" : $"{authority}/token",
            RefreshUrl = "",
            Scope = form.Way == Ways.AppOnly ? MicrosoftAppScope : MicrosoftScope,
        };
    }
}
