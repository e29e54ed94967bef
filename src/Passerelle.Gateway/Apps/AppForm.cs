namespace Passerelle.Gateway.Apps;

/// <summary>
/// What the page <em>Configure new app › Email</em> holds, as typed: every field is text, bounded, and judged by
/// <see cref="AppFormRules"/>. A draft keeps it however wrong it still is.
/// </summary>
internal sealed record AppForm
{
    public const string OAuth2 = "oauth2";
    public const string PasswordSignIn = "password";
    public const string NoSecurity = "none";
    public const string Ssl = "ssl";
    public const string StartTls = "starttls";

    public string Preset { get; init; } = Apps.Preset.Microsoft365;
    public string AssetName { get; init; } = "";
    public string EmailId { get; init; } = "";
    public string Authentication { get; init; } = OAuth2;
    public string SmtpHost { get; init; } = "";
    public string UserName { get; init; } = "";
    public string SmtpPort { get; init; } = "";
    public string SmtpSecurity { get; init; } = StartTls;

    /// <summary>Empty: keep the stored one. It is never shown again.</summary>
    public string Password { get; init; } = "";
    public string DirectoryId { get; init; } = "";
    public string ClientId { get; init; } = "";

    /// <summary>Empty: keep the stored one. It is never shown again.</summary>
    public string ClientSecret { get; init; } = "";

    /// <summary>yyyy-MM-dd; empty together with <see cref="SecretExpiryUnknown"/> means that nobody knows.</summary>
    public string SecretExpiresOn { get; init; } = "";
    public bool SecretExpiryUnknown { get; init; }
    public string AuthorizationUrl { get; init; } = "";
    public string TokenUrl { get; init; } = "";
    public string RefreshUrl { get; init; } = "";
    public string Scope { get; init; } = "";

    /// <summary>One of <see cref="Proofs"/>.</summary>
    public string Proof { get; init; } = Proofs.Secret;

    /// <summary>Full path of the file that holds a federated assertion.</summary>
    public string AssertionFile { get; init; } = "";

    /// <summary>One of <see cref="Ways"/>.</summary>
    public string Way { get; init; } = Ways.Code;

    /// <summary>The account that signs in for a shared mailbox; empty: the mailbox itself.</summary>
    public string SignsInAs { get; init; } = "";
    /// <summary>What recipients see before the address; empty: the asset name.</summary>
    public string DisplayName { get; init; } = "";

    /// <summary>Where answers go instead of the mailbox; empty: nowhere else.</summary>
    public string ReplyTo { get; init; } = "";

    /// <summary>Below what people and acknowledgements write, after the line "-- " (RFC 3676 §4.3).</summary>
    public string Signature { get; init; } = "";

    /// <summary>Other addresses of the same mailbox, separated by blanks, commas or lines.</summary>
    public string Aliases { get; init; } = "";

    /// <summary>One of <see cref="Apps.UnclearLetters"/>.</summary>
    public string UnclearLetters { get; init; } = Apps.UnclearLetters.Hold;

    /// <summary>One of <see cref="Transports"/>.</summary>
    public string Transport { get; init; } = Transports.Smtp;

    /// <summary>The admin has read the warnings and saves all the same.</summary>
    public bool WarningsRead { get; init; }

    /// <summary>The form that a stored app fills; secrets stay out of it.</summary>
    public static AppForm Of(EmailApp app) => new()
    {
        Preset = app.Preset,
        AssetName = app.AssetName,
        EmailId = app.EmailId,
        Authentication = app.Authentication,
        SmtpHost = app.SmtpHost,
        UserName = app.UserName,
        SmtpPort = app.SmtpPort == 0 ? "" : app.SmtpPort.ToString(System.Globalization.CultureInfo.InvariantCulture),
        SmtpSecurity = app.SmtpSecurity,
        DirectoryId = app.DirectoryId,
        ClientId = app.ClientId,
        SecretExpiresOn = app.SecretExpiresOn?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) ?? "",
        SecretExpiryUnknown = app.ClientSecret is not null && app.SecretExpiresOn is null,
        AuthorizationUrl = app.AuthorizationUrl,
        TokenUrl = app.TokenUrl,
        RefreshUrl = app.RefreshUrl,
        Scope = app.Scope,
        Proof = app.Proof,
        AssertionFile = app.AssertionFile,
        Way = app.Way,
        SignsInAs = app.SignsInAs,
        DisplayName = app.DisplayName,
        ReplyTo = app.ReplyTo,
        Signature = app.Signature,
        Aliases = app.Aliases,
        UnclearLetters = app.UnclearLetters,
        Transport = app.Transport,
    };
}
