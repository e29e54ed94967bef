using System.Text.Json;
using Passerelle.Lab.Testing;

namespace Passerelle.Lab.Tests.Graph;

/// <summary>Every permission of facts §3.2 and §3.3, read as a program reads it: from the service principal of its resource.</summary>
public sealed class PermissionIdTests(LabUnderTest lab)
{
    private const string Exchange = LabControl.Exchange;
    private const string Graph = LabControl.Graph;
    private const string Protection = "00000007-0000-0ff1-ce00-000000000000";

    public static TheoryData<string, string, string> Scopes => new()
    {
        { "SMTP.Send", "258f6531-6087-4cc4-bb90-092c5fb3ed3f", "User" },
        { "IMAP.AccessAsUser.All", "652390e4-393a-48de-9484-05f9b1212954", "User" },
        { "POP.AccessAsUser.All", "d7b7f2d9-0f45-4ea1-9d42-e50810c06991", "User" },
        { "Mail.Send", "e383f46e-2787-4529-855e-0e479a3ffac0", "User" },
        { "Mail.Send.Shared", "a367ab51-6b49-43bf-a716-a1fb06d2a174", "User" },
        { "Mail.Read", "570282fd-fa5c-430d-a7fd-fc8dc98a9dca", "User" },
        { "Mail.ReadBasic", "a4b8392a-d8d1-4954-a029-8e668a39a170", "User" },
        { "Mail.Read.Shared", "7b9103a5-4610-446b-9670-80643382c1fa", "User" },
        { "Mail.ReadWrite", "024d486e-b451-40bb-833d-3e66d98c5c73", "User" },
        { "MailboxSettings.Read", "87f447af-9fa4-4c32-9dfa-4a57a73d18ce", "User" },
        { "MailboxSettings.ReadWrite", "818c620a-27a9-40bd-a6a5-d96f7d610b4b", "User" },
        { "User.Read", "e1fe6dd8-ba31-4d61-89e7-88639da4683d", "User" },
        { "User.ReadBasic.All", "b340eb25-3456-403f-be2f-af7a0d370277", "User" },
        { "User.Read.All", "a154be20-db9c-4678-8ab7-66f6cc099a59", "Admin" },
        { "offline_access", "7427e0e9-2fba-42fe-b0c0-848c9e6a8182", "User" },
        { "openid", "37f7f235-527c-4136-accd-4a02d197296e", "User" },
        { "profile", "14dad69e-099b-42c9-810b-d002981feec1", "User" },
        { "email", "64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0", "User" },
        { "Application.ReadWrite.All", "bdfbf15f-ee85-4955-8675-146e8e5296b5", "Admin" },
        { "Application.Read.All", "c79f8feb-a9db-4090-85f9-90d820caa0eb", "Admin" },
        { "AppRoleAssignment.ReadWrite.All", "84bccea3-f856-4a8a-967b-dbe0a3d53a64", "Admin" },
        { "DelegatedPermissionGrant.ReadWrite.All", "41ce6ca6-6826-4807-84f1-1c82854f7ee5", "Admin" },
        { "Policy.ReadWrite.Authorization", "edd3c878-b384-41fd-95ad-e7407dd775be", "Admin" },
        { "Policy.Read.All", "572fea84-0151-49b2-9301-11cb16974376", "Admin" },
        { "Directory.ReadWrite.All", "c5366453-9fb0-48a5-a156-24f0c49a4b84", "Admin" },
        { "Directory.Read.All", "06da0dbc-49e2-44d2-8312-53f166ab848a", "Admin" },
        { "Organization.Read.All", "4908d5b9-3fb2-4b1e-9336-1888b7937185", "Admin" },
    };

