using Passerelle.Gateway.Commands;

namespace Passerelle.Gateway.Tests.Commands;

/// <summary>What a command line printed and how it ended.</summary>
internal sealed record Typed(int Code, string Output, string Error)
{
    /// <summary>Runs <c>passerelle</c> with these words, in this process.</summary>
    public static async Task<Typed> RunAsync(params string[] words)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await PasserelleCommand.RunAsync(words, output, error);
        return new(code, output.ToString(), error.ToString());
    }

    /// <summary>It failed with one sentence and nothing else.</summary>
    public string Sentence()
    {
        Assert.Equal((1, ""), (Code, Output));
        var line = Assert.Single(Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.DoesNotContain("   at ", line, StringComparison.Ordinal);
        return line;
    }
}
