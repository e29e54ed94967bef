using Passerelle.Smtp;

namespace Passerelle.Lab.Exchange;

internal static class BodyBytes
{
    private const int BlockBytes = 64 * 1024;

    /// <returns>The whole message; null when it has more bytes than <paramref name="largest"/>: the rest is not read.</returns>
    public static async Task<byte[]?> ReadAllAsync(this SmtpBody body, int largest, CancellationToken cancel)
    {
        using var whole = new MemoryStream();
        var block = new byte[BlockBytes];
        int read;
        while ((read = await body.ReadAsync(block, cancel)) > 0)
        {
            if (whole.Length + read > largest) return null;
            whole.Write(block, 0, read);
        }

        return whole.ToArray();
    }
}
