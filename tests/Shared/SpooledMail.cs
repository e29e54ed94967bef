using Passerelle.Gateway.Store;

namespace Passerelle.Tests;

/// <summary>One mail that arrives and is stored for organisations, each under the same id; where its file is kept is the spool's matter.</summary>
internal sealed class SpooledMail(IStore store, Spool spool, TimeProvider time)
{
    public static readonly Guid Ours = Guid.Parse("0199a000-0000-7000-8000-00000000000a");
    public static readonly Guid Theirs = Guid.Parse("0199a000-0000-7000-8000-00000000000b");
    public static readonly Guid Id = Guid.Parse("0199a000-0000-7000-8000-000000000001");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async Task<Arrival> ArriveAsync(byte[] mail, int piece = 50_000)
    {
        var arrival = spool.Begin();
        try
        {
            for (var at = 0; at < mail.Length; at += piece) await arrival.WriteAsync(mail.AsMemory(at, Math.Min(piece, mail.Length - at)), Cancel);
            return arrival;
        }
        catch
        {
            await arrival.DisposeAsync();
            throw;
        }
    }

    public async Task StoreAsync(byte[] mail, params Guid[] organisations)
    {
        await using var arrival = await ArriveAsync(mail);
        await StoreAsync(arrival, organisations);
    }

    public async Task StoreAsync(Arrival arrival, params Guid[] organisations)
    {
        await arrival.PlaceAsync([.. organisations.Select(organisation => (organisation, Id))], Cancel);
        await InsertAsync(arrival, organisations);
    }

    /// <summary>The rows of a mail that was placed.</summary>
    public Task InsertAsync(Arrival arrival, params Guid[] organisations) => store.WriteAsync(
        Lane.Receipts,
        tx =>
        {
            foreach (var organisation in organisations) arrival.Insert(tx, organisation, Id, time.GetUtcNow());
            return true;
        },
        Cancel);

    public async Task<byte[]> ReadAsync(Guid organisation)
    {
        await using var stream = await new RawMails(store, spool).OpenAsync(organisation, Id, Cancel);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, Cancel);
        return bytes.ToArray();
    }

    /// <summary>What lies in the spool's folder here.</summary>
    public IEnumerable<string> Files() => Directory.Exists(spool.Folder) ? Directory.EnumerateFiles(spool.Folder, "*", SearchOption.AllDirectories) : [];
}
