using Microsoft.AspNetCore.DataProtection;

namespace Passerelle.Gateway.Store;

/// <summary>
/// Encrypts what must not be readable at rest. The purpose is made of table, column, organisation and row, so a ciphertext
/// that was moved to another place does not open.
/// </summary>
internal sealed class Sealer(IDataProtectionProvider protection)
{
    /// <returns>Text that only <see cref="Open"/> with the same place reads.</returns>
    public string Seal(string table, string column, Guid organisationId, Guid rowId, string secret) =>
        At(table, column, organisationId, rowId).Protect(secret);

    /// <exception cref="System.Security.Cryptography.CryptographicException">Sealed elsewhere, changed, or the key is gone.</exception>
    public string Open(string table, string column, Guid organisationId, Guid rowId, string @sealed) =>
        At(table, column, organisationId, rowId).Unprotect(@sealed);

    private IDataProtector At(string table, string column, Guid organisationId, Guid rowId) =>
        protection.CreateProtector(table, column, organisationId.ToString("N"), rowId.ToString("N"));
}
