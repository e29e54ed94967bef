namespace Passerelle.Gateway.Apps;

/// <summary>The rules of the fields that say how the app proves its registration and how it is authorised.</summary>
internal static partial class AppFormRules
{
    /// <param name="folders">Where the operator lets files of assertions be.</param>
    private static IEnumerable<FieldProblem> Proof(AppForm form, EmailApp stored, IReadOnlyList<string> folders, DateOnly today)
    {
        const string Field = nameof(AppForm.Proof);
        return (form.Proof, form.Way) switch
        {
            (Proofs.Secret, _) => [.. ClientSecret(form, stored), .. SecretExpiry(form, today)],
            (Proofs.Certificate, _) when stored.CertificateId is null => [new(Field, "certificate-missing")],
            (Proofs.Certificate, _) => [],
            (Proofs.Federated, _) => AssertionFile(form.AssertionFile, folders),
            (Proofs.None, Ways.DeviceCode) => [],
            (Proofs.None, _) => [new(Field, "proof-none-needs-device")],
            _ => [new(Field, "proof-unknown")],
        };
    }

    private static IEnumerable<FieldProblem> AssertionFile(string path, IReadOnlyList<string> folders)
    {
        const string Field = nameof(AppForm.AssertionFile);
        var file = path.Trim();
        if (file.Length == 0) yield return new(Field, "assertion-file-missing");
        else if (file.Length > 1024) yield return new(Field, "text-long", "1024");
        else if (file.Any(char.IsControl)) yield return new(Field, "text-control");
        else if (!Path.IsPathFullyQualified(file)) yield return new(Field, "assertion-file-relative");
        else if (folders.Count == 0) yield return new(Field, "assertion-folders-none");
        else if (!AssertionFolders.Hold(folders, file)) yield return new(Field, "assertion-file-outside", string.Join(", ", folders));
    }

    private static IEnumerable<FieldProblem> Way(AppForm form)
    {
        if (form.Way is not (Ways.Code or Ways.AppOnly or Ways.DeviceCode)) yield return new(nameof(AppForm.Way), "way-unknown");
    }

    /// <summary>The account of a person: of the delegate, never of the mailbox itself.</summary>
    private static IEnumerable<FieldProblem> SignsInAs(AppForm form)
    {
        const string Field = nameof(AppForm.SignsInAs);
        var account = form.SignsInAs.Trim();
        if (account.Length == 0 || form.Way == Ways.AppOnly) yield break;
        if (!IsAddress(account)) yield return new(Field, "signs-in-as-invalid");
        else if (account.Equals(form.EmailId.Trim(), StringComparison.OrdinalIgnoreCase)) yield return new(Field, "signs-in-as-mailbox");
    }

    /// <summary>An application asks for everything that it was granted, of one resource (facts/microsoft365.md §1.5, §1.14).</summary>
    private static IEnumerable<FieldProblem> ApplicationScope(string preset, string[] scopes)
    {
        if (preset == Preset.Microsoft365 && scopes.Length == 0) yield return new(nameof(AppForm.Scope), "scope-missing");
        else if (preset == Preset.Microsoft365 && !(scopes is [var only] && only.EndsWith("/.default", StringComparison.Ordinal))) yield return new(nameof(AppForm.Scope), "scope-app-only");
    }
}
