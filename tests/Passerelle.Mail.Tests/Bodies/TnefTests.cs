using System.Text;
using System.Text.Json;

namespace Passerelle.Mail.Tests.Bodies;

/// <summary>What Outlook packs into a winmail.dat comes out again.</summary>
public class TnefTests
{
    [Fact, Corpus]
    public void The_files_within_a_winmail_dat_are_listed() => Count("tnef-mimekit");

    [Fact, Corpus]
    public void A_damaged_winmail_dat_stays_a_file() => Count("tnef-teamwork");

    [Fact]
    public void What_is_within_can_be_fetched()
    {
        byte[] raw = Mail("two-files.tnef", Corpora.Bytes("tnef-mimekit", "two-files.tnef"));
        MailAttachment readme = MailReader.Read(raw, new ReadingContext()).Attachments.Single(file => file.Name is "README");
        using var content = new MemoryStream();
        Assert.True(MailParts.Write(new MemoryStream(raw), readme.PartNumber, content, new ReadingBounds()));
        Assert.Equal((893L, "d0f163180d6ad5d8d3b4e7c6bc0cc948d05888bff0f69dba375b946ea4c6b0fa"), (content.Length, readme.Sha256));
    }

    private static void Count(string folder)
    {
        var tally = new Tally(folder, "names");
        foreach (JsonElement one in Corpora.Json(folder, "expect.json").EnumerateArray())
        {
            string file = one.GetProperty("file").GetString()!; // the corpora's form
            ReadMail mail = MailReader.Read(Mail(file, Corpora.Bytes(folder, file)), new ReadingContext());
            List<string> names = [.. mail.Attachments.Select(attachment => attachment.Name).OfType<string>()];
            List<string> wanted = one.TryGetProperty("expect", out JsonElement expect) ? [.. expect.GetProperty("names").EnumerateArray().Select(name => name.GetString()!)] : [];
            tally.Count(wanted.All(names.Contains) && names.Contains("winmail.dat"), () => $"{file}: {string.Join(", ", wanted)} / {string.Join(", ", names)}");
        }
        tally.Reaches();
    }

    private static byte[] Mail(string file, byte[] packed) => Encoding.ASCII.GetBytes(
        $"Subject: {file}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + Convert.ToBase64String(packed, Base64FormattingOptions.InsertLineBreaks) + "\r\n--b--\r\n");
}
