using MimeKit;
using MimeKit.Cryptography;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Exchange;

/// <summary>Signs mail that leaves the lab: DKIM for the domain that sends, and an ARC set for what is forwarded.</summary>
internal sealed class MailSigning(MailKey key, TimeProvider time)
{
    private static readonly string[] DkimHeaders =
        ["From", "Date", "Subject", "Message-ID", "To", "MIME-Version", "In-Reply-To", "References"];

    private static readonly string[] ArcHeaders =
        ["From", "Date", "Subject", "Message-ID", "To", "MIME-Version", "Resent-From"];

    /// <param name="selector">Null is that of a domain's own key.</param>
    public void SignDkim(MimeMessage mail, string domain, string? selector = null)
    {
        var signer = new Signer(key, domain, selector ?? MailKey.DkimSelector, time)
        {
            HeaderCanonicalizationAlgorithm = DkimCanonicalizationAlgorithm.Relaxed,
            BodyCanonicalizationAlgorithm = DkimCanonicalizationAlgorithm.Relaxed,
        };
        signer.Sign(FormatOptions.Default, mail, Present(mail, DkimHeaders));
    }

    /// <summary>For an organisation: by its own domain, or by its initial one while DKIM of its own is switched off.</summary>
    public void SignDkim(MimeMessage mail, LabDirectory directory, string domain, DateTimeOffset now)
    {
        if (!directory.MailFlowAt(now).SignWithInitialDomain) SignDkim(mail, domain);
        else SignDkim(mail, InitialDomain.Of(directory), InitialDomain.SelectorOf(InitialDomain.Of(directory)));
    }

    /// <summary>Adds the next ARC set (RFC 8617 §5.1); cv follows from <see cref="Arrival.Arc"/>.</summary>
    public void SealArc(MimeMessage mail, Arrival arrival, string recipientDomain)
    {
        var sealer = new Sealer(key, arrival.ArcAuthenticationResults(recipientDomain), time)
        {
            HeaderCanonicalizationAlgorithm = DkimCanonicalizationAlgorithm.Relaxed,
            BodyCanonicalizationAlgorithm = DkimCanonicalizationAlgorithm.Relaxed,
        };
        sealer.Sign(FormatOptions.Default, mail, Present(mail, ArcHeaders));
    }

    /// <summary>MimeKit refuses to sign a field that is absent only for From; naming absent ones would bind them too.</summary>
    private static string[] Present(MimeMessage mail, string[] names) => [.. names.Where(name => mail.Headers.Contains(name))];

    private sealed class Signer(MailKey key, string domain, string selector, TimeProvider time)
        : DkimSigner(key.Private, domain, selector)
    {
        protected override long GetTimestamp() => time.GetUtcNow().ToUnixTimeSeconds();
    }

    private sealed class Sealer(MailKey key, string results, TimeProvider time)
        : ArcSigner(key.Private, MailKey.ArcDomain, MailKey.ArcSelector)
    {
        protected override AuthenticationResults GenerateArcAuthenticationResults(
            FormatOptions options, MimeMessage message, CancellationToken cancellationToken) =>
            AuthenticationResults.Parse(System.Text.Encoding.UTF8.GetBytes(results));

        protected override Task<AuthenticationResults> GenerateArcAuthenticationResultsAsync(
            FormatOptions options, MimeMessage message, CancellationToken cancellationToken) =>
            Task.FromResult(GenerateArcAuthenticationResults(options, message, cancellationToken));

        protected override long GetTimestamp() => time.GetUtcNow().ToUnixTimeSeconds();
    }
}
