using Microsoft.Extensions.Options;
using Passerelle.Gateway.Apps;

namespace Passerelle.Gateway.Tests.Apps;

/// <summary>The file of providers is whole and means what the form needs.</summary>
public sealed class PresetsTests
{
    private static readonly Preset Filler = new(Options.Create(new AppsOptions()));

    public static TheoryData<string> Ids => [.. Presets.All.Select(preset => preset.Id)];

    [Theory, MemberData(nameof(Ids))]
    public void A_provider_names_everything_or_leaves_it_to_the_admin(string id)
    {
        var preset = Presets.Find(id)!; // of the list
        Assert.Contains(preset.Family, new[] { "microsoft", "google", "generic" });
        Assert.Contains(preset.Authentication, new[] { AppForm.OAuth2, AppForm.PasswordSignIn });
        Assert.NotEmpty(preset.Source);
        if (preset.SmtpHost is null) return;
        Assert.InRange(preset.SmtpPort ?? 0, 1, 65535);
        Assert.Contains(preset.SmtpSecurity, new[] { AppForm.Ssl, AppForm.StartTls });
        Assert.Equal(UriHostNameType.Dns, Uri.CheckHostName(preset.SmtpHost));
        Assert.Contains(preset.SendScopes, scope => preset.Scope!.Split(' ').Contains(scope)); // a filled preset has one
        Assert.All(
            new[] { preset.Authority, preset.AuthorizationUrl, preset.TokenUrl }.OfType<string>(),
            url => Assert.True(Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed is { Scheme: "https", UserInfo: "" }));
        Assert.True(preset.Authority is not null || (preset.AuthorizationUrl is not null && preset.TokenUrl is not null));
    }

    [Fact]
    public void Every_provider_is_there_once() => Assert.Equal(
        ["microsoft365", "microsoft365-us-high", "microsoft365-us-dod", "microsoft365-china", "google", "generic", "smtp"],
        Presets.All.Select(preset => preset.Id));

    [Fact]
    public void The_worldwide_cloud_is_what_the_options_say_by_default()
    {
        var (preset, options) = (Presets.Find(Preset.Microsoft365)!, new AppsOptions()); // a test above
        Assert.Equal((options.MicrosoftAuthority, options.MicrosoftSmtpHost, options.MicrosoftSmtpPort, Preset.MicrosoftScope), (preset.Authority, preset.SmtpHost, preset.SmtpPort, preset.Scope));
    }

    [Theory]
    [InlineData("microsoft365", "https://login.microsoftonline.com/contoso.example/oauth2/v2.0/token", "smtp.office365.com")]
    [InlineData("microsoft365-us-high", "https://login.microsoftonline.us/contoso.example/oauth2/v2.0/token", "smtp.office365.us")]
    [InlineData("microsoft365-us-dod", "https://login.microsoftonline.us/contoso.example/oauth2/v2.0/token", "outlook-dod.office365.us")]
    [InlineData("microsoft365-china", "https://login.partner.microsoftonline.cn/contoso.example/oauth2/v2.0/token", "smtp.partner.outlook.cn")]
    [InlineData("google", "https://oauth2.googleapis.com/token", "smtp.gmail.com")]
    public void A_provider_fills_its_addresses_in(string id, string tokenUrl, string host)
    {
        var form = Filler.Fill(new AppForm { Preset = id, DirectoryId = "contoso.example" });
        Assert.Equal((tokenUrl, host, "587", AppForm.StartTls), (form.TokenUrl, form.SmtpHost, form.SmtpPort, form.SmtpSecurity));
        Assert.Equal(id == "google" ? "https://mail.google.com/" : Presets.Find(id)!.Scope, form.Scope); // of the list
    }

    /// <summary>By Graph alone the app asks for what Graph needs and no longer for SMTP; with both its own grant stays as it is.</summary>
    [Theory]
    [InlineData("smtp", "code", "", "openid profile offline_access https://outlook.office.com/SMTP.Send")]
    [InlineData("smtp-then-graph", "code", "", "openid profile offline_access https://outlook.office.com/SMTP.Send")]
    [InlineData("graph", "code", "", "openid profile offline_access https://graph.microsoft.com/Mail.Send")]
    [InlineData("graph", "device-code", "delia@contoso.example", "openid profile offline_access https://graph.microsoft.com/Mail.Send.Shared")]
    [InlineData("graph", "app-only", "", "https://graph.microsoft.com/.default")]
    [InlineData("smtp-then-graph", "app-only", "", "https://outlook.office365.com/.default")]
    public void What_is_asked_for_follows_how_letters_leave(string transport, string way, string signsInAs, string scope) =>
        Assert.Equal(scope, Filler.Fill(new AppForm { Transport = transport, Way = way, SignsInAs = signsInAs }).Scope);

    [Fact]
    public void Only_the_worldwide_cloud_moves_to_where_the_operator_says()
    {
        var moved = new Preset(Options.Create(new AppsOptions { MicrosoftAuthority = "https://lab.example", MicrosoftSmtpHost = "lab.example", MicrosoftSmtpPort = 2587 }));
        Assert.StartsWith("https://lab.example/", moved.Fill(new AppForm { DirectoryId = "contoso.example" }).TokenUrl, StringComparison.Ordinal);
        Assert.StartsWith("https://login.microsoftonline.us/", moved.Fill(new AppForm { Preset = "microsoft365-us-high", DirectoryId = "contoso.example" }).TokenUrl, StringComparison.Ordinal);
    }

    [Fact]
    public void Google_is_asked_for_a_refresh_token_and_its_confirmations_lead_nowhere_else()
    {
        var google = Presets.Find(Preset.Google)!; // a test above
        Assert.Equal(("offline", "consent"), (google.AuthorizeParameters["access_type"], google.AuthorizeParameters["prompt"]));
        Assert.Equal(["mail-settings.google.com", "mail.google.com"], google.ConfirmationHosts);
    }

    [Fact]
    public void A_server_with_a_password_has_no_OAuth() =>
        Assert.Equal(AppForm.PasswordSignIn, Filler.Fill(new AppForm { Preset = Preset.Smtp }).Authentication);
}
