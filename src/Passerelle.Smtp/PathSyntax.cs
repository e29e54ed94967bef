using System.Buffers;

namespace Passerelle.Smtp;

/// <summary>The characters of RFC 5321 §4.1.2, widened by RFC 6531 §3.3 to everything beyond ASCII.</summary>
internal static class PathSyntax
{
    private static readonly SearchValues<char> Atom = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~");

    public static bool IsAtomText(char c) => c > 127 ? c >= 0xA0 : Atom.Contains(c);
}
