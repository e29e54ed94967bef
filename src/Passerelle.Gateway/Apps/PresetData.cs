using System.Reflection;
using System.Text.Json;

namespace Passerelle.Gateway.Apps;

/// <summary>What is known of one provider: an entry of the embedded file <c>presets.json</c>. Null: typed by the admin.</summary>
internal sealed record PresetData
{
    public required string Id { get; init; }

    /// <summary>microsoft, google or generic: which rules of the form hold.</summary>
    public required string Family { get; init; }

    /// <summary><see cref="AppForm.OAuth2"/> or <see cref="AppForm.PasswordSignIn"/>.</summary>
    public required string Authentication { get; init; }

    /// <summary>Without the directory; only a family with directories has one.</summary>
    public string? Authority { get; init; }
    public string? AuthorizationUrl { get; init; }
    public string? TokenUrl { get; init; }
    public string? SmtpHost { get; init; }
    public int? SmtpPort { get; init; }
    public string? SmtpSecurity { get; init; }
    public string? Scope { get; init; }

    /// <summary>Where the mailbox itself can be read (TLS from the start); null: nobody knows.</summary>
    public string? ImapHost { get; init; }
    public int? ImapPort { get; init; }

    /// <summary>What reading by IMAP asks for; never part of <see cref="Scope"/>.</summary>
    public string? ReadScope { get; init; }

    /// <summary>What an application asks for that sends without anybody signing in; null where the provider has no such way.</summary>
    public string? AppScope { get; init; }

    /// <summary>One of these is what the server asks for before it lets an app send.</summary>
    public IReadOnlyList<string> SendScopes { get; init; } = [];

    /// <summary>Added to the authorize request.</summary>
    public IReadOnlyDictionary<string, string> AuthorizeParameters { get; init; } = new Dictionary<string, string>();

    /// <summary>Where the link of a forwarding confirmation may lead, and nowhere else.</summary>
    public IReadOnlyList<string> ConfirmationHosts { get; init; } = [];

    /// <summary>What the provider lets one mailbox send; null: nobody knows.</summary>
    public PresetLimits? Limits { get; init; }

    /// <summary>Where the values come from, and whether anybody has tried them.</summary>
    public required string Source { get; init; }
}

/// <summary>Of one mailbox, where nothing else is said (facts/microsoft365.md §5.8). Null: nobody knows.</summary>
/// <param name="RecipientsPerDay">Within any 24 hours.</param>
/// <param name="RecipientsPerMail">As long as the mailbox's administrator says nothing.</param>
internal sealed record PresetLimits(int? Connections, int? MessagesPerMinute, int? RecipientsPerDay, int? RecipientsPerMail);

/// <summary>All providers, in the order in which the form offers them.</summary>
internal static class Presets
{
    public static IReadOnlyList<PresetData> All { get; } = Read();

    /// <returns>Null when there is none of that name.</returns>
    public static PresetData? Find(string id) => All.FirstOrDefault(preset => preset.Id == id);

    private static List<PresetData> Read()
    {
        using var json = Assembly.GetExecutingAssembly().GetManifestResourceStream("Passerelle.Gateway.Apps.presets.json")!; // embedded by the build
        return JsonSerializer.Deserialize<List<PresetData>>(json, JsonSerializerOptions.Web)!; // a test reads it
    }
}
