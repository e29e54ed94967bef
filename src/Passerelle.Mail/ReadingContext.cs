namespace Passerelle.Mail;

/// <summary>What the receipt knows and the mail itself does not say.</summary>
public sealed record ReadingContext
{
    /// <summary>Return path; "" is the null sender, null is not known (a file).</summary>
    public string? EnvelopeFrom { get; init; }

    public string? EnvelopeTo { get; init; }

    /// <summary>Addresses of the app: its email id and its forwarding address.</summary>
    public IReadOnlyCollection<string> OwnAddresses { get; init; } = [];

    /// <summary>Says whether the value of an <c>X-Passerelle-Canary</c> header is one that we made; nothing is by default.</summary>
    public Func<string, bool> IsCanary { get; init; } = static _ => false;

    public ReadingBounds Bounds { get; init; } = new();
}

/// <summary>Past a bound a mail is <see cref="MailKind.Unreadable"/>, with the bound named as evidence.</summary>
public sealed record ReadingBounds
{
    /// <summary>Headers over all parts.</summary>
    public int MaxHeaders { get; init; } = 4_000;

    /// <summary>Bytes of one header with all its lines: some ten thousand recipients.</summary>
    public int MaxHeaderLength { get; init; } = 256 * 1024;

    /// <summary>Bytes of all headers of all parts.</summary>
    public int MaxHeaderBytes { get; init; } = 1024 * 1024;

    /// <summary>Leaves and multiparts together.</summary>
    public int MaxParts { get; init; } = 1_000;

    /// <summary>Multiparts and enclosed messages within each other.</summary>
    public int MaxNesting { get; init; } = 50;

    /// <summary>Decoded bytes of all parts together.</summary>
    public long MaxDecodedBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>Characters of text kept; the rest is cut, which the text then says in its last line.</summary>
    public int MaxTextCharacters { get; init; } = 2_000_000;

    /// <summary>Characters of HTML that are cleaned; longer HTML is only shown as text.</summary>
    public int MaxHtmlCharacters { get; init; } = 2_000_000;
}
