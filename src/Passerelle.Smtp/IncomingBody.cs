namespace Passerelle.Smtp;

/// <summary>A body as the conversation sees it: what DATA and BDAT have in common.</summary>
internal abstract class IncomingBody : SmtpBody
{
    /// <summary>The host has seen the end, and no refusal.</summary>
    public bool Finished { get; protected set; }

    public abstract SmtpReply? Refusal { get; }

    /// <summary>What ends the message has come or is coming: the final dot, or the chunk that is LAST.</summary>
    public virtual bool AtLastPiece => true;

    /// <summary>What ended the conversation or the message while the host read; thrown again even if the host swallowed it.
    /// </summary>
    public Exception? Broken { get; protected set; }

    /// <summary>Reads over the rest, so that the reply comes after the end, where the client looks for it.</summary>
    /// <returns>False when the rest is too long to be worth it: answer and close.</returns>
    public abstract ValueTask<bool> DrainAsync();
}
