using System.Collections.Frozen;
using static Passerelle.Gateway.Tokens.Reaction;

namespace Passerelle.Gateway.Tokens;

/// <summary>AADSTS numbers, as facts/microsoft365.md §2 lists them. Texts change; numbers stay.</summary>
internal static class EntraCauses
{
    private static readonly (Cause Cause, long[] Numbers)[] Table =
    [
        // §2.1 directory, endpoint, client id
        (new("directory-id", "E8", Cause.Passerelle, "Copy the Directory (tenant) ID from the app registration's Overview", Configure), [90002]),
        (new("directory-id", "G1", Cause.Passerelle, "Use the directory's own id in the addresses, not common, organizations or consumers", Configure), [90019, 50059, 50128, 9001023, 90027, 500201, 90124, 90130, 50194, 700005, 16000, 16003, 51004]),
        (new("directory-id", "G1", Cause.Passerelle, "Compare host and directory of the addresses with those of your cloud", Configure), [50049, 50050, 90038]),
        (new("client-id", "G1", Cause.Passerelle, "Enter the Application (client) ID, a GUID, as Overview shows it", Configure), [700038, 90112]),
        (new("account-types", "E1", Cause.Entra, "Set Supported account types to accounts in this directory", Configure), [9002331, 9002332, 500200, 500202, 500204, 500207, 500208]),
        (new("client-id", "E8", Cause.Passerelle, "Copy the Application (client) ID from Overview; the Object ID and the Secret ID are other numbers", Configure), [700016, 700011, 70001]),
        (new("enterprise-app", "E9", Cause.Entra, "Enterprise applications › the app › Properties: Enabled for users to sign-in = Yes", Configure), [7000112, 7000116, 7000117]),
        (new("assignment", "E9", Cause.Entra, "Enterprise applications › the app › Users and groups: add the mailbox's user, or Assignment required = No", Configure), [50105]),
        (new("consent", "E6", Cause.Entra, "API permissions › Grant admin consent, so that the directory has the enterprise application", Configure), [7000229, 7000217, 90099, 501051, 650011]),

        // §2.2 redirect URI and platform
        (new("redirect-uri", "E2", Cause.Entra, "Authentication › Web › Redirect URIs: add the call back URL exactly as shown", Configure), [50011, 500113, 700042, 70004, 500111, 500115, 500116, 500117, 50029, 700041]),
        (new("redirect-uri", "G1", Cause.Passerelle, "Set the public URL to an absolute https address", Configure), [90102]),
        (new("platform", "E3", Cause.Entra, "Authentication: register the call back URL under the platform Web, not as single-page or desktop application", Configure), [9002325, 9002326, 9002327, 700084, 700025, 9002319, 700051, 700054, 90136, 7000218]),

        // §2.3 client authentication
        (new("client-secret", "E4", Cause.Entra, "Certificates & secrets › New client secret; copy its Value, not its Secret ID, into the app", Configure), [7000215, 7000222, 70002]),
        (new("client-secret", "G1", Cause.Passerelle, "Enter the client secret", Configure), [7000216, 7000219]),
        (new("certificate", "E4b", Cause.Entra, "Certificates & secrets › Certificates: upload the public part of the certificate in use", Configure), [50012, 700026, 700027, 700028, 700030]),
        (new("certificate", "E4b", Cause.Entra, "Make a new certificate in the app's settings, upload its public part under Certificates & secrets › Certificates, then use it", Configure), [1000502, 7000213, 7000214]),
        (new("certificate", "E4b", Cause.Entra, "Certificates & secrets › Federated credentials: compare issuer, subject and audience with those of the assertion, letter by letter", Configure), [700211, 700212, 700213, 7002137, 7002138, 70021, 7000226, 7000227]),
        (new("clock", "G4", Cause.Passerelle, "Set this machine's clock by NTP", Configure), [700024, 500133]),
        (new("sign-in", "G3", Cause.Mailbox, "Authorise again: the grant belongs to another client id", SignIn), [700007]),
        (new("client-id", "G1", Cause.Passerelle, "Put back the client id under which somebody authorised, or authorise again", SignIn), [7000220]),

        // §2.4 codes and refresh tokens
        (new("sign-in", "G3", Cause.Mailbox, "Authorise again as the mailbox", SignIn), [70000, 70008, 700081, 700082, 50173, 50132, 50133, 50089, 50058, 50199, 9002313, 500121, 50126, 50056]),
        (new("sign-in", "G3", Cause.Mailbox, "Ask for a new code and enter it within its time", SignIn), [70018, 70019, 90119, 90120]),
        (new("token-request", "G4", Cause.Passerelle, "Press Authorise again; if it stays, report it with the words above", Configure), [54005, 900144, 90014, 70003, 500112, 700044, 700045, 900971, 700009, 50147, 501491, 501471, 50149, 501481, 50148, 501482, 90015, 90023, 90100, 901002, 900561, 90056, 90116, 7000110, 9002324, 700021, 700022, 700023, 50048, 50013, 50027, 700053, 700052, 70005, 70007, 90009, 1002016]),
        (new("provider", "G4", Cause.Passerelle, "Wait: Microsoft asks for a pause", Retry), [50196, 90055, 90024, 90033, 90090, 90091, 90092, 90006, 50033, 50087]),

        // §2.5 permissions and consent
        (new("consent", "E6", Cause.Entra, "API permissions › Grant admin consent for SMTP.Send", SignIn), [65001]),
        (new("consent", "G3", Cause.Mailbox, "Authorise again and accept the permissions", SignIn), [65004]),
        (new("consent", "E7", Cause.Entra, "Grant admin consent, or allow users to consent under Consent and permissions", SignIn), [90094, 90095, 90096]),
        (new("consent", "E6", Cause.Entra, "Let a Privileged Role Administrator or Global Administrator grant the consent", Configure), [90093]),
        (new("permission", "E5", Cause.Entra, "API permissions › Add a permission › Microsoft Graph › User.Read (delegated), then Grant admin consent", Configure), [90008]),
        (new("permission", "E5", Cause.Entra, "API permissions › Add a permission › SMTP.Send, then Grant admin consent", Configure), [65005, 650053, 650054, 650056, 650057, 65002, 65007]),
        (new("scope", "G1", Cause.Passerelle, "Set the scope to openid profile offline_access https://outlook.office.com/SMTP.Send", Configure), [70011, 28002, 28003, 1002012, 500011, 50001]),
        (new("mailbox", "X1", Cause.Exchange, "Give the mailbox an Exchange Online licence", Configure), [650052, 500014]),
        (new("sign-in", "G3", Cause.Mailbox, "Sign in as the mailbox, with its account of this directory", SignIn), [90072, 50020, 50177, 50178]),

        // §2.6 user, MFA, Conditional Access
        (new("mailbox", "X1", Cause.Entra, "Active users: the account must exist, be enabled and be able to sign in", Configure), [50034, 50053, 50055, 50144, 50057, 50135]),
        (new("conditional-access", "E10", Cause.Entra, "Register or repeat multi-factor authentication, then authorise again; or exclude the app from the policy", SignIn), [50072, 50079, 50074, 50076, 50078, 50158, 53004, 53010, 53011, 54008]),
        (new("conditional-access", "E10", Cause.Entra, "Protection › Conditional Access: exclude the mailbox or the app from the policy that blocks it", Configure), [53003, 530031, 530032, 530033, 530034, 530035, 50097, 50129, 50131, 50155, 50187, 53000, 53001, 53002, 530002, 530003, 530021, 501313, 700003, 500212, 500213, 500021, 500022]),
        (new("conditional-access", "E10", Cause.Entra, "Sign-in frequency: exclude the app or the mailbox from the policy, then authorise again", SignIn), [70043, 70044, 70045, 70046]),
    ];

    private static readonly FrozenDictionary<long, Cause> ByNumber = Table
        .SelectMany(row => row.Numbers.Select(number => (number, row.Cause)))
        .ToFrozenDictionary(pair => pair.number, pair => pair.Cause);

    public static Cause? Of(IEnumerable<long> numbers) => numbers
        .Select(number => ByNumber.GetValueOrDefault(number))
        .FirstOrDefault(cause => cause is not null);
}
