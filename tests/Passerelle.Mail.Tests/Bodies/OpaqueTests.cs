using System.Formats.Asn1;
using System.IO.Compression;
using System.Text;

namespace Passerelle.Mail.Tests.Bodies;

/// <summary>S/MIME in one piece: a signature is opened, an envelope is kept whole. The blobs were made by OpenSSL 3 (cms -sign -nodetach, with and
/// without -indef; cms -encrypt) of one multipart/alternative.</summary>
public class OpaqueTests
{
    private const string Signed =
        """
        MIIEKQYJKoZIhvcNAQcCoIIEGjCCBBYCAQExDTALBglghkgBZQMEAgEwggEHBgkqhkiG9w0BBwGggfkEgfZDb250ZW50LVR5cGU6IG11bHRpcGFydC9hbHRlcm5hdGl2ZTsgYm91bmRhcnk9aQ0KDQ
        otLWkNCkNvbnRlbnQtVHlwZTogdGV4dC9wbGFpbjsgY2hhcnNldD11dGYtOA0KQ29udGVudC1UcmFuc2Zlci1FbmNvZGluZzogcXVvdGVkLXByaW50YWJsZQ0KDQpPPUMzPUI5IGVzdCBtYSBjb21t
        YW5kZSA/DQotLWkNCkNvbnRlbnQtVHlwZTogdGV4dC9odG1sOyBjaGFyc2V0PXV0Zi04DQoNCjxwPldoZXJlIGlzIGl0PzwvcD4NCi0taS0tDQqgggHMMIIByDCCAW2gAwIBAgIUZmQLX06adgMRrQ
        PgLm6vJLERdiwwCgYIKoZIzj0EAwIwODERMA8GA1UEAwwIQW5uIEJlbGwxIzAhBgkqhkiG9w0BCQEWFGFubkBmYWJyaWthbS5leGFtcGxlMCAXDTI2MTEyODE3MzU0N1oYDzIxMjYxMTA0MTczNTQ3
        WjA4MREwDwYDVQQDDAhBbm4gQmVsbDEjMCEGCSqGSIb3DQEJARYUYW5uQGZhYnJpa2FtLmV4YW1wbGUwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARzPHotLNainO3nA8Tj64NHp9nSbq3OHTDdr5
        nWutaJ3CCsTwosooAWyhz3Qre9zE5JHKpMaLlCfqV2iQxvL7sro1MwUTAdBgNVHQ4EFgQUSKlwfkxG4Yv2zEsS+n3edaqZlY0wHwYDVR0jBBgwFoAUSKlwfkxG4Yv2zEsS+n3edaqZlY0wDwYDVR0T
        AQH/BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEAnOzqn/ILyEqfGfWkgEg1UzyeO1/tQ6i8Kw0++CIwbPMCIQChg5EGrFPmT/C3rhuSChHTmC0AlP6gHt6EjQBcYw+BqzGCASUwggEhAgEBMFAwOD
        ERMA8GA1UEAwwIQW5uIEJlbGwxIzAhBgkqhkiG9w0BCQEWFGFubkBmYWJyaWthbS5leGFtcGxlAhRmZAtfTpp2AxGtA+Aubq8ksRF2LDALBglghkgBZQMEAgGgaTAYBgkqhkiG9w0BCQMxCwYJKoZI
        hvcNAQcBMBwGCSqGSIb3DQEJBTEPFw0yNjExMjgxNzM1NDdaMC8GCSqGSIb3DQEJBDEiBCDuhyGFZufALYO1M15EOiMPeBqmjeEWc0vRMPYn0JMsZjAKBggqhkjOPQQDAgRGMEQCIAEbEV1qcIeqNe
        60CWtw0VbJ1W6DUb6mX1eF/VAMqxNYAiA4LSR57NZyGomDBTQiDstdJElP/ivIyh6iWPUempKa3w==
        """;

