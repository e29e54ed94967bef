using System.Text.RegularExpressions;
using MimeKit;

namespace Passerelle.Mail.Bodies;

/// <summary>What a part's file is called.</summary>
internal static partial class FileNames
{
    private const int Longest = 255;

    /// <returns>One line without a path; "" when the part names no file.</returns>
    public static string Of(MimeEntity entity)
    {
        string name = entity.ContentDisposition?.FileName ?? entity.ContentType.Name ?? "";
        string? path = PathIn(entity.Headers[HeaderId.ContentDisposition]) ?? PathIn(entity.Headers[HeaderId.ContentType]);
        string whole = path is not null && Bare(path) == name ? path : name;
        return AddressText.OneLine(whole[(whole.LastIndexOfAny(['/', '\\']) + 1)..], Longest);
    }

    private static string? PathIn(string? field) => field is not null && Path().Match(field) is { Success: true } path ? path.Groups[1].Value : null;

    private static string Bare(string path) => Pair().Replace(path, "$1");

    /// <summary>Old programs for Windows write the file's whole path, its backslashes as they are; in a quoted string each only says that the next
    /// character is meant as it stands (RFC 5322 §3.2.4), and is gone when the name is read.</summary>
    [GeneratedRegex("""name="((?:[A-Za-z]:)?\\{1,2}[^"\\]+(?:\\[^"\\]+)*)["\s]*(?:;|$)""", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Path();

    [GeneratedRegex(@"\\(.)", RegexOptions.NonBacktracking)]
    private static partial Regex Pair();
}
