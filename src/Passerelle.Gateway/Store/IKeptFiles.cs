namespace Passerelle.Gateway.Store;

/// <summary>Where what is too big for a row lies for good, by names with slashes. Two: a folder, and a container of Azure Blob Storage.</summary>
internal interface IKeptFiles
{
    /// <summary>Durable when it returns; the file itself has moved, or is not needed any more.</summary>
    /// <param name="file">Whole, and flushed.</param>
    /// <exception cref="IOException">It is not kept.</exception>
    void Keep(string file, string name);

    /// <exception cref="FileNotFoundException">There is none of that name.</exception>
    /// <exception cref="StoreUnavailable">It cannot be asked for now.</exception>
    FileStream Open(string name);

    /// <summary>Nothing when there is none of that name.</summary>
    /// <exception cref="IOException">It is still there.</exception>
    void Delete(string name);

    /// <returns>Names of those below a first part that were written before.</returns>
    IEnumerable<string> Before(string first, DateTimeOffset time);
}
