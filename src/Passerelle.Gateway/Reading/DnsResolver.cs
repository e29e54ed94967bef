using System.Net;
using System.Net.Sockets;
using DnsClient;
using DnsClient.Protocol;
using Microsoft.Extensions.Options;
using Passerelle.Mail.Verdicts;

namespace Passerelle.Gateway.Reading;

/// <summary>The configured resolver, through a cache. Each question has its deadline; while the resolver is silent, nobody waits for it but
/// one question now and then: a mail asks several, one after the other, and many mails wait behind each other.</summary>
internal sealed class DnsResolver(IOptions<ReadingOptions> options, TimeProvider time) : IDns
{
    /// <summary>For what does not exist, where the zone does not say (RFC 2308 §5).</summary>
    private static readonly TimeSpan Nothing = TimeSpan.FromMinutes(1);

    /// <summary>How long a resolver that let a question go unanswered, and answered no other meanwhile, is left alone.</summary>
    private static readonly TimeSpan SilenceHolds = TimeSpan.FromSeconds(5);

    private readonly Lazy<LookupClient> _client = new(() => Open(options.Value));
    private readonly DnsCache _cache = new(time, options.Value.DnsCacheEntries);
    private long _answeredAt; // a timestamp of time
    private long _leftAloneUntil; // ticks, UTC

    public Task<IReadOnlyList<string>> TxtAsync(string name, CancellationToken cancel) =>
        AskAsync<TxtRecord, string>(name, QueryType.TXT, record => string.Concat(record.Text), cancel);

    public Task<IReadOnlyList<IPAddress>> AddressesAsync(string name, AddressFamily family, CancellationToken cancel) =>
        AskAsync<AddressRecord, IPAddress>(name, family is AddressFamily.InterNetwork ? QueryType.A : QueryType.AAAA, record => record.Address, cancel);

    public async Task<IReadOnlyList<string>> MailExchangersAsync(string name, CancellationToken cancel) =>
        [.. (await AskAsync<MxRecord, MxRecord>(name, QueryType.MX, record => record, cancel)).OrderBy(record => record.Preference).Select(record => record.Exchange.Value.TrimEnd('.'))];

    public Task<IReadOnlyList<string>> NamesAsync(IPAddress address, CancellationToken cancel) =>
        AskAsync<PtrRecord, string>(address.GetArpaName().TrimEnd('.'), QueryType.PTR, record => record.PtrDomainName.Value.TrimEnd('.'), cancel);

    private Task<IReadOnlyList<T>> AskAsync<TRecord, T>(string name, QueryType type, Func<TRecord, T> read, CancellationToken cancel)
        where TRecord : DnsResourceRecord =>
        _cache.GetAsync($"{type} {name}", () => QueryAsync(name, type, read), cancel);

    private async Task<DnsReply<T>> QueryAsync<TRecord, T>(string name, QueryType type, Func<TRecord, T> read)
        where TRecord : DnsResourceRecord
    {
        if (time.GetUtcNow().UtcTicks < Volatile.Read(ref _leftAloneUntil)) throw new DnsResponseException("The resolver did not answer a moment ago");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(options.Value.DnsSeconds * 2), time); // a second try included
        if (NameOf(name) is not { } question) return new([], Nothing);
        var answer = await AnswerAsync(question, type, patience.Token);
        if (answer.HasError && answer.Header.ResponseCode is not DnsHeaderResponseCode.NotExistentDomain) throw new DnsResponseException(answer.ErrorMessage);
        var records = answer.Answers.OfType<TRecord>().ToList();
        return records.Count > 0
            ? new([.. records.Select(read)], TimeSpan.FromSeconds(records.Min(record => record.InitialTimeToLive)))
            : new([], answer.Authorities.OfType<SoaRecord>().FirstOrDefault() is { } zone ? TimeSpan.FromSeconds(Math.Min(zone.InitialTimeToLive, zone.Minimum)) : Nothing);
    }

    private async Task<IDnsQueryResponse> AnswerAsync(DnsString question, QueryType type, CancellationToken patience)
    {
        var asked = time.GetTimestamp();
        try
        {
            var answer = await _client.Value.QueryAsync(question, type, cancellationToken: patience);
            Volatile.Write(ref _answeredAt, time.GetTimestamp());
            return answer;
        }
        catch
        {
            // One zone in trouble is not the resolver's silence: somebody else was answered meanwhile.
            if (Volatile.Read(ref _answeredAt) <= asked) Volatile.Write(ref _leftAloneUntil, (time.GetUtcNow() + SilenceHolds).UtcTicks);
            throw;
        }
    }

    /// <returns>Null for a name that no question can hold: it does not exist.</returns>
    private static DnsString? NameOf(string name)
    {
        try
        {
            return DnsString.Parse(name);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static LookupClient Open(ReadingOptions options)
    {
        var how = options.Resolver.Length > 0
            ? new LookupClientOptions(IPEndPoint.Parse(options.Resolver))
            : new LookupClientOptions();
        how.Timeout = TimeSpan.FromSeconds(options.DnsSeconds);
        how.Retries = 1;
        how.UseCache = false; // ours keeps what does not exist too
        return new LookupClient(how);
    }
}
