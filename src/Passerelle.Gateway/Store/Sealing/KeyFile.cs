using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Passerelle.Gateway.Store.Sealing;

/// <summary>The key that wraps the key ring: 256 random bits in Base64Url, in a file that only its owner reads.</summary>
internal sealed class KeyFile
{
    private const int KeyBytes = 32;
    private readonly byte[] _key;

    private KeyFile(string path, byte[] key)
    {
        Path = path;
        _key = key;
        Fingerprint = Convert.ToHexStringLower(SHA256.HashData(key).AsSpan(0, 8));
    }

    public string Path { get; }

    /// <summary>16 hexadecimal characters that tell keys apart and betray nothing.</summary>
    public string Fingerprint { get; }

    /// <summary>Where it is expected: by default beside the data folder and named after it, so that a copy of the folder
    /// does not carry its key along.</summary>
    public static string PathFor(StoreOptions options) => System.IO.Path.GetFullPath(
        options.KeyFile ?? $"{System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(options.DataFolder))}.key");

    /// <returns>Null when there is no such file.</returns>
    /// <exception cref="KeyFileUnusable">It holds no key.</exception>
    public static KeyFile? Read(string path)
    {
        if (!File.Exists(path)) return null;
        var key = new byte[KeyBytes];
        var text = Encoding.ASCII.GetBytes(File.ReadAllText(path).Trim());
        return Base64Url.DecodeFromUtf8(text, key, out _, out var written) == OperationStatus.Done && written == KeyBytes
            ? new KeyFile(path, key)
            : throw new KeyFileUnusable($"The key file {path} holds no key (43 characters of Base64Url). Restore it from your safe.");
    }

    /// <summary>Makes the one key of this installation.</summary>
    public static KeyFile Make(string path)
    {
        var key = RandomNumberGenerator.GetBytes(KeyBytes);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!); // a full path to a file has a folder
        using (var file = Durable.Create($"{path}.new"))
        {
            file.Write(Base64Url.EncodeToUtf8(key));
            Durable.Flush(file);
        }
        Durable.Rename($"{path}.new", path);
        return new KeyFile(path, key);
    }

    /// <returns>Nonce (12), tag (16), ciphertext.</returns>
    public byte[] Wrap(ReadOnlySpan<byte> clear)
    {
        var wrapped = new byte[28 + clear.Length];
        RandomNumberGenerator.Fill(wrapped.AsSpan(0, 12));
        using var gcm = new AesGcm(_key, 16);
        gcm.Encrypt(wrapped.AsSpan(0, 12), clear, wrapped.AsSpan(28), wrapped.AsSpan(12, 16));
        return wrapped;
    }

    /// <exception cref="CryptographicException">Wrapped by another key, or changed since.</exception>
    public byte[] Unwrap(ReadOnlySpan<byte> wrapped)
    {
        if (wrapped.Length < 28) throw new CryptographicException("Too short to be wrapped");
        var clear = new byte[wrapped.Length - 28];
        using var gcm = new AesGcm(_key, 16);
        gcm.Decrypt(wrapped[..12], wrapped[28..], wrapped.Slice(12, 16), clear);
        return clear;
    }
}

/// <summary>Sealed data exists and the key at hand does not open it. No other key is ever made in its place.</summary>
internal sealed class KeyFileUnusable(string message) : Exception(message);
