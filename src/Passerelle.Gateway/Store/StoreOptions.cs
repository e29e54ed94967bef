using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Passerelle.Gateway.Store;

/// <summary>Section <c>Store</c>.</summary>
internal sealed class StoreOptions
{
    /// <summary>Where the database, the spool and the lock live. One running server per folder.</summary>
    [Required] public string DataFolder { get; init; } = "data";

    /// <summary>A PostgreSQL connection string; null keeps everything in SQLite in the data folder.</summary>
    public string? Postgres { get; init; }

    /// <summary>Where mail too big for a row and exports lie. The nodes of a cluster share it. Null: in the data folder.</summary>
    public string? SharedFolder { get; init; }

    /// <summary>Connection string of an Azure storage account: mail too big for a row and exports lie in its blobs instead of a folder. Best in the environment, for it is a secret.</summary>
    public string? Blobs { get; init; }

    /// <summary>The container for them; made when the first one comes.</summary>
    [RegularExpression("[a-z0-9](-?[a-z0-9]){2,62}")] public string BlobContainer { get; init; } = "passerelle";

    /// <summary>The key that wraps the key ring; made once with mode 0600, best on another disk. Null:
    /// beside the data folder, under its name with <c>.key</c>. No backup carries it.</summary>
    public string? KeyFile { get; init; }

    /// <summary>SQLite's <c>synchronous</c>. Anything but FULL may lose accepted mail on power loss.</summary>
    [RegularExpression("FULL|OFF")] public string Synchronous { get; init; } = "FULL";

    /// <summary>Delegates grouped into one transaction at most.</summary>
    [Range(1, 4096)] public int GroupSize { get; init; } = 256;

    /// <summary>Delegates that may wait in each lane; the next caller waits for room.</summary>
    [Range(1, 100_000)] public int QueueLength { get; init; } = 4096;

    /// <summary>Bytes of arriving mail in memory, all sessions together; beyond it mail is spooled to files.</summary>
    [Range(1024 * 1024, 1L << 40)] public long BytesInFlight { get; init; } = 128 * 1024 * 1024;

    /// <summary>Mails being spooled at a time; the next is asked to come back later.</summary>
    [Range(1, 100_000)] public int SpoolFiles { get; init; } = 1000;

    /// <summary>Bytes of the disk that no arriving mail may take: below them it is asked to come back (452), so that what was taken can still be worked off.</summary>
    [Range(0, 1L << 40)] public long LeastFreeBytes { get; init; } = 256 * 1024 * 1024;

    /// <inheritdoc cref="SharedFolder"/>
    public string Files => SharedFolder ?? DataFolder;

    /// <summary>Seconds after which a read is interrupted.</summary>
    [Range(1, 5)] public int LongestReadSeconds { get; init; } = 5;
}

[OptionsValidator]
internal sealed partial class StoreOptionsValidator : IValidateOptions<StoreOptions>;
