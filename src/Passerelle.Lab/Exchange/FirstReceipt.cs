using MimeKit;
using MimeKit.Cryptography;
using Org.BouncyCastle.Crypto;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Exchange;

/// <summary>Judges a mail when the lab first sees it. Everything in a lab comes from 127.0.0.1, so SPF is judged on the
/// lab's facts: a customer who submits through the lab sends from <see cref="OutsideAddress"/>, the address that his
/// domain's SPF record lists; whoever speaks to the MX sends from the address he really has, which no lab domain lists.
/// DKIM is verified for real.</summary>
internal sealed class FirstReceipt(Labs labs, MailKey key)
{
    /// <summary>Where outside domains send from (RFC 5737 TEST-NET-3); their SPF records in the lab's DNS say the same.</summary>
    public const string OutsideAddress = "203.0.113.25";

    /// <summary>Mail that a member of the lab submitted with his own address.</summary>
    public static Arrival Submitted(Submitter submitter) => new(
        submitter.Directory is null ? OutsideAddress : "127.0.0.1", $"mail.{submitter.Domain}",
        "pass", submitter.Domain, "pass", submitter.Domain, "pass", submitter.Domain);

    /// <summary>Mail that the lab itself writes.</summary>
    public static Arrival Own(string domain) => new("127.0.0.1", domain, "none", domain, "none", null, "pass", domain);

    /// <param name="reversePath">Empty for the null sender: SPF then judges the HELO name (RFC 7208 §2.4).</param>
    public async Task<Arrival> JudgeAsync(string clientIp, string helo, string reversePath, byte[] raw, CancellationToken cancel)
    {
        var mailFrom = reversePath.Length == 0 ? helo : MailAddress.DomainOf(reversePath);
        using var mail = await MimeMessage.LoadAsync(new MemoryStream(raw, writable: false), cancel);
        var from = MailAddress.DomainOf(mail.From.Mailboxes.FirstOrDefault()?.Address ?? "");
        var (dkim, signedBy) = await DkimAsync(mail, from, cancel);
        var aligned = dkim == "pass" && signedBy == from;
        var dmarc = labs.Domain(from) is not { } owner ? "none"
            : Unreadable(owner.Lab, $"_dmarc.{from}") ?? (aligned ? "pass" : "fail");
        var spf = labs.Domain(mailFrom) is not { } sender ? "none" : Unreadable(sender.Lab, mailFrom) ?? "fail";
        return new Arrival(clientIp, helo, spf, mailFrom, dkim, signedBy, dmarc, from)
        {
            Arc = await ArcAsync(mail, cancel),
        };
    }

    /// <summary>The verdict when the record cannot be read: none where there is no such name, else temperror (RFC 7208 §2.6,
    /// RFC 8601 §2.7). Null when it can.</summary>
    private static string? Unreadable(Twin lab, string name) => lab.State.DnsFailureOf(name) switch
    {
        null => null,
        DnsFailure.NxDomain => "none",
        _ => "temperror",
    };

    /// <summary>The signature that counts: one that verifies and aligns, else one that verifies, else the first.</summary>
    private async Task<(string Result, string? Domain)> DkimAsync(MimeMessage mail, string from, CancellationToken cancel)
    {
        var results = new List<(string Result, string Domain)>();
        var verifier = new DkimVerifier(new Locator(labs, key));
        foreach (var header in mail.Headers.Where(header => header.Id == HeaderId.DkimSignature).Take(10))
        {
            if (DomainOf(header) is not { } domain) continue;
            results.Add((await VerifiesAsync(verifier, mail, header, cancel) ? "pass" : "fail", domain));
        }

        if (results.Count == 0) return ("none", null);
        return results.OrderByDescending(r => r.Result == "pass").ThenByDescending(r => r.Domain == from).First();
    }

    private async Task<string> ArcAsync(MimeMessage mail, CancellationToken cancel)
    {
        if (!mail.Headers.Contains(HeaderId.ArcSeal)) return "none";
        try
        {
            var result = await new ArcVerifier(new Locator(labs, key)).VerifyAsync(mail, cancel);
            return result.Chain == ArcSignatureValidationResult.Pass ? "pass" : "fail";
        }
        catch (FormatException)
        {
            return "fail";
        }
    }

    private static async Task<bool> VerifiesAsync(DkimVerifier verifier, MimeMessage mail, Header header, CancellationToken cancel)
    {
        try
        {
            return await verifier.VerifyAsync(mail, header, cancel);
        }
        catch (FormatException)
        {
            return false; // a signature that cannot be parsed verifies nothing
        }
    }

    private static string? DomainOf(Header header) => header.Value.Split(';')
        .Select(tag => tag.Split('=', 2)).Where(tag => tag.Length == 2 && tag[0].Trim() == "d")
        .Select(tag => tag[1].Trim().ToLowerInvariant()).FirstOrDefault();

    /// <summary>The lab knows the keys of its own world; any other signature is left unverified.</summary>
    private sealed class Locator(Labs labs, MailKey key) : DkimPublicKeyLocatorBase
    {
        private readonly AsymmetricKeyParameter _public = key.Public;

        public override AsymmetricKeyParameter LocatePublicKey(
            string methods, string domain, string selector, CancellationToken cancellationToken = default) =>
            Knows(domain, selector) && labs.All.All(lab => lab.State.DnsFailureOf($"{selector}._domainkey.{domain}") is null) ? _public : throw new FormatException("No key for this selector in the lab");

        public override Task<AsymmetricKeyParameter> LocatePublicKeyAsync(
            string methods, string domain, string selector, CancellationToken cancellationToken = default) =>
            Task.FromResult(LocatePublicKey(methods, domain, selector, cancellationToken));

        private bool Knows(string domain, string selector) =>
            (domain == MailKey.ArcDomain && selector == MailKey.ArcSelector)
            || (selector == MailKey.DkimSelector && labs.Domain(domain) is not null)
            || (InitialDomain.Owner(labs, domain) is not null && selector == InitialDomain.SelectorOf(domain));
    }
}
