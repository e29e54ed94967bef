namespace Passerelle.Lab.Testing;

/// <summary>The demonstration directory: two mailboxes, an administrator, an application, and customers outside. Unlike a new
/// directory it is years old, has security defaults off (so nobody registers for MFA, and passwords are not blocked), and allows
/// forwarding to addresses outside.</summary>
/// <param name="Domain"><c>contoso.example</c> in lab <c>demo</c>, else <c>contoso-{lab}.example</c>.</param>
/// <param name="CustomerDomain"><c>fabrikam.example</c> in lab <c>demo</c>, else <c>fabrikam-{lab}.example</c>.</param>
public sealed record Contoso(
    string Lab, Guid DirectoryId, string Domain, string CustomerDomain, Guid ClientId, Guid SecretId, string ClientSecret, string RedirectUri)
{
    /// <summary>Of every account and customer made here.</summary>
    public const string Password = "Correct-Horse-7";

    public string Support => "support@" + Domain;
    public string Sales => "sales@" + Domain;
    public string Administrator => "admin@" + Domain;
    public string Ann => "ann@" + CustomerDomain;
    public string Bob => "bob@" + CustomerDomain;

    internal static async Task<Contoso> MakeAsync(LabControl control, string lab, string redirectUri, CancellationToken cancel)
    {
        var suffix = lab == "demo" ? "" : "-" + lab;
        var domain = $"contoso{suffix}.example";
        var outside = $"fabrikam{suffix}.example";
        await control.OpenLabAsync(lab, cancel);
        Guid directory = await control.AddDirectoryAsync(lab, "Contoso", [domain], cancel);
        await control.SetSecurityDefaultsAsync(directory, false, cancel);
        await new LabSubmission(control, directory).SetLimitsAsync(new { }, cancel); // no "since": it sends as much as an old one
        await control.SetAutoForwardingAsync(directory, "on", cancel);
        await control.AddUserAsync(directory, "support@" + domain, "Contoso Support", Password, false, cancel);
        await control.AddUserAsync(directory, "sales@" + domain, "Contoso Sales", Password, false, cancel);
        await control.AddUserAsync(directory, "admin@" + domain, "Contoso Admin", Password, true, cancel);
        await control.AddOutsideDomainAsync(lab, outside,
            [("ann@" + outside, "Ann Fabrikam", Password), ("bob@" + outside, "Bob Fabrikam", Password)], cancel);
        Guid app = await control.RegisterAppAsync(directory, "Passerelle", redirectUri, cancel);
        (Guid secretId, var secret) = await control.AddSecretAsync(directory, app, "passerelle", null, cancel);
        return new Contoso(lab, directory, domain, outside, app, secretId, secret, redirectUri);
    }
}
