using Passerelle.Gateway.Apps;

namespace Passerelle.Gateway.Events.Alarms;

/// <summary>Every rule of the form with alarm targets.</summary>
internal static class AlarmRules
{
    private const int MostAddresses = 10;

    public static IReadOnlyList<FieldProblem> Judge(AlarmTargets targets, IReadOnlyList<EmailApp> apps) =>
        [.. Addresses(targets.Addresses, apps), .. AppFormRules.Url(nameof(AlarmTargets.WebhookUrl), targets.WebhookUrl, optional: true)];

    private static IEnumerable<FieldProblem> Addresses(IReadOnlyList<string> addresses, IReadOnlyList<EmailApp> apps)
    {
        const string Field = nameof(AlarmTargets.Addresses);
        var ours = apps.SelectMany(app => new[] { app.EmailId, app.ForwardingAddress }).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (addresses.Count > MostAddresses) yield return new(Field, "alarm-addresses-many", "10");
        else if (addresses.FirstOrDefault(address => !AppFormRules.IsAddress(address)) is { } wrong) yield return new(Field, "email-id-invalid", wrong.Length > 80 ? wrong[..80] : wrong);
        else if (addresses.FirstOrDefault(ours.Contains) is { } own) yield return new(Field, "alarm-address-own", own);
    }
}
