namespace Passerelle.Smtp;

/// <summary>The content of one message while it arrives: dots unstuffed, the final dot not included, every line ending
/// in CRLF (the last one may have none when it came by BDAT, and a body of BINARYMIME has no lines), never more than <see cref="SmtpLimits.MaxBytes"/>.</summary>
public abstract class SmtpBody
{
    private protected SmtpBody()
    {
    }

    /// <summary>Octets handed out so far.</summary>
    public abstract long BytesRead { get; }

    /// <summary>Copies what has arrived, waiting for at least one octet. A wait ends by the listener's own time-outs and by
    /// the end of the connection; <paramref name="cancel"/> is looked at before each.</summary>
    /// <returns>Octets written to <paramref name="destination"/>; 0 once, and only when the whole message was read and
    /// nothing speaks against it.</returns>
    /// <exception cref="SmtpRefusedException">Too big, a bare CR or LF, a line or header beyond bounds.</exception>
    /// <exception cref="IOException">The client is gone, too slow, or has given the message up.</exception>
    public abstract ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancel);
}