    public static TheoryData<string, string, string> Roles => new()
    {
        { Exchange, "SMTP.SendAsApp", "7146a1f0-8703-45b3-9eae-527a64c00995" },
        { Exchange, "IMAP.AccessAsApp", "5e5addcd-3e8d-4e90-baf5-964efab2b20a" },
        { Exchange, "POP.AccessAsApp", "cb842b43-da6e-4506-86fe-bb12199c656d" },
        { Exchange, "full_access_as_app", "dc890d15-9560-4a4c-9b7f-a736ec74ec40" },
        { Exchange, "Exchange.ManageAsApp", "dc50a0fb-09a3-484d-be87-e023b12c6440" },
        { Graph, "Mail.Send", "b633e1c5-b582-4048-a93e-9f11b44c7e96" },
        { Graph, "Mail.Read", "810c84a8-4a9e-49e6-bf7d-12d183f40d01" },
        { Graph, "Mail.ReadBasic", "6be147d2-ea4f-4b5a-a3fa-3eab6f3c140a" },
        { Graph, "Mail.ReadWrite", "e2a3a72e-5f79-4c64-b1b1-878b674786c9" },
        { Graph, "MailboxSettings.Read", "40f97065-369a-49f4-947c-6a255697ae91" },
        { Graph, "MailboxSettings.ReadWrite", "6931bccd-447a-43d1-b442-00a195474933" },
        { Graph, "User.Read.All", "df021288-bdef-4463-88db-98f22de89214" },
        { Graph, "Application.ReadWrite.All", "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9" },
        { Graph, "Application.ReadWrite.OwnedBy", "18a4783c-866b-4cc7-a460-3d5e5662c884" },
        { Graph, "Application.Read.All", "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30" },
        { Graph, "AppRoleAssignment.ReadWrite.All", "06b708a9-e830-4db3-a914-8e69da51d44f" },
        { Graph, "DelegatedPermissionGrant.ReadWrite.All", "8e8e4742-1d95-4f68-9d56-6ee75648c72a" },
        { Graph, "Policy.ReadWrite.Authorization", "fb221be6-99f2-473f-bd32-01c6a0e9ca3b" },
        { Graph, "Policy.Read.All", "246dd0d5-5bd0-4def-940b-0421030a5b68" },
        { Graph, "Policy.ReadWrite.SecurityDefaults", "1c6e93a6-28e2-4cbb-9f64-1a46a821124d" },
        { Graph, "Directory.ReadWrite.All", "19dbc75e-c2e2-444c-a770-ec69d8559fc7" },
        { Graph, "Directory.Read.All", "7ab1d382-f21e-4acd-a863-ba3e13f7da61" },
        { Graph, "Organization.Read.All", "498476ce-e0fe-48b0-b801-37ba7e2685c6" },
        { Graph, "ExchangeMessageTrace.Read.All", "89b20d8a-76e2-4057-867b-9961f800b9a4" },
        { Protection, "Exchange.ManageAsApp", "455e5cd2-84e8-4751-8344-5672145dfa17" },
    };

    [Theory, MemberData(nameof(Scopes))]
    [Shows(
        "3.2:SMTP.Send", "3.2:IMAP.AccessAsUser.All", "3.2:POP.AccessAsUser.All", "3.2:Mail.Send", "3.2:Mail.Send.Shared",
        "3.2:Mail.Read", "3.2:Mail.ReadBasic", "3.2:Mail.Read.Shared", "3.2:Mail.ReadWrite", "3.2:MailboxSettings.Read",
        "3.2:MailboxSettings.ReadWrite", "3.2:User.Read", "3.2:User.ReadBasic.All", "3.2:User.Read.All",
        "3.2:offline-access", "3.2:openid", "3.2:profile", "3.2:email", "3.2:Application.ReadWrite.All",
        "3.2:Application.Read.All", "3.2:AppRoleAssignment.ReadWrite.All", "3.2:DelegatedPermissionGrant.ReadWrite.All",
        "3.2:Policy.ReadWrite.Authorization", "3.2:Policy.Read.All", "3.2:Directory.ReadWrite.All", "3.2:Directory.Read.All",
        "3.2:Organization.Read.All")]
    public async Task Graph_offers_the_delegated_permission_under_its_id(string name, string id, string type)
    {
        JsonElement scope = await OfferedAsync(Graph, "oauth2PermissionScopes", id);
        Assert.Equal((name, type), (scope.GetProperty("value").GetString(), scope.GetProperty("type").GetString()));
        Assert.NotEmpty(scope.GetProperty("userConsentDisplayName").ToString());
    }

    [Theory, MemberData(nameof(Roles))]
    [Shows(
        "3.3:Exchange-Online", "3.3:Exchange-Online~2", "3.3:Exchange-Online~3", "3.3:Exchange-Online~4",
        "3.3:Exchange-Online~5", "3.3:Graph", "3.3:Graph~2", "3.3:Graph~3", "3.3:Graph~4", "3.3:Graph~5", "3.3:Graph~6",
        "3.3:Graph~7", "3.3:Graph~8", "3.3:Graph~9", "3.3:Graph~10", "3.3:Graph~11", "3.3:Graph~12", "3.3:Graph~13",
        "3.3:Graph~14", "3.3:Graph~15", "3.3:Graph~16", "3.3:Graph~17", "3.3:Graph~18", "3.3:Graph~19", "3.3:EOP-00000007")]
    public async Task The_resource_offers_the_application_permission_under_its_id(string resource, string name, string id)
    {
        JsonElement role = await OfferedAsync(resource, "appRoles", id);
        Assert.Equal(name, role.GetProperty("value").GetString());
        Assert.Equal("Application", Assert.Single(role.GetProperty("allowedMemberTypes").EnumerateArray()).GetString());
    }

