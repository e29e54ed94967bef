namespace Passerelle.Mail.Verdicts;

/// <summary>TXT records, given by whoever may talk to the network.</summary>
public interface IDnsTxt
{
    /// <returns>One string per record, its chunks joined (RFC 7208 §3.3); empty when the name or the type does not exist.</returns>
    /// <exception cref="Exception">Any, when nobody could answer (time-out, SERVFAIL): the verdict is then asked again.</exception>
    Task<IReadOnlyList<string>> TxtAsync(string name, CancellationToken cancel);
}
