using System.Text.Json.Nodes;
using Passerelle.Lab.Exchange;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Admin;

/// <summary>What a cmdlet touches: decides which Entra role may run it (facts §7.2).</summary>
internal enum CmdletNeed
{
    Read,

    /// <summary>Changes mailboxes and their permissions.</summary>
    Recipients,

    /// <summary>Changes the organisation.</summary>
    Organisation,
}

/// <summary>One cmdlet of Exchange Online.</summary>
/// <param name="Name">Verb and noun, as documented.</param>
/// <param name="Parameters">The ones that it knows, besides the common ones.</param>
/// <param name="Run">Gives the objects that it prints; set-cmdlets print none.</param>
internal sealed record Cmdlet(string Name, CmdletNeed Need, string[] Parameters, Func<CmdletCall, IEnumerable<JsonObject>> Run)
{
    public bool Is(string name) => Name.Equals(name, StringComparison.OrdinalIgnoreCase);
}

/// <summary>One call of a cmdlet, with the organisation as it is now.</summary>
internal sealed record CmdletCall(Twin Lab, LabDirectory Directory, LabExchange Exchange, CmdletParameters Given)
{
    public DateTimeOffset Now => Lab.Time.GetUtcNow();

    /// <summary>Warnings of the answer, as the cmdlet would print them.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>The mailbox that <c>-Identity</c> (or another parameter) names: address, object id, alias or display name.</summary>
    public LabUser Mailbox(string parameter = "Identity")
    {
        var named = Given.Required(parameter);
        return FindUser(named) is { Mailbox: not null } user ? user : throw CmdletFault.NotFound(named, Directory);
    }

    public LabUser? FindUser(string named) =>
        Guid.TryParse(named, out var id) ? Directory.User(id)
        : Directory.UserByAddress(named) ?? Directory.Users.FirstOrDefault(u =>
            u.DisplayName.Equals(named, StringComparison.OrdinalIgnoreCase)
            || MailAddress.Parse(u.Address).Local.Equals(named, StringComparison.OrdinalIgnoreCase));

    public void Change(Func<LabDirectory, LabDirectory> change) => Lab.ChangeDirectory(Directory.Id, change);

    /// <summary>Takes effect after the directory's delay.</summary>
    public void ChangeFlow(Func<MailFlow, MailFlow> change) => Change(d => d.With(change(d.MailFlow), Now));

    public void ChangeMailbox(LabUser user, Func<Mailbox, Mailbox> change) =>
        Lab.ChangeUser(Directory.Id, user.Id, u => u.Mailbox is { } mailbox ? u with { Mailbox = change(mailbox) } : u);

    public static IEnumerable<JsonObject> Nothing => [];
}
