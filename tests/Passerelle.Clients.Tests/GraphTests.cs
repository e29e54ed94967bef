using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Microsoft.Graph;
using Microsoft.Graph.Applications.Item.AddPassword;
using Microsoft.Graph.Authentication;
using Microsoft.Graph.Models;
using Microsoft.Graph.Models.ODataErrors;
using Microsoft.Identity.Client;
using Passerelle.Lab.Testing;
using static Passerelle.Clients.Tests.ClientsLab;

namespace Passerelle.Clients.Tests;

/// <summary>The Microsoft.Graph SDK with its own handlers; all that differs from production is the base address, the authority and
/// the trust.</summary>
public sealed class GraphTests(ClientsLab lab)
{
    private const string Scope = "https://graph.microsoft.com/";
    private const string GraphAppId = "00000003-0000-0000-c000-000000000000";

    [Fact]
    [Shows("4.1:E1-E2-E3-E5", "4.1:E4", "4.1:service-principal", "4.1:E6-app-role", "3.4:Graph-sendMail")]
    public async Task An_application_is_made_given_a_secret_and_roles_and_its_mail_is_sent_and_read()
    {
        Contoso contoso = await lab.NewLabAsync();
        using HttpClient http = Http();
        GraphServiceClient admin = await AdminAsync(contoso, http);
        Application app = There(await admin.Applications.PostAsync(
            new Application { DisplayName = "Sender", SignInAudience = "AzureADMyOrg" }, cancellationToken: Cancel));
        PasswordCredential secret = There(await admin.Applications[app.Id].AddPassword.PostAsync(
            new AddPasswordPostRequestBody { PasswordCredential = new PasswordCredential { DisplayName = "gateway" } }, cancellationToken: Cancel));
        ServicePrincipal own = There(await admin.ServicePrincipals.PostAsync(new ServicePrincipal { AppId = app.AppId }, cancellationToken: Cancel));
        await AssignAsync(admin, own, "Mail.Send", "Mail.Read");

        GraphServiceClient sender = Client(http, Credential(contoso, There(app.AppId), There(secret.SecretText)), Scope + ".default");
        await sender.Users[contoso.Support].SendMail.PostAsync(
            new() { Message = Letter(contoso.Sales, "By the SDK"), SaveToSentItems = true }, cancellationToken: Cancel);
        LabMailItem arrived = There(await lab.Mail(contoso).WaitAsync(contoso.Sales, TimeSpan.FromSeconds(20), Cancel, "By the SDK"));
        MessageCollectionResponse found = There(await sender.Users[contoso.Sales].Messages.GetAsync(
            request =>
            {
                request.QueryParameters.Filter = $"internetMessageId eq '<{arrived.MessageId}>'";
                request.QueryParameters.Select = ["subject", "from"];
            }, Cancel));
        Message read = Assert.Single(There(found.Value));
        Assert.Equal(("By the SDK", contoso.Support), (read.Subject, read.From?.EmailAddress?.Address));
        MessageCollectionResponse sent = There(await sender.Users[contoso.Support].MailFolders["sentitems"].Messages.GetAsync(cancellationToken: Cancel));
        Assert.Equal($"<{arrived.MessageId}>", Assert.Single(There(sent.Value)).InternetMessageId);
    }

    [Fact]
    [Shows("4.1:E6-delegated", "3.4:Graph-sendMail")]
    public async Task A_grant_lets_a_person_send_without_being_asked()
    {
        Contoso contoso = await lab.NewLabAsync();
        using HttpClient http = Http();
        GraphServiceClient admin = await AdminAsync(contoso, http);
        ServicePrincipal own = There(await admin.ServicePrincipalsWithAppId(contoso.ClientId.ToString()).GetAsync(cancellationToken: Cancel));
        ServicePrincipal graph = There(await admin.ServicePrincipalsWithAppId(GraphAppId).GetAsync(cancellationToken: Cancel));
        await admin.Oauth2PermissionGrants.PostAsync(new OAuth2PermissionGrant
        {
            ClientId = own.Id,
            ConsentType = "AllPrincipals",
            ResourceId = graph.Id,
            Scope = "User.Read Mail.Send",
        }, cancellationToken: Cancel);

        AuthenticationResult person = await lab.SignInAsync(contoso, lab.Msal(contoso), Scope + "Mail.Send");
        GraphServiceClient me = Client(http, DelegatedTokenCredential.Create(
            (_, _) => new AccessToken(person.AccessToken, person.ExpiresOn)), Scope + "Mail.Send");
        Assert.Equal(contoso.Support, There(await me.Me.GetAsync(cancellationToken: Cancel)).UserPrincipalName);
        await me.Me.SendMail.PostAsync(new() { Message = Letter(contoso.Ann, "As myself") }, cancellationToken: Cancel);
        LabMailItem arrived = There(await lab.Mail(contoso).WaitAsync(contoso.Ann, TimeSpan.FromSeconds(20), Cancel, "As myself"));
        Assert.Contains(contoso.Support, arrived.From, StringComparison.Ordinal);
    }

