namespace Passerelle.Gateway.Sending.Orders;

/// <summary>Bytes from outside, counted while they are read.</summary>
internal static class BoundedContent
{
    /// <returns>Null when there are more than <paramref name="most"/>; the rest is not read then.</returns>
    public static async Task<byte[]?> ReadAsync(Stream content, long most, CancellationToken cancel)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (await content.ReadAsync(buffer, cancel) is var read and > 0)
        {
            if (bytes.Length + read > most) return null;
            bytes.Write(buffer, 0, read);
        }
        return bytes.ToArray();
    }
}
