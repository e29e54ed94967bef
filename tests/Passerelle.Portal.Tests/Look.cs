namespace Passerelle.Portal.Tests;

/// <summary>How a page may be looked at: each scheme on a desk and on a telephone.</summary>
internal static class Look
{
    public const int Height = 900;

    public static IReadOnlyList<(bool Dark, int Width)> All { get; } = [(false, 1280), (true, 1280), (false, 390), (true, 390)];
}
