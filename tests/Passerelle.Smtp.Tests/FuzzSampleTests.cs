using System.Text;
using Passerelle.Fuzz;

namespace Passerelle.Smtp.Tests;

/// <summary>A short walk of the fuzzer that is the same every time. <c>./dev soak fuzz</c> is the long one, guided by coverage; what it found is below.</summary>
public sealed class FuzzSampleTests
{
    private const int Walks = 60;

    private static readonly string[] Words =
    [
        "EHLO a\r\n", "LHLO a\r\n", "MAIL FROM:<", "RCPT TO:<", "@c.test>\r\n", "DATA\r\n", "BDAT 5\r\n", "BDAT 5 LAST\r\n", "\r\n.\r\n", "RSET\r\n", "QUIT\r\n", "STARTTLS\r\n",
        " BODY=BINARYMIME", " SMTPUTF8", " ORCPT=utf-8;\\x{E9}", "+2B", "\"\\\"", "[IPv6:::1]", "nobody", "boom", "full", "crash", "\n.\n", "\r", "PROXY ", "*\r\n", "\0",
    ];

    [Fact]
    public void No_input_near_the_seeds_breaks_a_rule()
    {
        var random = new Random(20260301);
        byte[][] seeds = [.. Seeds.Own.Select(Encoding.Latin1.GetBytes)];
        for (var kind = 0; kind < 256; kind++)
        {
            var input = seeds[kind % seeds.Length];
            for (var walk = 0; walk < Walks; walk++)
            {
                SessionTarget.Run([(byte)kind, .. input]);
                input = input.Length is 0 or > 3000 ? seeds[walk % seeds.Length] : Changed(input, seeds[walk % seeds.Length], random);
            }
        }
    }

    /// <summary>Two faults in one mail: the one that begins first is told, in whatever packets it comes.</summary>
    [Theory]
    [InlineData("DATA\r\nSu*\r\nbjec_LHLO clt\r\nMAIL FROM:<>.RET=HDRS ENVID=a+2Bb and so on and so on\r\n\r\n.\r\n")] // the header's bound, then the line's
    [InlineData("DATA\r\na: one line that is longer than it may be by far\nb\r\n.\r\n")] // the line's, then a bare LF
    [InlineData("DATA\r\na: one line\rthat is longer than it may be by far\r\n.\r\n")] // a bare CR, then the line's
    [InlineData("DATA\r\na: b\r\n\r\n12345678901234567890123456789012345\r\n12345678901234567890123456789012345\r\n12345678901234567890123456789012345\r\n123456789012345\n\r\n.\r\n")] // the whole's, then a bare LF
    [InlineData("BDAT 53 LAST\r\na: one line that is longer than it may be by far\nb\r\n")]
    [InlineData("BDAT 90 LAST\r\nSu*\r\nbjec_LHLO clt\r\nMAIL FROM:<>.RET=HDRS ENVID=a+2Bb and so on and so on and so on\r\n\r\n")]
    public void The_fault_that_begins_first_is_told(string content)
    {
        for (var kind = 16; kind < 256; kind += 32) // small bounds, in packets of each size, without and with a proxy's header
        {
            foreach (var chunking in (int[])[0, 1])
            {
                var sent = "EHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<bob@c.test>\r\n" + content;
                SessionTarget.Run([(byte)(kind | chunking), .. Encoding.Latin1.GetBytes(kind >= 128 ? "PROXY UNKNOWN\r\n" + sent : sent)]);
            }
        }
    }

    private static byte[] Changed(byte[] input, byte[] other, Random random)
    {
        var at = random.Next(input.Length);
        var length = random.Next(input.Length - at);
        return random.Next(6) switch
        {
            0 => [.. input[..at], (byte)random.Next(256), .. input[(at + 1)..]],
            1 => [.. input[..at], .. input[(at + length)..]],
            2 => [.. input[..(at + length)], .. input[at..]],
            3 => [.. input[..at], .. other[random.Next(other.Length)..]],
            _ => [.. input[..at], .. Encoding.Latin1.GetBytes(Words[random.Next(Words.Length)]), .. input[at..]],
        };
    }
}
