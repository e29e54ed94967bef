namespace Passerelle.Mail.Bodies;

/// <summary>Marks attachments that run something when they are opened, or that pretend to be what they are not.</summary>
internal static class Dangers
{
    /// <summary>What Outlook blocks, and the containers and shortcuts that came after its list.</summary>
    private static readonly HashSet<string> Running = new(
        """
        ade adp apk app appcontent-ms application appref-ms asp aspx bas bat chm cmd com cpl crt csh der diagcab dll exe fxp gadget grp hlp hpj hta inf ins
        iso img isp its jar jnlp js jse ksh lnk mad maf mag mam maq mar mas mat mau mav maw mcf mda mdb mde mdt mdw mdz msc msh msh1 msh2 mshxml msi msp mst
        msu ops osd pcd pif pl plg prf prg printerexport ps1 ps1xml ps2 psc1 psc2 psd1 psdm1 pst py pyc pyo pyw pyz reg scf scr sct settingcontent-ms shb shs
        svg theme tmp udl url vb vbe vbp vbs vhd vhdx vsmacros vsw webpnp website ws wsb wsc wsf wsh xbap xll xnk docm dotm xlsm xltm xlam pptm potm ppam ppsm
        sldm one htm html shtml mht mhtml xhtml
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> Harmless = new(["pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "txt", "jpg", "jpeg", "png", "gif", "csv", "rtf", "zip", "mp3", "mp4"], StringComparer.OrdinalIgnoreCase);

    public static string? In(string? name, string type, string? trueType)
    {
        string extension = Extension(name);
        if (trueType is "application/vnd.microsoft.portable-executable" or "application/x-elf" or "application/x-ms-shortcut" or "application/java-vm" or "application/java-archive")
            return $"It is a program ({trueType}), whatever its name says";
        if (name is not null && name.Any(c => c is >= '\u202a' and <= '\u202e' or >= '\u2066' and <= '\u2069'))
            return "Its name holds signs that turn its direction, so that its end is not where it seems to be";
        if (Running.Contains(extension))
            return Harmless.Contains(Extension(name![..^(extension.Length + 1)])) ? $"It ends with two extensions and the last one (.{extension}) can run" : $"Files that end with .{extension} can run something";
        if (trueType is "text/html" or "image/svg+xml" && type is not ("text/html" or "image/svg+xml"))
            return "It is a page that can run scripts, and does not say so";
        return null;
    }

    private static string Extension(string? name) => name is not null && name.LastIndexOf('.') is var dot and > 0 ? name[(dot + 1)..].Trim().ToLowerInvariant() : "";
}
