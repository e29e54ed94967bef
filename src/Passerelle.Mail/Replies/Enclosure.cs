namespace Passerelle.Mail.Replies;

/// <summary>A file that goes with a letter.</summary>
/// <param name="Name">As the reader shall see it; a path before it is left out.</param>
/// <param name="Type">"application/pdf"; what is no type becomes application/octet-stream.</param>
public sealed record Enclosure(string Name, string Type, ReadOnlyMemory<byte> Content)
{
    /// <summary>What the HTML calls it after <c>cid:</c>, without brackets; null for a file that is listed below the text.</summary>
    public string? ContentId { get; init; }
}

/// <summary>How to leave a list (RFC 2369 §3.2); with <paramref name="OneClick"/> a mail program does it by one POST to the page (RFC 8058).</summary>
/// <param name="Page">https; null when there is only an address.</param>
/// <param name="Address">Bare; null when there is only a page.</param>
public sealed record Unsubscription(Uri? Page, string? Address, bool OneClick);
