using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace Passerelle.Gateway.Store.Sealing;

/// <summary>Wraps the secret part of a new ring entry.</summary>
internal sealed class KeyFileEncryptor(KeyRing ring) : IXmlEncryptor
{
    public const string Element = "wrapped";

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var wrapped = ring.File.Wrap(Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting)));
        return new EncryptedXmlInfo(
            new XElement(Element, new XAttribute("key", ring.File.Fingerprint), Convert.ToBase64String(wrapped)),
            typeof(KeyFileDecryptor));
    }

    /// <exception cref="System.Security.Cryptography.CryptographicException">Wrapped by another key, or changed since.</exception>
    public static XElement Open(KeyFile file, XElement wrapped) =>
        XElement.Parse(Encoding.UTF8.GetString(file.Unwrap(Convert.FromBase64String(wrapped.Value))));
}

/// <summary>Its name stands in every ring entry: it can never be renamed or moved.</summary>
internal sealed class KeyFileDecryptor(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement) =>
        KeyFileEncryptor.Open(services.GetRequiredService<KeyRing>().File, encryptedElement);
}
