using System.CommandLine;

namespace Passerelle.Gateway.Commands;

/// <summary>What several commands take.</summary>
internal static class CommonOptions
{
    public const string DataVariable = "PASSERELLE_DATA";

    public static Option<DirectoryInfo> Data() => new("--data")
    {
        Description = $"The data folder; {DataVariable} in the environment names it too",
        DefaultValueFactory = _ => new(Environment.GetEnvironmentVariable(DataVariable) is { Length: > 0 } folder ? folder : "data"),
    };

    public static Option<bool> Json() => new("--json") { Description = "One JSON document on standard output" };

    public static Option<string?> Organisation() => new("--organisation") { Description = "The organisation's id, where there are several" };
}
