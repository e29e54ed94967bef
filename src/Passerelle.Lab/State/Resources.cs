namespace Passerelle.Lab.State;

/// <summary>The two resource applications of the lab (facts §3.1).</summary>
internal static class Resources
{
    public static readonly Guid Exchange = new("00000002-0000-0ff1-ce00-000000000000");
    public static readonly Guid Graph = new("00000003-0000-0000-c000-000000000000");

    /// <summary>The directory id of personal Microsoft accounts (facts §1.1).</summary>
    public static readonly Guid PersonalDirectory = new("9188040d-6c67-4c5b-b112-36a304b66dad");

    public static string NameOf(Guid resource) =>
        resource == Exchange ? "Office 365 Exchange Online" : "Microsoft Graph";

    /// <summary>Audience and scope prefix to resource. Exchange answers to two hosts (facts §1.13); a token carries the one
    /// that was asked for.</summary>
    public static Guid? OfAudience(string audience) => audience switch
    {
        "https://outlook.office.com" or "https://outlook.office365.com" => Exchange,
        "https://graph.microsoft.com" => Graph,
        _ when Guid.TryParse(audience, out Guid id) && (id == Exchange || id == Graph) => id,
        _ => null,
    };
}
