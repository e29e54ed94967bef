using System.Globalization;
using System.Text.Json;

namespace Passerelle.Lab.Exchange;

/// <summary>Mails in a folder, each as <c>{id}.eml</c> (exact bytes) and <c>{id}.json</c> (what we know of it). The json is
/// renamed into place last: without it the mail was never accepted, and the next start removes the bytes.</summary>
/// <typeparam name="T">The record beside the bytes.</typeparam>
internal sealed class MailFiles<T>(string folder) where T : class
{
    /// <summary>Writes a mail aside: it is not there before the batch is kept.</summary>
    /// <param name="kept">Told when it is.</param>
    public async Task PrepareAsync(MailBatch batch, Guid id, T record, ReadOnlyMemory<byte> raw, Action kept, CancellationToken cancel)
    {
        batch.Add(() => Keep(id, kept), () => Drop(id)); // first: half a mail is dropped too
        await ReplaceAsync(PathOf(id, "eml"), raw, cancel);
        await File.WriteAllBytesAsync(Aside(id), JsonSerializer.SerializeToUtf8Bytes(record, LabJson.Options), cancel);
    }

    /// <summary>Replaces what we know of a mail whose bytes are there already.</summary>
    public Task SaveAsync(Guid id, T record, CancellationToken cancel) =>
        ReplaceAsync(PathOf(id, "json"), JsonSerializer.SerializeToUtf8Bytes(record, LabJson.Options), cancel);

    /// <summary>The same, at once: it is small.</summary>
    public void Save(Guid id, T record)
    {
        File.WriteAllBytes(PathOf(id, "json") + ".tmp", JsonSerializer.SerializeToUtf8Bytes(record, LabJson.Options));
        File.Move(PathOf(id, "json") + ".tmp", PathOf(id, "json"), overwrite: true);
    }

    /// <summary>Writes other bytes for a mail beside those that it has.</summary>
    public Task PrepareRewriteAsync(Guid id, ReadOnlyMemory<byte> raw, CancellationToken cancel) =>
        File.WriteAllBytesAsync(PathOf(id, "eml") + ".tmp", raw, cancel);

    /// <summary>They are the mail's from now on.</summary>
    public void Rewrite(Guid id) => File.Move(PathOf(id, "eml") + ".tmp", PathOf(id, "eml"), overwrite: true);

    /// <summary>Keeps a copy of the bytes that a mail has now; the next start removes it.</summary>
    public void SetAside(Guid id, int revision) => File.Copy(PathOf(id, "eml"), Old(id, revision), overwrite: true);

    /// <summary>Deletes a mail, but for its bytes: those are set aside.</summary>
    public void Retire(Guid id, int revision)
    {
        File.Delete(PathOf(id, "json"));
        File.Move(PathOf(id, "eml"), Old(id, revision), overwrite: true);
    }

    /// <summary>What was set aside is the mail again.</summary>
    public void BringBack(Guid id, int revision, T record)
    {
        File.Move(Old(id, revision), PathOf(id, "eml"), overwrite: true);
        Save(id, record);
    }

    public void DropAside(Guid id, int revision) => File.Delete(Old(id, revision));

    public Task<byte[]> ReadAsync(Guid id, CancellationToken cancel) => File.ReadAllBytesAsync(PathOf(id, "eml"), cancel);

    public void Delete(Guid id)
    {
        File.Delete(PathOf(id, "json"));
        File.Delete(PathOf(id, "eml"));
    }

    /// <summary>Deletes many: they are gone when this returns, and their files soon after. A list of them lies in the folder until
    /// then, so that a lab which starts sooner knows it too.</summary>
    public void Forget(IReadOnlyCollection<Guid> ids)
    {
        if (ids.Count == 0) return;
        var list = Path.Combine(folder, $"{ids.First():N}.gone");
        File.WriteAllLines(list + ".tmp", ids.Select(id => id.ToString("N")));
        File.Move(list + ".tmp", list, overwrite: true);
        _ = Task.Run(() => Sweep(list));
    }

    /// <summary>Everything that was accepted, in the order of the ids (time order: they are UUIDv7).</summary>
    public IReadOnlyList<T> Load()
    {
        Directory.CreateDirectory(folder);
        foreach (var orphan in Directory.EnumerateFiles(folder, "*.tmp")) File.Delete(orphan);
        foreach (var aside in Directory.EnumerateFiles(folder, "*.old")) File.Delete(aside);
        foreach (var list in Directory.EnumerateFiles(folder, "*.gone")) Sweep(list);
        foreach (var eml in Directory.EnumerateFiles(folder, "*.eml"))
        {
            if (!File.Exists(Path.ChangeExtension(eml, "json"))) File.Delete(eml);
        }

        return [.. Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal)
            .Where(json => File.Exists(Path.ChangeExtension(json, "eml")))
            .Select(json => JsonSerializer.Deserialize<T>(File.ReadAllBytes(json), LabJson.Options))
            .OfType<T>()];
    }

    private void Sweep(string list)
    {
        try
        {
            foreach (var id in File.ReadAllLines(list)) Delete(Guid.Parse(id, CultureInfo.InvariantCulture));
            File.Delete(list);
        }
        catch (IOException)
        {
            // the lab itself is being deleted, or another sweep was faster; what is left is listed still
        }
    }

    private void Keep(Guid id, Action kept)
    {
        File.Move(Aside(id), PathOf(id, "json"));
        kept();
    }

    private void Drop(Guid id)
    {
        if (!Directory.Exists(folder)) return; // nothing was written
        File.Delete(Aside(id));
        File.Delete(PathOf(id, "eml"));
    }

    private string Old(Guid id, int revision) => PathOf(id, string.Create(CultureInfo.InvariantCulture, $"{revision}.old"));

    private string Aside(Guid id) => PathOf(id, "json") + ".tmp";

    private string PathOf(Guid id, string extension) => Path.Combine(folder, $"{id:N}.{extension}");

    private static async Task ReplaceAsync(string path, ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!); // a path made by PathOf always has a folder
        await File.WriteAllBytesAsync(path + ".tmp", bytes, cancel);
        File.Move(path + ".tmp", path, overwrite: true);
    }
}