    /// <summary>BER of no certain length, the content in pieces: as programs write that sign while they send.</summary>
    private const string Streamed =
        """
        MIAGCSqGSIb3DQEHAqCAMIACAQExDTALBglghkgBZQMEAgEwgAYJKoZIhvcNAQcBoIAkgASB9kNvbnRlbnQtVHlwZTogbXVsdGlwYXJ0L2FsdGVybmF0aXZlOyBib3VuZGFyeT1pDQoNCi0taQ0KQ2
        9udGVudC1UeXBlOiB0ZXh0L3BsYWluOyBjaGFyc2V0PXV0Zi04DQpDb250ZW50LVRyYW5zZmVyLUVuY29kaW5nOiBxdW90ZWQtcHJpbnRhYmxlDQoNCk89QzM9QjkgZXN0IG1hIGNvbW1hbmRlID8N
        Ci0taQ0KQ29udGVudC1UeXBlOiB0ZXh0L2h0bWw7IGNoYXJzZXQ9dXRmLTgNCg0KPHA+V2hlcmUgaXMgaXQ/PC9wPg0KLS1pLS0NCgAAAAAAAKCCAcwwggHIMIIBbaADAgECAhRmZAtfTpp2AxGtA+
        Aubq8ksRF2LDAKBggqhkjOPQQDAjA4MREwDwYDVQQDDAhBbm4gQmVsbDEjMCEGCSqGSIb3DQEJARYUYW5uQGZhYnJpa2FtLmV4YW1wbGUwIBcNMjYxMTI4MTczNTQ3WhgPMjEyNjExMDQxNzM1NDda
        MDgxETAPBgNVBAMMCEFubiBCZWxsMSMwIQYJKoZIhvcNAQkBFhRhbm5AZmFicmlrYW0uZXhhbXBsZTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABHM8ei0s1qKc7ecDxOPrg0en2dJurc4dMN2vmd
        a61oncIKxPCiyigBbKHPdCt73MTkkcqkxouUJ+pXaJDG8vuyujUzBRMB0GA1UdDgQWBBRIqXB+TEbhi/bMSxL6fd51qpmVjTAfBgNVHSMEGDAWgBRIqXB+TEbhi/bMSxL6fd51qpmVjTAPBgNVHRMB
        Af8EBTADAQH/MAoGCCqGSM49BAMCA0kAMEYCIQCc7Oqf8gvISp8Z9aSASDVTPJ47X+1DqLwrDT74IjBs8wIhAKGDkQasU+ZP8LeuG5IKEdOYLQCU/qAe3oSNAFxjD4GrMYIBJjCCASICAQEwUDA4MR
        EwDwYDVQQDDAhBbm4gQmVsbDEjMCEGCSqGSIb3DQEJARYUYW5uQGZhYnJpa2FtLmV4YW1wbGUCFGZkC19OmnYDEa0D4C5urySxEXYsMAsGCWCGSAFlAwQCAaBpMBgGCSqGSIb3DQEJAzELBgkqhkiG
        9w0BBwEwHAYJKoZIhvcNAQkFMQ8XDTI2MTEyODE3MzU0N1owLwYJKoZIhvcNAQkEMSIEIO6HIYVm58Atg7UzXkQ6Iw94GqaN4RZzS9Ew9ifQkyxmMAoGCCqGSM49BAMCBEcwRQIgJqvTqt2LNfOFrb
        YCKft/e1DGYxegRsJS1mQ9hrdqxaMCIQDEs+d+QbGcgm6UwimJUC6yQ9WQ2KLHRAKFGoc+gi8VRgAAAAAAAA==
        """;

    private const string Enveloped =
        """
        MIICMAYJKoZIhvcNAQcDoIICITCCAh0CAQIxgfehgfQCAQOgUaFPMAkGByqGSM49AgEDQgAEaaY8ELPC0fcUD2Z8EW7lIj3ouYUgsJYcz3c2bnRJywN7MHulUxGhZWEGrbnrqkVike2Y+dXDPaGDDn
        ge61QnKzAcBgkrgQUQhkg/AAIwDwYLKoZIhvcNAQkQAwYFADB+MHwwUDA4MREwDwYDVQQDDAhBbm4gQmVsbDEjMCEGCSqGSIb3DQEJARYUYW5uQGZhYnJpa2FtLmV4YW1wbGUCFGZkC19OmnYDEa0D
        4C5urySxEXYsBCiGy0JoomlsvztDp8NnWt8JevTcIi8Fy/S4YxhpS+FKPJu7hJwd3EdNMIIBHAYJKoZIhvcNAQcBMBQGCCqGSIb3DQMHBAjPERdRmibPooCB+PfWdcZqEq5ZLJ0LaGewRqQSEGeo2v
        pIuUhkRrFPsEZwOPZTYlA+0Olz66+7evPjisV1IR+4T/V8b5ni1BKkO5RNHvGjQ0xSqPMoBaEArthatoRkfpc5OsQK8cVO9ca3mUZ74AXTuOxTYga4HoO/Y7XX6HUT8YMQQ/XADjWPoI38c1MS6jT5
        u7LCV0TLkphJmc9q31CQTnPlT/aF2DjJ02xHFmicODART6IsS3G6vlVMgpIcFJFlC071Gb40BAoAE2j8GaXtkdhe//M3K1gNh7PW83kfGojftLIX4pwY4dEpX81WI+zpWSubcv1rSa96ul7uA8loRC
        u7
        """;

    public static TheoryData<string, string> Packings => new()
    {
        { "application/pkcs7-mime; smime-type=signed-data; name=smime.p7m", Signed },
        { "application/pkcs7-mime; smime-type=signed-data; name=smime.p7m", Streamed },
        { "application/x-pkcs7-mime; name=smime.p7m", Signed },
        { "application/pkcs7-mime", Streamed },
        { "application/octet-stream; name=smime.p7m", Signed },
    };

