using System.Net;

namespace Passerelle.Gateway.Outbound;

/// <summary>May we connect to what a person named?</summary>
internal abstract record OutboundJudgement
{
    private OutboundJudgement() { }

    /// <param name="Addresses">Connect to these and resolve nothing again: another answer was not judged.</param>
    public sealed record Open(IReadOnlyList<IPAddress> Addresses) : OutboundJudgement;

    /// <param name="Sentence">Why, and what the operator lists to open it.</param>
    public sealed record Closed(string Sentence) : OutboundJudgement;
}

/// <summary>The connection was not tried because the policy closes it.</summary>
internal sealed class OutboundRefused(string sentence) : IOException(sentence)
{
    /// <returns>The refusal inside what a library threw; null when something else failed.</returns>
    public static OutboundRefused? In(Exception? failure) => failure switch
    {
        null => null,
        OutboundRefused refused => refused,
        _ => In(failure.InnerException),
    };
}
