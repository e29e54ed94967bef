using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Passerelle.Gateway.Apps;

/// <summary>Section <c>Apps</c>: what the Microsoft 365 preset fills in. The lab puts its own addresses here.</summary>
internal sealed class AppsOptions
{
    /// <summary>Authority without the directory, e.g. <c>https://login.microsoftonline.com</c>.</summary>
    [Required, Url] public string MicrosoftAuthority { get; init; } = "https://login.microsoftonline.com";

    [Required] public string MicrosoftSmtpHost { get; init; } = "smtp.office365.com";

    [Range(1, 65535)] public int MicrosoftSmtpPort { get; init; } = 587;

    [Required] public string MicrosoftImapHost { get; init; } = "outlook.office365.com";

    [Range(1, 65535)] public int MicrosoftImapPort { get; init; } = 993;

    /// <summary>Microsoft Graph, where the copy of a letter in doubt is looked for, and which takes letters of apps that send by it.</summary>
    [Required, Url] public string MicrosoftGraph { get; init; } = "https://graph.microsoft.com";

    /// <summary>JSON like our own list of providers that forward mail (names, ranges, SPF domain); an entry replaces ours of the
    /// same id. Empty: our own list.</summary>
    public string DeliverersFile { get; init; } = "";

    /// <summary>Folders that files of federated assertions may be in, full paths; empty: nobody can name one.</summary>
    public IReadOnlyList<string> AssertionFolders { get; init; } = [];
}

[OptionsValidator]
internal sealed partial class AppsOptionsValidator : IValidateOptions<AppsOptions>;
