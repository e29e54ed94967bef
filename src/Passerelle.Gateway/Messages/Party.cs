using System.Text.Json;

namespace Passerelle.Gateway.Messages;

/// <summary>One mailbox of a header.</summary>
/// <param name="Name">Display name, decoded; empty when absent.</param>
/// <param name="Address">As written, bare.</param>
internal sealed record Party(string Name, string Address);

/// <summary>Who a message is from and to, by its headers; the envelope is the receipt's.</summary>
internal sealed record Parties(
    IReadOnlyList<Party> From, Party? Sender, IReadOnlyList<Party> ReplyTo, IReadOnlyList<Party> To, IReadOnlyList<Party> Cc)
{
    public static Parties None { get; } = new([], null, [], [], []);

    /// <summary>Where an answer goes (RFC 5322 §3.6.2): Reply-To, else From.</summary>
    public IReadOnlyList<Party> AnswerTo => ReplyTo.Count > 0 ? ReplyTo : From;

    public string ToJson() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);

    public static Parties FromJson(string json) =>
        JsonSerializer.Deserialize<Parties>(json, JsonSerializerOptions.Web) ?? None;
}