    [Theory, MemberData(nameof(Packings))]
    public void A_mail_within_its_signature_is_read_and_its_signature_is_shown(string type, string packed)
    {
        ReadMail mail = Mails.Read(Mail(type, packed));
        Assert.Equal(("Où est ma commande ?", Protection.SMimeSigned), (mail.Text.Trim(), mail.Protection));
        Assert.Contains("Where is it?", mail.SafeHtml, StringComparison.Ordinal);
        MailAttachment signature = Assert.Single(mail.Attachments);
        Assert.Equal("2", signature.PartNumber);
        using var content = new MemoryStream();
        Assert.True(MailParts.Write(new MemoryStream(Encoding.ASCII.GetBytes(Mail(type, packed))), "2", content, new ReadingBounds()));
        Assert.Equal(Convert.FromBase64String(packed), content.ToArray());
    }

    [Theory]
    [InlineData("application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m")]
    [InlineData("application/pkcs7-mime")]
    [InlineData("application/octet-stream; name=smime.p7m")]
    public void An_envelope_is_kept_whole(string type)
    {
        ReadMail mail = Mails.Read(Mail(type, Enveloped));
        Assert.Equal(("", Protection.SMimeEncrypted), (mail.Text, mail.Protection));
        Assert.Equal(Convert.FromBase64String(Enveloped).Length, Assert.Single(mail.Attachments).Size);
    }

    [Fact]
    public void A_list_that_adds_a_footer_does_not_hide_what_was_signed()
    {
        string inner = Mail("application/pkcs7-mime; smime-type=signed-data", Signed);
        ReadMail mail = Mails.Read($"From: ann@fabrikam.example\nContent-Type: multipart/mixed; boundary=o\n\n--o\n{inner[inner.IndexOf("Content-Type", StringComparison.Ordinal)..]}\n--o\nContent-Type: text/plain\n\nfooter\n--o--\n");
        Assert.StartsWith("Où est ma commande ?", mail.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_signature_within_a_signature_is_opened_and_one_without_end_is_not()
    {
        Assert.Equal("Hello", Mails.Read(Nested(2)).Text.Trim());
        Assert.Equal("", Mails.Read(Nested(9)).Text.Trim());
    }

    [Fact]
    public void Compressed_data_is_opened_within_bounds()
    {
        Assert.Equal("Hello", Mails.Read(Mail("application/pkcs7-mime; smime-type=compressed-data", Compressed("Content-Type: text/plain\n\nHello"))).Text.Trim());
        ReadMail bomb = Mails.Read(Mail("application/pkcs7-mime; smime-type=compressed-data", Compressed("Content-Type: text/plain\n\n" + new string('a', 40_000_000))));
        Assert.Equal(("", 1), (bomb.Text, bomb.Attachments.Count));
    }

    [Theory]
    [InlineData("AAAA")]
    [InlineData("MIAGCSqGSIb3DQEHAqCA")]
    [InlineData("MIAwgDCAMIAwgDCAMIAwgDCAMIAwgA==")]
    [InlineData("")]
    public void What_is_no_signature_stays_a_file(string content) =>
        Assert.Equal(MailKind.Human, Mails.Read(Mail("application/pkcs7-mime; smime-type=signed-data", content)).Kind);

    private static string Nested(int times)
    {
        string entity = "Content-Type: text/plain\n\nHello\n";
        for (int i = 0; i < times; i++) entity = $"Content-Type: application/pkcs7-mime\nContent-Transfer-Encoding: base64\n\n{Pack("1.2.840.113549.1.7.2", Encoding.ASCII.GetBytes(entity), isSigned: true)}\n";
        return "From: ann@fabrikam.example\n" + entity;
    }

    private static string Compressed(string entity)
    {
        using var small = new MemoryStream();
        using (var zlib = new ZLibStream(small, CompressionLevel.Fastest, leaveOpen: true)) zlib.Write(Encoding.ASCII.GetBytes(entity));
        return Pack("1.2.840.113549.1.9.16.1.9", small.ToArray(), isSigned: false);
    }

    /// <summary>RFC 5652 §5.1 without signers, RFC 3274 §1.1.</summary>
    private static string Pack(string type, byte[] content, bool isSigned)
    {
        var explicitly = new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true);
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(type);
            using (writer.PushSequence(explicitly))
            using (writer.PushSequence())
            {
                writer.WriteInteger(isSigned ? 1 : 0);
                if (isSigned) using (writer.PushSetOf()) { }
                else using (writer.PushSequence()) writer.WriteObjectIdentifier("1.2.840.113549.1.9.16.3.8");
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier("1.2.840.113549.1.7.1");
                    using (writer.PushSequence(explicitly)) writer.WriteOctetString(content);
                }
            }
        }
        return Convert.ToBase64String(writer.Encode(), Base64FormattingOptions.InsertLineBreaks);
    }

    private static string Mail(string type, string content) =>
        $"From: ann@fabrikam.example\nSubject: Order\nMIME-Version: 1.0\nContent-Type: {type}\nContent-Disposition: attachment; filename=smime.p7m\nContent-Transfer-Encoding: base64\n\n{content}\n";
}
