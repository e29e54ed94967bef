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
