using System.Text;

namespace Passerelle.Gateway.Setup;

/// <summary>One argument of a cmdlet.</summary>
internal abstract record PowerShellValue
{
    private PowerShellValue() { }

    /// <summary>Verbatim: nothing in it is ever expanded.</summary>
    public sealed record Text(string Value) : PowerShellValue;

    public sealed record Switch(bool Value) : PowerShellValue;

    /// <summary>What <paramref name="Get"/> showed of it before anything was changed.</summary>
    public sealed record Was(string Get, string Property) : PowerShellValue;

    public static implicit operator PowerShellValue(string text) => new Text(text);

    public static implicit operator PowerShellValue(bool value) => new Switch(value);
}

/// <summary>One cmdlet of the ExchangeOnlineManagement module (facts/microsoft365.md §7.1).</summary>
internal sealed record PowerShellCommand(string Name, params (string Parameter, PowerShellValue Value)[] Parameters);

/// <summary>Cmdlets as a person runs them.</summary>
internal static class PowerShellText
{
    public static string Of(PowerShellCommand command)
    {
        var line = new StringBuilder(command.Name);
        foreach (var (parameter, value) in command.Parameters)
        {
            line.Append(" -").Append(parameter).Append(value is PowerShellValue.Switch && parameter == "Confirm" ? ':' : ' ').Append(Of(value));
        }
        return line.ToString();
    }

    /// <summary>In single quotes nothing is expanded. PowerShell takes the typographic ones for quotes as well: each is doubled.</summary>
    public static string Quoted(string text)
    {
        var quoted = new StringBuilder("'");
        foreach (var letter in text.ReplaceLineEndings(" "))
        {
            if (letter is '\'' or '\u2018' or '\u2019' or '\u201a' or '\u201b') quoted.Append(letter);
            quoted.Append(letter);
        }
        return quoted.Append('\'').ToString();
    }

    private static string Of(PowerShellValue value) => value switch
    {
        PowerShellValue.Text text => Quoted(text.Value),
        PowerShellValue.Switch flag => flag.Value ? "$true" : "$false",
        PowerShellValue.Was was => $"$was.{was.Property}",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
