using System.Collections.Immutable;
using System.Security.Cryptography;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Graph;

/// <summary>Microsoft's own applications as every directory has them (facts §3.1). Their object ids differ from directory to
/// directory: look them up by app id.</summary>
internal sealed record FirstParty(Guid AppId, string Name)
{
    /// <summary><c>appOwnerOrganizationId</c> of all of them.</summary>
    public const string Owner = "f8cdef31-a31e-4b4a-93e4-5f571e91255a";

    private static readonly Guid Protection = new("00000007-0000-0ff1-ce00-000000000000");

    public static readonly ImmutableArray<FirstParty> All =
    [
        new(Resources.Exchange, "Office 365 Exchange Online"),
        new(Resources.Graph, "Microsoft Graph"),
        new(Protection, "Microsoft Exchange Online Protection"),
        new(new Guid("00000002-0000-0000-c000-000000000000"), "Windows Azure Active Directory"),
        new(new Guid("fb78d390-0c51-40cd-8e17-fdbfab77341b"), "Microsoft Exchange REST API Based Powershell"),
        new(new Guid("14d82eec-204b-4c2f-b7e8-296a70dab67e"), "Microsoft Graph Command Line Tools"),
        new(new Guid("04b07795-8ddb-461a-bbee-02f9e1bf7b46"), "Microsoft Azure CLI"),
    ];

    /// <summary>Opens no door of the lab; it can be found, listed and granted.</summary>
    private static readonly Permission ProtectionRole = new(Protection, "Exchange.ManageAsApp", PermissionKind.Application,
        new Guid("455e5cd2-84e8-4751-8344-5672145dfa17"), ConsentNeed.Administrator, "Manage Exchange Online Protection as application",
        "Gérer Exchange Online Protection en tant qu'application");

    public static IEnumerable<Permission> Offers(Guid appId, PermissionKind kind) =>
        State.Permissions.All.Append(ProtectionRole).Where(p => p.Resource == appId && p.Kind == kind);

    /// <summary>The same for ever in one directory, another one in the next.</summary>
    public Guid ObjectIdIn(LabDirectory directory) =>
        new(SHA256.HashData([.. directory.Id.ToByteArray(), .. AppId.ToByteArray()]).AsSpan(0, 16));
}
