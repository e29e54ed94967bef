using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.Json;
using CsCheck;

namespace Passerelle.Mail.Tests;

/// <summary>The library decides with what it is given: the same bytes are the same message, today and tomorrow, here and there.</summary>
public class PurityTests
{
    private static readonly string[] Outside =
    [
        "System.Net.Sockets", "System.Net.Http", "System.Net.WebSockets", "System.IO.File", "System.IO.Directory", "System.IO.FileInfo",
        "System.IO.DirectoryInfo", "System.IO.FileStream", "System.Diagnostics.Process", "System.Random",
        "System.Threading.Thread", "System.Threading.Timer", "System.Diagnostics.Stopwatch", "System.Security.Cryptography.RandomNumberGenerator",
    ];

    /// <summary>Members that read a clock, the machine or chance.</summary>
    private static readonly string[] Surprises =
    [
        "get_System", "get_Now", "get_UtcNow", "get_Today", "NewGuid", "CreateVersion7", "get_TickCount", "get_TickCount64", "GetTimestamp",
        "GetEnvironmentVariable", "get_MachineName", "get_CurrentDirectory", "get_UserName",
    ];

    /// <summary>Read from the metadata: every type and member that the assembly names. The DNS and the clock are
    /// given: an interface and a TimeProvider, never the system's own.</summary>
    [Fact]
    public void Readers_touch_no_network_no_disk_and_no_clock()
    {
        using var file = new PEReader(File.OpenRead(typeof(MailReader).Assembly.Location));
        MetadataReader metadata = file.GetMetadataReader();
        var types = metadata.TypeReferences.Select(metadata.GetTypeReference)
            .Select(type => $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}").ToList();
        Assert.Contains("MimeKit.MimeMessage", types); // the list is read
        types.Remove("System.Net.Sockets.AddressFamily"); // a word for IPv4 and IPv6, not a socket
        Assert.DoesNotContain(types, type => Outside.Any(forbidden => type == forbidden || type.StartsWith(forbidden + ".", StringComparison.Ordinal)));
        Assert.DoesNotContain(metadata.MemberReferences.Select(metadata.GetMemberReference).Select(member => metadata.GetString(member.Name)), Surprises.Contains);
    }

    private static readonly Gen<byte[]> Any = Gen.Select(
        Gen.Int[0, Mailed.All.Length - 1], Gen.Select(Gen.Int[0, 1_000_000], Gen.Byte).Array[0, 5],
        (which, changes) =>
        {
            byte[] copy = [.. Mailed.All[which]];
            foreach (var (at, value) in changes) copy[at % copy.Length] = value;
            return copy;
        });

    [Fact]
    public void The_same_mail_read_twice_is_the_same_message() => Any.Sample(
        raw => Everything(raw) == Everything(raw), iter: 300);

    /// <summary>Small files of every corpus, whole and damaged; the order in which they are read is chance, so what one leaves behind shows in another.</summary>
    [Fact]
    public void The_same_file_of_the_corpora_read_twice_is_the_same_message()
    {
        string[] files = [.. Corpora.Mails("").Where(file => new FileInfo(file).Length <= 32 * 1024).Order(StringComparer.Ordinal)];
        Gen.Select(Gen.Int[0, files.Length - 1], Gen.Select(Gen.Int[0, 32 * 1024], Gen.Byte).Array[0, 5]).Sample(
            (which, changes) =>
            {
                byte[] raw = File.ReadAllBytes(files[which]);
                if (raw.Length > 0) foreach (var (at, value) in changes) raw[at % raw.Length] = value;
                return Everything(raw) == Everything([.. raw]);
            },
            iter: 500);
    }

    [Fact]
    public void A_mail_is_the_same_from_memory_and_from_a_stream() => Any.Sample(
        raw =>
        {
            using var stream = new MemoryStream(raw);
            return JsonSerializer.Serialize(MailReader.Read(stream, new ReadingContext())) == Everything(raw);
        },
        iter: 100);

    private static string Everything(byte[] raw) => JsonSerializer.Serialize(MailReader.Read(raw, new ReadingContext()));

    /// <summary>Mails with something of everything that readers open.</summary>
    private static class Mailed
    {
        public static byte[][] All { get; } = [.. new[]
        {
            "From: Ann <ann@fabrikam.example>\r\nSubject: Re: Order\r\nMessage-ID: <1@f>\r\nReferences: <0@f>\r\n\r\nOwn words\r\n\r\nOn Mon, Mar 2, 2026 at 10:00 Bob <b@c.example> wrote:\r\n> old\r\n> older\r\n\r\n-- \r\nAnn\r\n",
            "From: a@b.example\r\nContent-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nété\r\n--x\r\nContent-Type: text/html\r\n\r\n<p>été <img src='https://t.example/x'><a href='https://a.example'>x</a></p>\r\n--x--\r\n",
            "From: a@b.example\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n--x\r\n\r\nfailed\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; a@b.example\r\nAction: failed\r\nStatus: 5.1.1\r\n--x\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <2@c>\r\n\r\nx\r\n--x--\r\n",
            "From: a@b.example\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20260304T050607Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
            "From: a@b.example\r\nContent-Type: application/octet-stream; name=\"a.bin\"\r\nContent-Transfer-Encoding: base64\r\n\r\nAQIDBA==\r\n",
        }.Select(System.Text.Encoding.UTF8.GetBytes)];
    }
}
