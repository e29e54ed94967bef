using System.Text.RegularExpressions;
using Passerelle.Gateway.Apps;

namespace Passerelle.Gateway.Portal;

/// <summary>A field of an app or a flow as its page calls it.</summary>
internal static partial class FieldNames
{
    public static string In(Texts words, string field) => field switch
    {
        nameof(AppForm.Password) => words["form.smtp-password"],
        nameof(EmailApp.State) => words["message.state"],
        nameof(EmailApp.StateReason) => words["field.reason"],
        nameof(EmailApp.FlowId) => words["app.flow"],
        _ => words.Or($"form.{Kebab(field)}", words.Or($"field.{Kebab(field)}", field)),
    };

    public static string Kebab(string name) => Capital().Replace(name, "-$0").ToLowerInvariant();

    [GeneratedRegex("(?<=.)[A-Z]")]
    private static partial Regex Capital();
}
