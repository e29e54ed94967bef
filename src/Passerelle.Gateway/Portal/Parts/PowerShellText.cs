using System.Text.RegularExpressions;

namespace Passerelle.Gateway.Portal.Parts;

/// <summary>Values of an app in commands that an admin pastes into PowerShell.</summary>
internal static partial class PowerShellText
{
    /// <summary>In single quotes nothing means anything but a quote; PowerShell takes the printer's ones for quotes too.</summary>
    public static string Quoted(string text) => $"'{SingleQuotes().Replace(text, "$0$0")}'";

    [GeneratedRegex("['\u2018\u2019\u201A\u201B]")]
    private static partial Regex SingleQuotes();
}
