using System.Globalization;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Apps.Credentials;

namespace Passerelle.Gateway.Events.Alarms;

/// <summary>Pure: what ends within 60 days, with the step of the countdown that it has reached.</summary>
internal static class EndingCredentials
{
    /// <summary>Days before the end at which somebody is told; 0: it has ended.</summary>
    public static IReadOnlyList<int> Steps { get; } = [60, 30, 14, 7, 1, 0];

    public static IReadOnlyList<AlarmCondition> Of(IEnumerable<Credential> credentials, DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        return [.. credentials.Select(credential => Of(credential, today)).OfType<AlarmCondition>()];
    }

    private static AlarmCondition? Of(Credential credential, DateOnly today) =>
        !credential.IsSpare && credential.EndsOn is { } end && end.DayNumber - today.DayNumber is var left && left <= Steps[0]
            ? new(credential.OrganisationId, credential.AppId, Alarm.Credential, credential.Kind, Level(left), Finding(credential, end, left))
            : null;

    private static int Level(int left) => Steps.Last(step => left <= step || step == Steps[0]);

    private static Finding Finding(Credential credential, DateOnly end, int left) => new(
        credential.Kind, Step(credential.Kind), Apps.Finding.Wrong, Apps.Finding.Seen,
        string.Create(CultureInfo.InvariantCulture, $"{Name(credential.Kind)} {(left <= 0 ? "ended" : "ends")} on {end:yyyy-MM-dd}"),
        credential.Kind == Credential.Grant ? "mailbox owner" : "Entra administrator",
        credential.Kind switch
        {
            Credential.Grant => RenewGrant,
            Credential.Certificate => RenewCertificate,
            _ => RenewSecret,
        });

    /// <summary>Of the set-up (facts/microsoft365.md §0).</summary>
    private static string Step(string kind) => kind switch
    {
        Credential.Grant => "G3",
        Credential.Certificate => "E4b",
        _ => "E4",
    };

    private static string Name(string kind) => kind switch
    {
        Credential.ClientSecret => "The client secret",
        Credential.Certificate => "The certificate",
        Credential.Grant => "The authorisation, which nobody could renew for weeks,",
        _ => "The credential",
    };

    internal const string RenewSecret = "Certificates & secrets: make a new one, then add it on the app's page Credentials, where it is proved before it takes over";
    internal const string RenewCertificate = "Make another certificate on the app's page, upload its public half under Certificates & secrets › Certificates, then use it";
    internal const string RenewGrant = "Authorise again as the mailbox";
}
