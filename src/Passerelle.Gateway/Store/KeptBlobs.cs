using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Microsoft.Extensions.Options;

namespace Passerelle.Gateway.Store;

/// <summary>
/// Kept files as block blobs of one container, which is made when the first one comes. The service answers a write when it is durable
/// (https://learn.microsoft.com/azure/storage/common/storage-redundancy). What is opened is fetched into a file that goes when it is closed:
/// mail is read more than once, from any place.
/// </summary>
internal sealed class KeptBlobs : IKeptFiles
{
    private const string Silent = "Azure Blob Storage does not answer";

    private readonly BlobContainerClient _container;
    private readonly string _fetched;

    public KeptBlobs(IOptions<StoreOptions> options)
    {
        // The version is named so that an upgrade of the package cannot ask for more than the service of today knows.
        var settings = new BlobClientOptions(BlobClientOptions.ServiceVersion.V2025_11_05) { Retry = { MaxRetries = 2, NetworkTimeout = TimeSpan.FromSeconds(30) } };
        _container = new BlobContainerClient(options.Value.Blobs, options.Value.BlobContainer, settings);
        _fetched = Path.GetFullPath(Path.Combine(options.Value.DataFolder, "spool", "fetched"));
    }

    public void Keep(string file, string name)
    {
        try
        {
            Upload(file, name);
        }
        catch (RequestFailedException none) when (none.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            Told(() => _container.CreateIfNotExists());
            Told(() => Upload(file, name));
        }
        catch (Exception failure) when (failure is RequestFailedException or AggregateException)
        {
            throw Away(failure);
        }
    }

    public FileStream Open(string name)
    {
        PrivateFolder.Create(_fetched);
        var copy = new FileStream(Path.Combine(_fetched, Path.GetRandomFileName()), new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Options = FileOptions.DeleteOnClose,
        });
        try
        {
            _container.GetBlobClient(name).DownloadTo(copy);
            copy.Position = 0;
            return copy;
        }
        catch (Exception failure)
        {
            copy.Dispose();
            if (failure is RequestFailedException { Status: 404 }) throw new FileNotFoundException($"There is no blob {name}", failure);
            if (failure is RequestFailedException or AggregateException) throw new StoreUnavailable(Silent, diskFull: false, failure);
            throw;
        }
    }

    public void Delete(string name) => Told(() => _container.GetBlobClient(name).DeleteIfExists());

    public IEnumerable<string> Before(string first, DateTimeOffset time) => Told(() =>
        _container.Exists()
            ? _container.GetBlobs(new GetBlobsOptions { Prefix = $"{first}/" }).Where(blob => blob.Properties.LastModified < time).Select(blob => blob.Name).ToList()
            : []);

    private Response<BlobContentInfo> Upload(string file, string name)
    {
        using var content = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return _container.GetBlobClient(name).Upload(content, overwrite: true);
    }

    private static T Told<T>(Func<T> ask)
    {
        try
        {
            return ask();
        }
        catch (Exception failure) when (failure is RequestFailedException { ErrorCode: not "ContainerNotFound" } or AggregateException)
        {
            throw Away(failure);
        }
    }

    /// <summary>An <see cref="AggregateException"/> holds what each of several tries met.</summary>
    private static IOException Away(Exception failure) => new(Silent, failure);
}
