using System.Text.Json;

namespace Passerelle.Lab.Exchange;

/// <summary>How a mailbox answers by itself.</summary>
internal enum AutoResponder
{
    Off,
    /// <summary>Out of office as it should be: null sender, never an answer to automatic mail (RFC 3834 §2).</summary>
    OutOfOffice,
    /// <summary>One that answers everything, robots included, from its own address: the kind that makes loops.</summary>
    Naive,
}

/// <summary>What of a lab's Exchange is not Microsoft's: the routes out of the lab and who answers by himself.</summary>
internal sealed record ExchangeSettings
{
    /// <summary>Inbound domain of a gateway (lower case) to <c>host:port</c> of its receiver on loopback.</summary>
    public IReadOnlyDictionary<string, string> Routes { get; init; } = new Dictionary<string, string>();

    /// <summary>Domains of routes that want TLS of their receiver, as if they published MTA-STS.</summary>
    public IReadOnlyList<string> TlsDomains { get; init; } = [];

    /// <summary>Domains of routes that get every mail by DATA, though the receiver offers CHUNKING.</summary>
    public IReadOnlyList<string> DataDomains { get; init; } = [];

    /// <summary>By lower-case address.</summary>
    public IReadOnlyDictionary<string, AutoResponder> Responders { get; init; } = new Dictionary<string, AutoResponder>();
}

/// <summary>The settings of one lab and their file.</summary>
internal sealed class ExchangeSettingsFile
{
    private readonly Lock _gate = new();
    private readonly string _path;

    public ExchangeSettingsFile(string path)
    {
        _path = path;
        Current = File.Exists(path)
            ? JsonSerializer.Deserialize<ExchangeSettings>(File.ReadAllBytes(path), LabJson.Options) ?? new()
            : new();
    }

    public ExchangeSettings Current { get; private set; }

    public void Route(string domain, LoopbackTarget? target) => Change(settings => settings with
    {
        Routes = With(settings.Routes, domain.ToLowerInvariant(), target?.ToString()),
    });

    public void RequireTls(string domain, bool required) => Change(settings => settings with
    {
        TlsDomains = With(settings.TlsDomains, domain, required),
    });

    /// <summary>Exchange sends by BDAT where it is offered (facts/microsoft365.md §6.3); here it can be told not to.</summary>
    public void UseBdat(string domain, bool used) => Change(settings => settings with
    {
        DataDomains = With(settings.DataDomains, domain, !used),
    });

    public RelayTlsPolicy TlsOf(string domain) =>
        Current.TlsDomains.Contains(domain, StringComparer.OrdinalIgnoreCase) ? RelayTlsPolicy.Required : RelayTlsPolicy.Opportunistic;

    public bool UsesBdat(string domain) => !Current.DataDomains.Contains(domain, StringComparer.OrdinalIgnoreCase);

    public void Respond(string address, AutoResponder responder) => Change(settings => settings with
    {
        Responders = With(settings.Responders, MailAddress.Key(address), responder),
    });

    public void Restore(ExchangeSettings settings) => Change(_ => settings);

    public LoopbackTarget? RouteOf(string domain) =>
        LoopbackTarget.TryParse(Current.Routes.GetValueOrDefault(domain.ToLowerInvariant()));

    private void Change(Func<ExchangeSettings, ExchangeSettings> change)
    {
        lock (_gate)
        {
            Current = change(Current);
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!); // the lab always gives a path inside its folder
            File.WriteAllBytes(_path + ".tmp", JsonSerializer.SerializeToUtf8Bytes(Current, LabJson.Options));
            File.Move(_path + ".tmp", _path, overwrite: true);
        }
    }

    private static IReadOnlyList<string> With(IReadOnlyList<string> domains, string domain, bool listed) =>
        [.. domains.Except([domain], StringComparer.OrdinalIgnoreCase), .. listed ? [domain] : Array.Empty<string>()];

    private static Dictionary<string, T> With<T>(IReadOnlyDictionary<string, T> all, string key, T? value)
    {
        var changed = new Dictionary<string, T>(all);
        if (value is null) changed.Remove(key);
        else changed[key] = value;
        return changed;
    }
}
