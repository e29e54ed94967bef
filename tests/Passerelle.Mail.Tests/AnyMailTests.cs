using System.Text;
using CsCheck;
using Passerelle.Dev.Soak.Read;
using Passerelle.Mail.Tests.Verdicts;
using Passerelle.Mail.Verdicts;

namespace Passerelle.Mail.Tests;

public class AnyMailTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>A person forwards a bounce to himself: to us that is a person.</summary>
    private const string ForwardedByHand = "lhost-sendmail/lhost-sendmail-14.eml";

    [Theory]
    [InlineData("mime-")]
    [InlineData("inbound-")]
    [InlineData("reply-")]
    [InlineData("feedback-")]
    [InlineData("html-")]
    [InlineData("smtp-")]
    [InlineData("tnef-")]
    public void No_file_of_the_corpora_makes_the_reader_fail_or_hang(string prefix)
    {
        int read = 0;
        foreach (string file in Corpora.Mails(prefix))
        {
            byte[] raw = File.ReadAllBytes(file);
            ReadMail mail = Mails.Read("");
            TimeSpan worked = ThreadClock.Time(() => mail = MailReader.Read(raw, new ReadingContext()));
            Assert.True(worked < Longest, $"{file} took {worked}");
            Assert.False(mail.Judgement.Evidence.StartsWith("Parser failed", StringComparison.Ordinal), $"{file}: {mail.Judgement.Evidence}");
            Assert.Equal(64, mail.Digest.Length);
            read++;
        }
        Assert.True(read > 0);
    }

    /// <summary>A mail with everything in it, some of its bytes replaced.</summary>
    private static readonly Gen<byte[]> Damaged = Gen.Select(Gen.Int[0, 100_000], Gen.Byte).Array[0, 30].Select(changes =>
    {
        byte[] raw = Encoding.UTF8.GetBytes(
            """
            From: "Ann, \"B\"" <ann@fabrikam.example>, group: a@b.example;
            Subject: =?utf-8?b?w6k=?= =?iso-8859-1?q?=E9?=
            Date: Wed, 04 Mar 2026 05:06:07 +0200
            Message-ID: <1@fabrikam.example>
            References: <0@fabrikam.example> <x@y>
            ARC-Seal: i=1; a=rsa-sha256; d=microsoft.com; s=a; cv=none; b=AAAA
            ARC-Message-Signature: i=1; a=rsa-sha256; d=microsoft.com; s=a; h=from:subject; bh=AAAA; b=AAAA
            ARC-Authentication-Results: i=1; mx.example; dmarc=pass header.from=fabrikam.example
            Content-Type: multipart/report; report-type=delivery-status; boundary="o"

            --o
            Content-Type: text/html; charset="utf-8"
            Content-Transfer-Encoding: quoted-printable

            <p style=3D"color:red">Hello <img src=3D"cid:a@b"></p>
            --o
            Content-Type: message/delivery-status

            Reporting-MTA: dns; mx.example

            Final-Recipient: rfc822; a@b.example
            Action: failed
            Status: 5.1.1
            --o
            Content-Type: application/octet-stream; name*=utf-8''%e2%82%ac.bin
            Content-Transfer-Encoding: base64

            AQID
            --o
            Content-Type: message/rfc822

            Message-ID: <2@contoso.example>

            x
            --o--
            """);
        foreach (var (at, value) in changes) raw[at % raw.Length] = value;
        return raw;
    });

    [Fact]
    public void No_damage_makes_the_reader_or_the_judge_throw()
    {
        var authenticity = new Authenticity(new Zone(), ["microsoft.com"], TimeProvider.System);
        Damaged.Sample(raw => MailReader.Read(raw, new ReadingContext()).Digest.Length == 64
            && !MailReader.Read(raw, new ReadingContext()).Judgement.Evidence.StartsWith("Parser failed", StringComparison.Ordinal)
            && authenticity.JudgeAsync(raw, null, TestContext.Current.CancellationToken) is { IsCompletedSuccessfully: true }, iter: 2_000);
    }

    [Fact]
    public void No_bounce_of_the_corpus_is_taken_for_a_person()
    {
        var wrong = Corpora.Cases("bounce-sisimai")
            .Where(one => one.Expect.GetProperty("kind").GetString() != "not-a-bounce" && one.File != ForwardedByHand)
            .Select(one => (one.File, Mail: Mails.Read("bounce-sisimai", one.File)))
            .Where(one => one.Mail.Kind is MailKind.Human)
            .Select(one => $"{one.File}: {one.Mail.From} {one.Mail.Subject}")
            .ToList();
        Assert.True(wrong.Count == 0, $"{wrong.Count}:\n{string.Join('\n', wrong)}");
    }
}
