using Passerelle.Gateway.Apps;

namespace Passerelle.Gateway.Tests.Apps;

/// <summary>An app as its row would say it, for what needs no store.</summary>
internal static class SomeApp
{
    public static EmailApp Connected { get; } = new()
    {
        OrganisationId = new Guid("11111111-1111-4111-8111-111111111111"),
        Id = new Guid("22222222-2222-4222-8222-222222222222"),
        AssetName = "Support",
        EmailId = "support@contoso.example",
        ForwardingAddress = "0123456789abcdef0123456789abcdef@in.contoso.example",
        Preset = Preset.Microsoft365,
        Authentication = AppForm.OAuth2,
        DirectoryId = "33333333-3333-4333-8333-333333333333",
        ClientId = "44444444-4444-4444-8444-444444444444",
        SmtpHost = "smtp.contoso.example",
        SmtpPort = 587,
        SmtpSecurity = AppForm.StartTls,
        UserName = "support@contoso.example",
        AuthorizationUrl = "https://login.contoso.example/authorize",
        TokenUrl = "https://login.contoso.example/token",
        RefreshUrl = "",
        Scope = Preset.MicrosoftScope,
        State = AppState.Connected,
        StateReason = "",
        StateSince = DateTimeOffset.UnixEpoch,
        Epoch = 1,
        Version = 1,
        CreatedAt = DateTimeOffset.UnixEpoch,
    };
}
