using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Threading.Channels;

namespace Passerelle.Lab.State;

/// <summary>Keeps labs on disk: one JSON file each, replaced whole by a rename, so a crash leaves the old or the new one.
/// Changes in quick succession share a write; what is waiting is written when the host stops.</summary>
internal sealed class LabFiles(DataFolder folder, ILogger<LabFiles> log) : BackgroundService
{
    public static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private readonly ConcurrentDictionary<string, Twin> _waiting = new();
    private readonly Channel<bool> _signal =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <exception cref="InvalidDataException">A file is not a lab; it is named, and never overwritten.</exception>
    public IEnumerable<LabState> Load()
    {
        foreach (var path in Directory.EnumerateFiles(folder.Labs, "*.json").Order(StringComparer.Ordinal))
        {
            LabState? state;
            try
            {
                state = JsonSerializer.Deserialize<LabState>(File.ReadAllBytes(path), Format);
            }
            catch (JsonException broken)
            {
                throw new InvalidDataException($"{path} is not a lab: {broken.Message}", broken);
            }

            yield return state ?? throw new InvalidDataException($"{path} is empty");
        }
    }

    public void Changed(Twin lab)
    {
        if (lab.Removed) return;
        _waiting[lab.Name] = lab;
        _signal.Writer.TryWrite(true);
    }

    /// <summary>Removes the file for good: a write that is under way removes it again.</summary>
    public void Forget(Twin lab)
    {
        lab.Removed = true;
        _waiting.TryRemove(KeyValuePair.Create(lab.Name, lab));
        File.Delete(PathOf(lab));
    }

    public override async Task StopAsync(CancellationToken cancel)
    {
        await base.StopAsync(cancel);
        await WriteWaitingAsync(CancellationToken.None); // what was answered is kept, even while stopping in haste
    }

    protected override async Task ExecuteAsync(CancellationToken cancel)
    {
        try
        {
            await foreach (var _ in _signal.Reader.ReadAllAsync(cancel)) await WriteOrLogAsync();
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // stopping: StopAsync writes what is waiting
        }
    }

    private string PathOf(Twin lab) => Path.Combine(folder.Labs, lab.Name + ".json");

    private async Task WriteOrLogAsync()
    {
        try
        {
            await WriteWaitingAsync(CancellationToken.None);
        }
        catch (IOException failure)
        {
            log.LabNotWritten(failure); // the labs stay waiting: the next change, or the stop, tries again
        }
    }

    private async Task WriteWaitingAsync(CancellationToken cancel)
    {
        foreach (var name in _waiting.Keys)
        {
            if (!_waiting.TryRemove(name, out Twin? lab)) continue;
            try
            {
                byte[] json = JsonSerializer.SerializeToUtf8Bytes(lab.State, Format);
                await folder.ReplaceAsync(PathOf(lab), json, cancel);
                if (lab.Removed) File.Delete(PathOf(lab));
            }
            catch
            {
                _waiting.TryAdd(name, lab);
                throw;
            }
        }
    }
}
