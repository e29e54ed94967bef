using Microsoft.Extensions.Options;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Operations.Keeping;

/// <summary>Where exports lie: <c>exports/ORGANISATION/JOB.zip</c> of the data folder, for its owner only (0600), until they expire.</summary>
internal sealed class ExportFiles(IOptions<StoreOptions> options)
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

    /// <returns>Null when it is gone.</returns>
    public FileStream? Open(Guid organisationId, Guid jobId)
    {
        try
        {
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
    }
}
