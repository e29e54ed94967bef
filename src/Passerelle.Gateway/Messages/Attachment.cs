namespace Passerelle.Gateway.Messages;

/// <summary>One attached part, described; its bytes stay in the raw mail.</summary>
internal sealed record Attachment
{
    /// <summary>Of the part within the mail, from 0, in the order Passerelle.Mail lists them.</summary>
    public required long Number { get; init; }
    public required string Name { get; init; }
    public required string Type { get; init; }

    /// <summary>Decoded bytes.</summary>
    public required long Size { get; init; }

    /// <summary>Lower-case hexadecimal, of the decoded bytes.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Without angle brackets; empty when absent.</summary>
    public required string ContentId { get; init; }
}
