using Microsoft.Extensions.Options;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Operations.Keeping;

/// <summary>Where exports lie: <c>exports/ORGANISATION/JOB.zip</c> of the data folder, for its owner only (0600), until they expire.</summary>
/// <param name="elsewhere">Where finished ones are kept instead; null: in that folder.</param>
internal sealed class ExportFiles(IOptions<StoreOptions> options, IKeptFiles? elsewhere = null)
{
    private readonly string _folder = Path.GetFullPath(Path.Combine(options.Value.Files, "exports"));

    public string PathOf(Guid organisationId, Guid jobId) => Path.Combine(_folder, organisationId.ToString("N"), $"{jobId:N}.zip");

    /// <summary>A file of that name with another ending, empty, whatever lay there before.</summary>
    public FileStream Begin(Guid organisationId, Guid jobId, string ending)
    {
        var path = Path.ChangeExtension(PathOf(organisationId, jobId), ending);
        PrivateFolder.Create(_folder);
        PrivateFolder.Create(Path.GetDirectoryName(path)!); // PathOf has one
        File.Delete(path);
        return Durable.Create(path);
    }

    /// <summary>The part is whole: it gets its name.</summary>
    public void Complete(Guid organisationId, Guid jobId)
    {
        var path = PathOf(organisationId, jobId);
        var part = Path.ChangeExtension(path, "part");
        if (elsewhere is null) File.Move(part, path, overwrite: true);
        else elsewhere.Keep(part, NameOf(organisationId, jobId));
        File.Delete(part);
        File.Delete(Path.ChangeExtension(path, "csv"));
    }

    /// <returns>Null when it is gone.</returns>
    public FileStream? Open(Guid organisationId, Guid jobId)
    {
        try
        {
            if (elsewhere is not null) return elsewhere.Open(NameOf(organisationId, jobId));
            return new FileStream(PathOf(organisationId, jobId), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public void Delete(Guid organisationId, Guid jobId)
    {
        foreach (var ending in new[] { "zip", "part", "csv" })
        {
            var path = Path.ChangeExtension(PathOf(organisationId, jobId), ending);
            if (File.Exists(path)) File.Delete(path);
        }
        elsewhere?.Delete(NameOf(organisationId, jobId));
    }

    private static string NameOf(Guid organisationId, Guid jobId) => $"exports/{organisationId:N}/{jobId:N}.zip";
}
