namespace Passerelle.Gateway.Apps;

/// <summary>How an app proves to the provider that it is the registered client; words of column <c>proof</c>.</summary>
internal static class Proofs
{
    /// <summary>RFC 6749 §2.3.1.</summary>
    public const string Secret = "secret";

    /// <summary>A statement signed by a key whose public half is registered (RFC 7523 §2.2).</summary>
    public const string Certificate = "certificate";

    /// <summary>The token of an issuer that the registration trusts, read from a file (workload identity federation).</summary>
    public const string Federated = "federated";

    /// <summary>A public client (RFC 6749 §2.1) proves nothing; only the device code flow takes it.</summary>
    public const string None = "none";
}

/// <summary>How an app is authorised; words of column <c>way</c>.</summary>
internal static class Ways
{
    /// <summary>Somebody signs in in this browser (RFC 6749 §4.1 with PKCE).</summary>
    public const string Code = "code";

    /// <summary>Nobody signs in: the application itself has the right (RFC 6749 §4.4).</summary>
    public const string AppOnly = "app-only";

    /// <summary>Somebody signs in on another device and types a code there (RFC 8628).</summary>
    public const string DeviceCode = "device-code";
}
