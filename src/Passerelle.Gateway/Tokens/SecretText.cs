namespace Passerelle.Gateway.Tokens;

/// <summary>A token or password on its way to the wire. It prints as nothing, so no log or page can show it by accident.</summary>
internal sealed class SecretText(string text)
{
    public string Reveal() => text;

    public override string ToString() => "(secret)";
}
