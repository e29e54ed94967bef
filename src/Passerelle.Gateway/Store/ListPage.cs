namespace Passerelle.Gateway.Store;

/// <summary>How many rows a page of a list has, wherever a list is shown or answered.</summary>
internal static class ListPage
{
    /// <summary>Where nobody says how many.</summary>
    public const int Usual = 50;

    private const int Longest = 200;

    public static int Of(int? asked) => Math.Clamp(asked ?? Usual, 1, Longest);
}
