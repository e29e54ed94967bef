using System.Collections.Frozen;

namespace Passerelle.Gateway.Tokens;

/// <summary>What an AADSTS number means, in one sentence of ours (facts/microsoft365.md §2). Microsoft's own is kept beside it.</summary>
internal static class EntraWords
{
    private static readonly (string What, long[] Numbers)[] Table =
    [
        // §2.1 directory, endpoint, client id
        ("Microsoft knows no directory by that id", [90002]),
        ("The addresses name no directory of your own: common, organizations and consumers are shared by everybody", [90019, 50059, 50128, 9001023, 90124, 90130, 500201, 90027]),
        ("The application belongs to one directory, and the addresses name the endpoint that all directories share", [50194, 700005]),
        ("The directory lives in a national cloud, which has addresses of its own", [90038, 50049, 50050]),
        ("The directory has no application with that client id; the Object ID and the Secret ID look alike and are other numbers", [700016, 700011, 70001]),
        ("The client id is empty", [700038]),
        ("The client id is not a GUID", [90112]),
        ("The enterprise application is switched off: nobody may sign in to it", [7000112, 7000116]),
        ("Exchange Online itself is switched off in the directory", [7000117]),
        ("The directory has no enterprise application for this registration yet: nobody has consented to it", [7000229, 7000217, 90099]),
        ("The registration admits other accounts than those of your directory", [9002331, 9002332, 500200, 500202, 500204, 500207, 500208]),

        // §2.2 redirect URI and platform
        ("The call back URL is not among the redirect URIs of the registration", [50011, 700042, 70004, 50029, 700041]),
        ("The registration has no redirect URI at all", [500113]),
        ("Microsoft takes no redirect URI of that form: https and a full address are needed", [500111, 500115, 500116, 500117, 90102]),
        ("The redirect URI is registered under the platform single-page application, whose codes and tokens a server may not use", [9002325, 9002326, 9002327, 700084]),
        ("The redirect URI is registered under mobile and desktop applications, which may not send a secret", [700025, 9002319]),
        ("Microsoft takes this application for a confidential one: public client flows are not allowed for it, and it sent no secret", [7000218]),
        ("The registration gives out no tokens at the sign-in page, and something asked for one there", [700051, 700054]),
        ("The device code flow is not open to this application", [90136]),

        // §2.3 client authentication
        ("Microsoft does not know this client secret", [7000215, 70002]),
        ("The client secret has expired", [7000222]),
        ("No client secret was sent", [7000216, 7000219]),
        ("Microsoft does not know the certificate that signed the request", [700026, 700027, 700028, 700030, 50012]),
        ("The certificate is not valid today", [1000502]),
        ("The certificate's chain is not accepted, or it was revoked", [7000213, 7000214]),
        ("The federated assertion does not match a federated credential of the registration", [700211, 700212, 700213, 7002137, 7002138, 70021, 7000226, 7000227]),
        ("The clock of this machine and Microsoft's differ too much", [700024, 500133]),

        // §2.4 codes and refresh tokens
        ("The authorisation was given for another client id", [700007, 7000220]),
        ("The authorisation was not used for 90 days and has expired", [700082]),
        ("The authorisation has reached the end of its life", [700081, 70008]),
        ("A password was reset, or sessions were revoked, since somebody authorised", [50173, 50132, 50133]),
        ("Microsoft does not accept the authorisation any more", [70000, 9002313]),
        ("The sign-in page was open for too long", [50089]),
        ("Microsoft wants a person at the browser", [50058, 50199]),
        ("The second factor was refused or came too late", [500121]),
        ("User name or password was wrong", [50126, 50056]),
        ("The code had been used, or was no longer valid", [54005]),
        ("Microsoft counts too many requests and asks for a pause", [50196, 90055, 90024, 90033, 90090, 90091, 90092, 90006, 50033, 50087]),
        ("The code for the other device was mistyped, used already, or not entered in time", [70018, 70019, 90119, 90120]),

        // §2.5 permissions and consent
        ("Nobody has consented to the permission that the app asks for, or the consent was taken back", [65001]),
        ("The person refused the consent", [65004]),
        ("People may not consent by themselves in this directory: an administrator must", [90094, 90095, 90096]),
        ("Whoever pressed Accept may not consent for the directory", [90093]),
        ("The permission is not among the API permissions of the registration, or does not exist", [65005, 650053, 650054, 650056, 650057, 65002, 65007, 650011]),
        ("The registration lacks the permission User.Read of Microsoft Graph, which every sign-in needs", [90008]),
        ("Microsoft does not understand the scope", [70011, 28002, 28003, 1002012]),
        ("The directory does not know the service that the scope names", [500011, 50001]),
        ("The directory has no Exchange Online", [650052, 500014]),
        ("The account belongs to another directory", [90072, 50020, 50177, 50178, 16000, 16003, 51004]),
        ("The application has no role that the service asks for", [501051]),

        // §2.6 user, MFA, Conditional Access
        ("There is no such account in the directory", [50034]),
        ("The account is blocked from signing in; those of shared mailboxes are blocked by default", [50057]),
        ("The account is locked after too many attempts", [50053]),
        ("The account's password has expired", [50055, 50144]),
        ("The account is considered at risk and must change its password", [50135]),
        ("The application wants assigned users, and this account is not assigned", [50105]),
        ("The account must register for multi-factor authentication first", [50072, 50079, 53010, 53004]),
        ("Multi-factor authentication is required now", [50074, 50076, 50078, 50158, 54008]),
        ("A conditional access policy blocks the sign-in", [53003, 530031, 530032, 530033, 530034, 53011]),
        ("A conditional access policy wants another device, or another application", [50097, 50129, 50131, 50155, 50187, 53000, 53001, 53002, 530002, 530003, 530021, 501313, 700003]),
        ("Security defaults block this kind of sign-in", [530035]),
        ("A policy says how often somebody must sign in, and the time is over", [70043, 70044, 70045, 70046]),
        ("A policy between directories forbids this account here", [500212, 500213, 500021, 500022]),
    ];

    private static readonly FrozenDictionary<long, string> ByNumber = Table
        .SelectMany(row => row.Numbers.Select(number => (number, row.What)))
        .ToFrozenDictionary(pair => pair.number, pair => pair.What);

    /// <summary>All of them, for who checks that each can be read in every language.</summary>
    public static IEnumerable<string> All => Table.Select(row => row.What);

    /// <returns>Null: no number of these has a sentence of its own.</returns>
    public static string? Of(IEnumerable<long> numbers) => numbers.Select(number => ByNumber.GetValueOrDefault(number)).FirstOrDefault(what => what is not null);
}