    [Fact]
    [Shows("4.2:403")]
    public async Task A_refusal_is_an_ODataError_with_its_code()
    {
        Contoso contoso = await lab.NewLabAsync();
        using HttpClient http = Http();
        GraphServiceClient nobody = Client(http, Credential(contoso, contoso.ClientId.ToString(), contoso.ClientSecret), Scope + ".default");
        ODataError error = await Assert.ThrowsAsync<ODataError>(() => nobody.Users[contoso.Support].SendMail.PostAsync(
            new() { Message = Letter(contoso.Ann, "No") }, cancellationToken: Cancel));
        Assert.Equal((403, "ErrorAccessDenied"), (error.ResponseStatusCode, error.Error?.Code));
    }

    /// <summary>The lab's application with the roles that the steps of facts §4.1 need.</summary>
    private async Task<GraphServiceClient> AdminAsync(Contoso contoso, HttpClient http)
    {
        await lab.Control.SetPermissionsAsync(contoso.DirectoryId, contoso.ClientId,
            new[] { "Application.ReadWrite.All", "AppRoleAssignment.ReadWrite.All", "DelegatedPermissionGrant.ReadWrite.All" }
                .Select(name => (LabControl.Graph, name, "application")), Cancel);
        await lab.Control.GrantAdminConsentAsync(contoso.DirectoryId, contoso.ClientId, Cancel);
        return Client(http, Credential(contoso, contoso.ClientId.ToString(), contoso.ClientSecret), Scope + ".default");
    }

    private static async Task AssignAsync(GraphServiceClient admin, ServicePrincipal own, params string[] roles)
    {
        ServicePrincipal graph = There(await admin.ServicePrincipalsWithAppId(GraphAppId).GetAsync(
            request => request.QueryParameters.Select = ["id", "appRoles"], Cancel));
        foreach (AppRole role in There(graph.AppRoles).Where(role => roles.Contains(role.Value)))
        {
            await admin.ServicePrincipals[graph.Id].AppRoleAssignedTo.PostAsync(new AppRoleAssignment
            {
                PrincipalId = Guid.Parse(There(own.Id)),
                ResourceId = Guid.Parse(There(graph.Id)),
                AppRoleId = role.Id,
            }, cancellationToken: Cancel);
        }
    }

    private GraphServiceClient Client(HttpClient http, TokenCredential credential, string scope) => new(
        http,
        new AzureIdentityAuthenticationProvider(credential, [lab.Fixture.Endpoints.Https.Host], null, true, [scope]),
        new Uri(lab.Fixture.Endpoints.Https, "/v1.0").ToString());

    private HttpClient Http() => GraphClientFactory.Create(GraphClientFactory.CreateDefaultHandlers(), finalHandler: new HttpClientHandler
    {
        ServerCertificateCustomValidationCallback = (_, certificate, _, _) => lab.Fixture.Trusts(certificate),
    });

    private ClientSecretCredential Credential(Contoso contoso, string clientId, string secret) => new(
        contoso.DirectoryId.ToString(), clientId, secret, new ClientSecretCredentialOptions
        {
            AuthorityHost = lab.Fixture.Endpoints.Https,
            DisableInstanceDiscovery = true, // the lab is no cloud that it knows
            Transport = new HttpClientTransport(lab.Fixture.Http),
        });

    private static Message Letter(string to, string subject) => new()
    {
        Subject = subject,
        Body = new ItemBody { ContentType = BodyType.Html, Content = "<p>Hello</p>" },
        ToRecipients = [new Recipient { EmailAddress = new EmailAddress { Address = to } }],
    };

    private static T There<T>(T? value) where T : class => value ?? throw new InvalidOperationException("The answer has no " + typeof(T).Name);
}
