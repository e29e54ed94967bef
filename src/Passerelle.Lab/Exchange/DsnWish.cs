using System.Collections.Immutable;
using Passerelle.Smtp;

namespace Passerelle.Lab.Exchange;

/// <summary>What a sender wants to hear of one recipient (RFC 3461 §4).</summary>
/// <param name="Notify">Null: failures and delays.</param>
/// <param name="Original">ORCPT: type and address.</param>
internal sealed record DsnWish(DsnNotify? Notify = null, string? Original = null, string? EnvelopeId = null, bool HeadersOnly = false)
{
    public static readonly DsnWish None = new();

    /// <summary>By recipient, as the envelope names them.</summary>
    public static ImmutableDictionary<string, DsnWish> Of(SmtpEnvelope envelope) => envelope.Recipients
        .GroupBy(recipient => recipient.Address, StringComparer.OrdinalIgnoreCase)
        .ToImmutableDictionary(same => same.Key, same => Of(envelope.From, same.First()), StringComparer.OrdinalIgnoreCase);

    /// <summary>"A NOTIFY parameter of NEVER requests that a DSN not be returned under any conditions" (§4.1).</summary>
    public bool Wants(ReportKind kind)
    {
        var notify = Notify ?? DsnNotify.Failure | DsnNotify.Delay;
        return notify.HasFlag(kind switch
        {
            ReportKind.Failed => DsnNotify.Failure,
            ReportKind.Delayed => DsnNotify.Delay,
            _ => DsnNotify.Success,
        });
    }

    private static DsnWish Of(MailFrom from, RcptTo recipient) =>
        new(recipient.Notify, recipient.Original?.ToString(), from.EnvelopeId, from.Return is DsnReturn.Headers);
}
