using System.Reflection;

namespace Passerelle.Gateway.Apps;

/// <summary>One field before and after. Of a secret only that it changed is ever said.</summary>
/// <param name="Field">Name of the property.</param>
/// <param name="Reauthorises">True when the change makes the present grant useless.</param>
internal sealed record FieldChange(string Field, string Before, string After, bool Reauthorises = false);

/// <summary>Compares what two people, two files or two moments say about an app. A new field of <see cref="AppForm"/> is in it by existing.</summary>
internal static class AppChanges
{
    /// <summary>Stands for a secret that is there.</summary>
    public const string Hidden = "••••••";

    /// <summary>In a form: empty keeps what is stored.</summary>
    private static readonly HashSet<string> Secrets = [nameof(AppForm.ClientSecret), nameof(AppForm.Password)];

    private static readonly PropertyInfo[] Fields =
        [.. typeof(AppForm).GetProperties().Where(field => field.CanWrite && field.Name is not nameof(AppForm.WarningsRead))];

    public static IEnumerable<string> Names => Fields.Select(one => one.Name);

    public static bool IsSecret(string field) => Secrets.Contains(field);

    public static IReadOnlyList<FieldChange> Between(AppForm before, AppForm after) =>
    [
        .. from field in Fields
           let old = Text(field, before)
           let now = Text(field, after)
           where !old.Equals(now, StringComparison.Ordinal) && !(IsSecret(field.Name) && now.Length == 0)
           select IsSecret(field.Name) ? new FieldChange(field.Name, "", Hidden) : new FieldChange(field.Name, old, now),
    ];

    /// <summary>What happened to the app between two moments: settings, secrets by name only, state, flow, forwarding address.
    /// A draft's first saving says all of it, for keeping a draft is no event.</summary>
    public static IReadOnlyList<FieldChange> Between(EmailApp before, EmailApp after) =>
    [
        .. Between(before.State is AppState.Draft && after.State is not AppState.Draft ? new AppForm() : AppForm.Of(before), AppForm.Of(after)),
        .. Secret(nameof(EmailApp.ClientSecret), before.ClientSecret, after.ClientSecret),
        .. Secret(nameof(EmailApp.Password), before.Password, after.Password),
        .. Other(nameof(EmailApp.State), before.State.ToString().ToLowerInvariant(), after.State.ToString().ToLowerInvariant()),
        .. Other(nameof(EmailApp.StateReason), before.StateReason, after.StateReason),
        .. Other(nameof(EmailApp.FlowId), before.FlowId?.ToString() ?? "", after.FlowId?.ToString() ?? ""),
        .. Other(nameof(EmailApp.ForwardingAddress), before.ForwardingAddress, after.ForwardingAddress),
        .. Other(nameof(EmailApp.KeepRawDays), $"{before.KeepRawDays}", $"{after.KeepRawDays}"),
        .. Other(nameof(EmailApp.KeepTextDays), $"{before.KeepTextDays}", $"{after.KeepTextDays}"),
        .. Other(nameof(EmailApp.KeepMessageDays), $"{before.KeepMessageDays}", $"{after.KeepMessageDays}"),
    ];

    /// <returns><paramref name="form"/> with one field of <paramref name="from"/>.</returns>
    public static AppForm Take(AppForm form, AppForm from, string name)
    {
        var taken = form with { };
        var field = Fields.First(field => field.Name == name);
        field.SetValue(taken, field.GetValue(from));
        return taken;
    }

    /// <summary>What one person typed, put on top of what another saved meanwhile: only the fields that were touched go over theirs.</summary>
    /// <param name="opened">What both began with.</param>
    public static AppForm Rebase(AppForm opened, AppForm mine, AppForm theirs) =>
        Between(opened, mine).Aggregate(theirs, (form, change) => Take(form, mine, change.Field));

    /// <returns>The field as text: true and false for a tick.</returns>
    public static string Text(AppForm form, string name) => Text(Fields.First(field => field.Name == name), form);

    /// <returns>False when there is no such field, or the text does not fit it.</returns>
    public static bool TrySet(AppForm form, string name, string text, out AppForm set)
    {
        set = form with { };
        if (Array.Find(Fields, field => field.Name == name) is not { } field) return false;
        if (field.PropertyType == typeof(string)) field.SetValue(set, text);
        else if (field.PropertyType == typeof(bool) && bool.TryParse(text, out var tick)) field.SetValue(set, tick);
        else return false;
        return true;
    }

    private static string Text(PropertyInfo field, AppForm form) => field.GetValue(form) switch
    {
        string text => text,
        true => "true",
        false => "false",
        var other => $"{other}",
    };

    private static IEnumerable<FieldChange> Secret(string name, string? before, string? after) =>
        before == after ? [] : [new FieldChange(name, before is null ? "" : Hidden, after is null ? "" : Hidden)];

    private static IEnumerable<FieldChange> Other(string name, string before, string after) =>
        before == after ? [] : [new FieldChange(name, before, after)];
}
