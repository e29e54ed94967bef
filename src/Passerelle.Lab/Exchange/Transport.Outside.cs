using Passerelle.Lab.State;

namespace Passerelle.Lab.Exchange;

/// <summary>The part that hands a mail to the relay queue: its recipients outside the lab, those of one domain together.</summary>
internal sealed partial class Transport
{
    /// <summary>After the rules.</summary>
    private async Task DeliverAllAsync(MailBatch batch, Transit mail, IReadOnlyList<string> recipients, CancellationToken cancel)
    {
        var leaving = recipients.ToLookup(recipient => LeavesTheLab(mail, recipient));
        foreach (var recipient in leaving[false]) await DeliverAsync(batch, mail, recipient, cancel);
        foreach (var domain in leaving[true].GroupBy(MailAddress.DomainOf)) await OutOfTheLabAsync(batch, mail, [.. domain], cancel);
    }

    private bool LeavesTheLab(Transit mail, string recipient) =>
        Hops(mail.Raw) <= MostHops && WriterBehind(recipient, mail.Lab) is null
        && labs.Domain(MailAddress.DomainOf(recipient)) switch
        {
            DomainPlace.Verified verified => verified.Lab != mail.Lab,
            DomainPlace.Outside outside => outside.Lab != mail.Lab,
            _ => true,
        };

    /// <param name="recipients">Of one domain.</param>
    private async Task OutOfTheLabAsync(MailBatch batch, Transit mail, IReadOnlyList<string> recipients, CancellationToken cancel)
    {
        var exchange = exchanges.Of(mail.Lab);
        if (exchange.Settings.RouteOf(MailAddress.DomainOf(recipients[0])) is null)
        {
            foreach (var recipient in recipients)
                await ReportAsync(batch, mail, new Failure(recipient, ExchangeReplies.NoSuchDomain, null), cancel);
            return;
        }

        await exchange.Relay.PrepareAsync(batch, mail, recipients, cancel);
    }
}
