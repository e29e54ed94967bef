using System.Collections.Immutable;

namespace Passerelle.Lab.State;

/// <summary>Who must agree before an application gets a delegated permission (facts §3.2, §3.9).</summary>
internal enum ConsentNeed
{
    /// <summary>The person, as far as the directory's consent setting goes.</summary>
    User,

    /// <summary>The person, but not under the Microsoft-managed consent setting.</summary>
    NotManaged,

    Administrator,
}

/// <summary>A permission that a resource offers.</summary>
/// <param name="Name">Short name, as in <c>scp</c> and <c>roles</c>; never translated.</param>
/// <param name="Text">Consent text in English.</param>
internal sealed record Permission(
    Guid Resource, string Name, PermissionKind Kind, Guid Id, ConsentNeed Need, string Text, string TextInFrench);

/// <summary>What the two resources offer (facts §3.2, §3.3). Exchange's own Mail.* roles stand apart from Graph's: they are
/// the trap of the guide and open nothing at SMTP.</summary>
internal static class Permissions
{
    private static readonly ImmutableArray<string> OnOutlookToo =
        ["SMTP.Send", "IMAP.AccessAsUser.All", "POP.AccessAsUser.All", "Mail.Send", "Mail.Read", "Mail.ReadWrite"];

    /// <summary>Sign-in scopes that may stand beside any resource (facts §1.14).</summary>
    public static readonly ImmutableArray<string> SignIn = ["openid", "profile", "email", "offline_access"];

