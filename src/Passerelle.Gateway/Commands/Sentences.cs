using System.CommandLine;
using Passerelle.Gateway.Hosting;

namespace Passerelle.Gateway.Commands;

/// <summary>How every command ends: 0 right, 1 something is wrong, 2 it was called wrongly; what is wrong is one sentence on standard error.</summary>
internal static class Sentences
{
    public const int Right = 0;
    public const int Wrong = 1;
    public const int Usage = 2;

    /// <summary>Runs the action; unknown words are settings, <c>--Section:Key=value</c>.</summary>
    public static void Does(this Command command, Func<ParseResult, string[], CancellationToken, Task<int>> action)
    {
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(async (parsed, cancel) =>
        {
            var error = parsed.InvocationConfiguration.Error;
            if (Settings.Problem(parsed.UnmatchedTokens) is { } problem)
            {
                await error.WriteLineAsync(problem);
                return Usage;
            }
            try
            {
                return await action(parsed, [.. parsed.UnmatchedTokens], cancel);
            }
            catch (CommandFault fault)
            {
                await error.WriteLineAsync(fault.Message);
                return Wrong;
            }
            catch (Exception failure) when (StartFailure.Sentence(failure) is { } sentence)
            {
                await error.WriteLineAsync(sentence);
                return Wrong;
            }
        });
    }
}
