using System.Text.RegularExpressions;

namespace Passerelle.Mail.Bounces.Dialects;

/// <summary>How one mail server writes that a mail failed, when it does not write RFC 3464.</summary>
internal sealed record Dialect
{
    /// <summary>For the evidence: "qmail".</summary>
    public required string Name { get; init; }

    /// <summary>One of these stands in the text: lower case, "*" for anything between. The recipients follow it.</summary>
    public required string[] Says { get; init; }

    /// <summary>Likewise in From, Subject and the headers that name a program, one "name: value" a line; empty when the text is telling enough.</summary>
    public string[] Wears { get; init; } = [];

    /// <summary>Asked in order; the first that finds an address is the one.</summary>
    public required Regex[] Recipients { get; init; }

    /// <summary>Recipients may stand before the telling words as well.</summary>
    public bool Anywhere { get; init; }

    /// <summary>A transcript tells what happened before it names the recipient.</summary>
    public bool WordsBefore { get; init; }

    /// <summary>What its failures are about where the words do not tell: RCPT for a server that looks up its own directory.</summary>
    public string Command { get; init; } = "";

    /// <summary>What every failure of this dialect means, where its words would not tell.</summary>
    public string? Reason { get; init; }
}
