namespace Passerelle.Lab.Sites;

/// <summary>The certificate that a form brings: a file as it comes from a key store, or its text.</summary>
internal static class CertificateFile
{
    private const int Longest = 64 * 1024;

    /// <returns>PEM, or base64 of the DER; empty when there is none or it is too long to be one.</returns>
    public static string Read(IFormCollection form)
    {
        if (form.Files["file"] is not { Length: > 0 } file) return form["pem"].ToString();
        if (file.Length > Longest) return "";
        var bytes = new byte[file.Length];
        using Stream content = file.OpenReadStream();
        content.ReadExactly(bytes);
        return bytes.AsSpan().StartsWith("-----BEGIN"u8) ? System.Text.Encoding.ASCII.GetString(bytes) : Convert.ToBase64String(bytes);
    }
}
