using Passerelle.Smtp;

namespace Passerelle.Lab.Exchange;

internal static class BodyBytes
{
    private const int BlockBytes = 64 * 1024;

    /// <summary>The whole message; its bound is the listener's <see cref="SmtpLimits.MaxBytes"/>.</summary>
    public static async Task<byte[]> ReadAllAsync(this SmtpBody body, CancellationToken cancel)
    {
        using var whole = new MemoryStream();
        var block = new byte[BlockBytes];
        int read;
        while ((read = await body.ReadAsync(block, cancel)) > 0) whole.Write(block, 0, read);
        return whole.ToArray();
    }
}
