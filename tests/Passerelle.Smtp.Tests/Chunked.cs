using System.Text;

namespace Passerelle.Smtp.Tests;

/// <summary>A server that offers CHUNKING and BINARYMIME (RFC 3030), within narrow bounds.</summary>
internal static class Chunked
{
    public static SmtpServerOptions Offered { get; } = Conversation.Options(new SmtpLimits(MaxBytes: 1000)
    {
        MaxLineBytes = 100,
        MaxHeaderBytes = 200,
    }) with
    { Extensions = SmtpExtensions.Chunking | SmtpExtensions.BinaryMime };

    /// <summary>Plays it; what it sent is kept as it came.</summary>
    public static async Task<AcceptAll> TakesAsync(string content, string text, int replies = 1)
    {
        for (var more = 1; more < replies; more++) text += "\nS: 250 *";
        var host = await Transcript.PlaysAsync(Offered, new AcceptAll(), text);
        Assert.Equal(content, Encoding.Latin1.GetString(Assert.Single(host.Messages).Content));
        return host;
    }

    /// <summary>Nothing is kept, and the connection can be used again.</summary>
    public static async Task RefusesAsync(string text)
    {
        var host = await Transcript.PlaysAsync(Offered, new AcceptAll(), text + """

            C: RSET
            S: 250 *
            C: MAIL FROM:<ann@client.test>
            S: 250 *
            """);
        Assert.Empty(host.Messages);
    }
}