    private static readonly ImmutableArray<Permission> Listed =
    [
        Scope("SMTP.Send", "258f6531-6087-4cc4-bb90-092c5fb3ed3f", ConsentNeed.User, "Access to sending emails from your mailbox.",
            "Envoyer des e-mails depuis votre boîte aux lettres."),
        Scope("IMAP.AccessAsUser.All", "652390e4-393a-48de-9484-05f9b1212954", ConsentNeed.NotManaged, "Read and write access to your mail.",
            "Lire et écrire vos e-mails."),
        Scope("POP.AccessAsUser.All", "d7b7f2d9-0f45-4ea1-9d42-e50810c06991", ConsentNeed.NotManaged, "Read and write access to your mail.",
            "Lire et écrire vos e-mails."),
        Scope("Mail.Send", "e383f46e-2787-4529-855e-0e479a3ffac0", ConsentNeed.User, "Send mail as you",
            "Envoyer des e-mails en votre nom"),
        Scope("Mail.Send.Shared", "a367ab51-6b49-43bf-a716-a1fb06d2a174", ConsentNeed.User, "Send mail on behalf of others or yourself",
            "Envoyer des e-mails en votre nom ou au nom d'autres personnes"),
        Scope("Mail.Read", "570282fd-fa5c-430d-a7fd-fc8dc98a9dca", ConsentNeed.NotManaged, "Read your mail",
            "Lire vos e-mails"),
        Scope("Mail.ReadBasic", "a4b8392a-d8d1-4954-a029-8e668a39a170", ConsentNeed.NotManaged, "Read basic information of your mail",
            "Lire les informations de base de vos e-mails"),
        Scope("Mail.Read.Shared", "7b9103a5-4610-446b-9670-80643382c1fa", ConsentNeed.NotManaged, "Read mail you can access",
            "Lire les e-mails auxquels vous avez accès"),
        Scope("Mail.ReadWrite", "024d486e-b451-40bb-833d-3e66d98c5c73", ConsentNeed.NotManaged, "Read and write access to your mail",
            "Lire et écrire vos e-mails"),
        Scope("MailboxSettings.Read", "87f447af-9fa4-4c32-9dfa-4a57a73d18ce", ConsentNeed.NotManaged, "Read your mailbox settings",
            "Lire les paramètres de votre boîte aux lettres"),
        Scope("MailboxSettings.ReadWrite", "818c620a-27a9-40bd-a6a5-d96f7d610b4b", ConsentNeed.NotManaged, "Read and write your mailbox settings",
            "Lire et modifier les paramètres de votre boîte aux lettres"),
        Scope("User.Read", "e1fe6dd8-ba31-4d61-89e7-88639da4683d", ConsentNeed.User, "Sign you in and read your profile",
            "Vous connecter et lire votre profil"),
        Scope("User.ReadBasic.All", "b340eb25-3456-403f-be2f-af7a0d370277", ConsentNeed.User, "Read all users' basic profiles",
            "Lire le profil de base de tous les utilisateurs"),
        Scope("User.Read.All", "a154be20-db9c-4678-8ab7-66f6cc099a59", ConsentNeed.Administrator, "Read all users' full profiles",
            "Lire le profil complet de tous les utilisateurs"),
        Scope("offline_access", "7427e0e9-2fba-42fe-b0c0-848c9e6a8182", ConsentNeed.User, "Maintain access to data you have given it access to",
            "Conserver l'accès aux données auxquelles vous lui avez donné accès"),
        Scope("openid", "37f7f235-527c-4136-accd-4a02d197296e", ConsentNeed.User, "Sign you in",
            "Vous connecter"),
        Scope("profile", "14dad69e-099b-42c9-810b-d002981feec1", ConsentNeed.User, "View your basic profile",
            "Afficher votre profil de base"),
        Scope("email", "64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0", ConsentNeed.User, "View your email address",
            "Afficher votre adresse e-mail"),
        Scope("Application.ReadWrite.All", "bdfbf15f-ee85-4955-8675-146e8e5296b5", ConsentNeed.Administrator, "Read and write all applications",
            "Lire et modifier toutes les applications"),
        Scope("Application.Read.All", "c79f8feb-a9db-4090-85f9-90d820caa0eb", ConsentNeed.Administrator, "Read applications",
            "Lire les applications"),
        Scope("AppRoleAssignment.ReadWrite.All", "84bccea3-f856-4a8a-967b-dbe0a3d53a64", ConsentNeed.Administrator, "Manage app permission grants and app role assignments",
            "Gérer les octrois d'autorisations et les attributions de rôles d'application"),
        Scope("DelegatedPermissionGrant.ReadWrite.All", "41ce6ca6-6826-4807-84f1-1c82854f7ee5", ConsentNeed.Administrator, "Manage all delegated permission grants",
            "Gérer tous les octrois d'autorisations déléguées"),
        Scope("Policy.ReadWrite.Authorization", "edd3c878-b384-41fd-95ad-e7407dd775be", ConsentNeed.Administrator, "Read and write the organization's authorization policy",
            "Lire et modifier la stratégie d'autorisation de l'organisation"),
        Scope("Policy.Read.All", "572fea84-0151-49b2-9301-11cb16974376", ConsentNeed.Administrator, "Read the organization's policies",
            "Lire les stratégies de l'organisation"),
        Scope("Directory.ReadWrite.All", "c5366453-9fb0-48a5-a156-24f0c49a4b84", ConsentNeed.Administrator, "Read and write directory data",
            "Lire et modifier les données de l'annuaire"),
        Scope("Directory.Read.All", "06da0dbc-49e2-44d2-8312-53f166ab848a", ConsentNeed.Administrator, "Read directory data",
            "Lire les données de l'annuaire"),
        Scope("Organization.Read.All", "4908d5b9-3fb2-4b1e-9336-1888b7937185", ConsentNeed.Administrator, "Read organization information",
            "Lire les informations de l'organisation"),
        Role(Resources.Exchange, "SMTP.SendAsApp", "7146a1f0-8703-45b3-9eae-527a64c00995", "Application access for sending emails via SMTP AUTH",
            "Accès de l'application à l'envoi d'e-mails par SMTP AUTH"),
        Role(Resources.Exchange, "IMAP.AccessAsApp", "5e5addcd-3e8d-4e90-baf5-964efab2b20a", "Application access to IMAP",
            "Accès de l'application à IMAP"),
        Role(Resources.Exchange, "POP.AccessAsApp", "cb842b43-da6e-4506-86fe-bb12199c656d", "Application access to POP",
            "Accès de l'application à POP"),
        Role(Resources.Exchange, "full_access_as_app", "dc890d15-9560-4a4c-9b7f-a736ec74ec40", "Use Exchange Web Services with full access to all mailboxes",
            "Utiliser les services web Exchange avec un accès complet à toutes les boîtes aux lettres"),
        ExchangeScope("Exchange.Manage", "ab4f2b77-0b06-4fc1-a9de-02113fc2ab7c", "Manage Exchange configuration",
            "Gérer la configuration d'Exchange"),
        // the ids of the two permissions of the Admin API are not published: these are the lab's own
        ExchangeScope("Exchange.ManageV2", "1ab00000-0000-4000-8000-000000000001", "Manage Exchange configuration (Admin API)",
            "Gérer la configuration d'Exchange (Admin API)"),
        Role(Resources.Exchange, "Exchange.ManageAsAppV2", "1ab00000-0000-4000-8000-000000000002", "Manage Exchange as application (Admin API)",
            "Gérer Exchange en tant qu'application (Admin API)"),
        Role(Resources.Exchange, "Exchange.ManageAsApp", "dc50a0fb-09a3-484d-be87-e023b12c6440", "Manage Exchange as application",
            "Gérer Exchange en tant qu'application"),
        Role(Resources.Graph, "Mail.Send", "b633e1c5-b582-4048-a93e-9f11b44c7e96", "Send mail as any user",
            "Envoyer des e-mails au nom de n'importe quel utilisateur"),
        Role(Resources.Graph, "Mail.Read", "810c84a8-4a9e-49e6-bf7d-12d183f40d01", "Read mail in all mailboxes",
            "Lire les e-mails de toutes les boîtes aux lettres"),
        Role(Resources.Graph, "Mail.ReadBasic", "6be147d2-ea4f-4b5a-a3fa-3eab6f3c140a", "Read basic mail in all mailboxes",
            "Lire les informations de base des e-mails de toutes les boîtes aux lettres"),
        Role(Resources.Graph, "Mail.ReadWrite", "e2a3a72e-5f79-4c64-b1b1-878b674786c9", "Read and write mail in all mailboxes",
            "Lire et écrire les e-mails de toutes les boîtes aux lettres"),
        Role(Resources.Graph, "MailboxSettings.Read", "40f97065-369a-49f4-947c-6a255697ae91", "Read all user mailbox settings",
            "Lire les paramètres de toutes les boîtes aux lettres"),
        Role(Resources.Graph, "MailboxSettings.ReadWrite", "6931bccd-447a-43d1-b442-00a195474933", "Read and write all user mailbox settings",
            "Lire et modifier les paramètres de toutes les boîtes aux lettres"),
        Role(Resources.Graph, "User.Read.All", "df021288-bdef-4463-88db-98f22de89214", "Read all users' full profiles",
            "Lire le profil complet de tous les utilisateurs"),
        Role(Resources.Graph, "Application.ReadWrite.All", "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9", "Read and write all applications",
            "Lire et modifier toutes les applications"),
        Role(Resources.Graph, "Application.ReadWrite.OwnedBy", "18a4783c-866b-4cc7-a460-3d5e5662c884", "Manage apps that this app creates or owns",
            "Gérer les applications que cette application crée ou possède"),
        Role(Resources.Graph, "Application.Read.All", "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30", "Read applications",
            "Lire les applications"),
        Role(Resources.Graph, "AppRoleAssignment.ReadWrite.All", "06b708a9-e830-4db3-a914-8e69da51d44f", "Manage app permission grants and app role assignments",
            "Gérer les octrois d'autorisations et les attributions de rôles d'application"),
        Role(Resources.Graph, "DelegatedPermissionGrant.ReadWrite.All", "8e8e4742-1d95-4f68-9d56-6ee75648c72a", "Manage all delegated permission grants",
            "Gérer tous les octrois d'autorisations déléguées"),
        Role(Resources.Graph, "Policy.ReadWrite.Authorization", "fb221be6-99f2-473f-bd32-01c6a0e9ca3b", "Read and write the organization's authorization policy",
            "Lire et modifier la stratégie d'autorisation de l'organisation"),
        Role(Resources.Graph, "Policy.Read.All", "246dd0d5-5bd0-4def-940b-0421030a5b68", "Read the organization's policies",
            "Lire les stratégies de l'organisation"),
        Role(Resources.Graph, "Policy.ReadWrite.SecurityDefaults", "1c6e93a6-28e2-4cbb-9f64-1a46a821124d", "Read and write the organization's security defaults policy",
            "Lire et modifier les paramètres de sécurité par défaut de l'organisation"),
        Role(Resources.Graph, "Directory.ReadWrite.All", "19dbc75e-c2e2-444c-a770-ec69d8559fc7", "Read and write directory data",
            "Lire et modifier les données de l'annuaire"),
        Role(Resources.Graph, "Directory.Read.All", "7ab1d382-f21e-4acd-a863-ba3e13f7da61", "Read directory data",
            "Lire les données de l'annuaire"),
        Role(Resources.Graph, "Organization.Read.All", "498476ce-e0fe-48b0-b801-37ba7e2685c6", "Read organization information",
            "Lire les informations de l'organisation"),
        Role(Resources.Graph, "ExchangeMessageTrace.Read.All", "89b20d8a-76e2-4057-867b-9961f800b9a4", "Read message traces",
            "Lire les suivis de messages"),
        Role(Resources.Exchange, "Mail.Send", "b633e1c5-b582-4048-a93e-9f11b44c7e96", "Send mail as any user",
            "Envoyer des e-mails au nom de n'importe quel utilisateur"),
        Role(Resources.Exchange, "Mail.Read", "810c84a8-4a9e-49e6-bf7d-12d183f40d01", "Read mail in all mailboxes",
            "Lire les e-mails de toutes les boîtes aux lettres"),
        Role(Resources.Exchange, "Mail.ReadWrite", "e2a3a72e-5f79-4c64-b1b1-878b674786c9", "Read and write mail in all mailboxes",
            "Lire et écrire les e-mails de toutes les boîtes aux lettres"),
    ];

    /// <summary>The delegated ones of Outlook are listed under Graph in the portal, and asked for on the Outlook host.</summary>
    public static readonly ImmutableArray<Permission> All =
    [
        .. Listed,
        .. Listed.Where(p => p.Kind is PermissionKind.Delegated && OnOutlookToo.Contains(p.Name))
            .Select(p => p with { Resource = Resources.Exchange }),
    ];

    public static Permission? Find(Guid resource, string name, PermissionKind kind) => All.FirstOrDefault(p =>
        p.Resource == resource && p.Kind == kind && p.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static Permission Scope(string name, string id, ConsentNeed need, string text, string french) =>
        new(Resources.Graph, name, PermissionKind.Delegated, new Guid(id), need, text, french);

    private static Permission ExchangeScope(string name, string id, string text, string french) =>
        new(Resources.Exchange, name, PermissionKind.Delegated, new Guid(id), ConsentNeed.Administrator, text, french);

    private static Permission Role(Guid resource, string name, string id, string text, string french) =>
        new(resource, name, PermissionKind.Application, new Guid(id), ConsentNeed.Administrator, text, french);
}