    [Fact, Shows("3.3:Exchange-Online~6", "3.3:Exchange-Online~7")]
    public async Task Exchange_offers_the_role_of_its_admin_api_and_the_retired_mail_roles_with_the_ids_of_Graph()
    {
        JsonElement[] exchange = await OffersAsync(Exchange, "appRoles");
        JsonElement[] graph = await OffersAsync(Graph, "appRoles");
        Assert.Contains(exchange, role => role.GetProperty("value").GetString() == "Exchange.ManageAsAppV2");
        Assert.Equal(Id(graph, "Mail.Send"), Id(exchange, "Mail.Send"));
    }

    [Fact, Shows("3.2:SMTP.Send")]
    public async Task SMTP_Send_is_worded_for_the_person_and_for_the_administrator()
    {
        JsonElement scope = await OfferedAsync(Graph, "oauth2PermissionScopes", "258f6531-6087-4cc4-bb90-092c5fb3ed3f");
        Assert.Equal("Access to sending emails from your mailbox.", scope.GetProperty("userConsentDescription").GetString());
        Assert.Equal("Send emails from mailboxes using SMTP AUTH.", scope.GetProperty("adminConsentDescription").GetString());
    }

    [Theory]
    [InlineData("00000002-0000-0ff1-ce00-000000000000", "Office 365 Exchange Online")]
    [InlineData("00000003-0000-0000-c000-000000000000", "Microsoft Graph")]
    [InlineData("00000007-0000-0ff1-ce00-000000000000", "Microsoft Exchange Online Protection")]
    [InlineData("00000002-0000-0000-c000-000000000000", "Windows Azure Active Directory")]
    [InlineData("fb78d390-0c51-40cd-8e17-fdbfab77341b", "Microsoft Exchange REST API Based Powershell")]
    [InlineData("14d82eec-204b-4c2f-b7e8-296a70dab67e", "Microsoft Graph Command Line Tools")]
    [InlineData("04b07795-8ddb-461a-bbee-02f9e1bf7b46", "Microsoft Azure CLI")]
    [Shows(
        "3.1:Office-365-Exchange-Online", "3.1:Microsoft-Graph", "3.1:Exchange-Online-Protection-Security-Compliance-P",
        "3.1:Windows-Azure-Active-Directory-old-Azure-AD-Grap", "3.1:Exchange-Online-PowerShell-client-public-client-",
        "3.1:Microsoft-Graph-Command-Line-Tools", "3.1:Azure-CLI")]
    public async Task Microsofts_own_applications_are_found_by_app_id_and_differ_in_object_id(string appId, string name)
    {
        GraphLab one = await ReaderAsync();
        GraphLab other = await GraphLab.OfAppAsync(lab, "Application.Read.All");
        Answer here = (await one.GetAsync($"/servicePrincipals(appId='{appId}')")).Is(200);
        Answer there = (await other.GetAsync($"/servicePrincipals(appId='{appId}')")).Is(200);
        Assert.Equal((name, "f8cdef31-a31e-4b4a-93e4-5f571e91255a"), (here.Get("displayName"), here.Get("appOwnerOrganizationId")));
        Assert.NotEqual(here.Get("id"), there.Get("id"));
        Assert.Equal(here.Get("id"), (await one.GetAsync($"/servicePrincipals/{here.Get("id")}")).Get("id"));
    }

    private async Task<JsonElement> OfferedAsync(string resource, string list, string id) =>
        Assert.Single(await OffersAsync(resource, list), offer => offer.GetProperty("id").GetString() == id);

    private async Task<JsonElement[]> OffersAsync(string resource, string list)
    {
        GraphLab graph = await ReaderAsync();
        Answer answer = (await graph.GetAsync($"/servicePrincipals(appId='{resource}')?$select=id,{list}")).Is(200);
        return [.. answer.Body.GetProperty(list).EnumerateArray()];
    }

    private static string? Id(JsonElement[] offers, string name) =>
        Assert.Single(offers, offer => offer.GetProperty("value").GetString() == name).GetProperty("id").GetString();

    /// <summary>One directory serves them all: nothing is changed in it.</summary>
    private Task<GraphLab> ReaderAsync() => lab.ReaderAsync();
}
