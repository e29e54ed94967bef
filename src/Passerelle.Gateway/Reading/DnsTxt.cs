using System.Net;
using DnsClient;
using DnsClient.Protocol;
using Microsoft.Extensions.Options;
using Passerelle.Mail.Verdicts;

namespace Passerelle.Gateway.Reading;

/// <summary>TXT records from the configured resolver; answers are kept for as long as they say.</summary>
internal sealed class DnsTxt(IOptions<ReadingOptions> options) : IDnsTxt
{
    private readonly Lazy<LookupClient> _client = new(() => Open(options.Value));

    public async Task<IReadOnlyList<string>> TxtAsync(string name, CancellationToken cancel)
    {
        var answer = await _client.Value.QueryAsync(name, QueryType.TXT, cancellationToken: cancel);
        if (answer.Header.ResponseCode is DnsHeaderResponseCode.NotExistentDomain) return [];
        return answer.HasError
            ? throw new DnsResponseException(answer.ErrorMessage)
            : [.. answer.Answers.OfType<TxtRecord>().Select(record => string.Concat(record.Text))];
    }

    private static LookupClient Open(ReadingOptions options)
    {
        var how = options.Resolver.Length > 0
            ? new LookupClientOptions(IPEndPoint.Parse(options.Resolver))
            : new LookupClientOptions();
        how.Timeout = TimeSpan.FromSeconds(options.DnsSeconds);
        how.Retries = 1;
        how.CacheFailedResults = false;
        return new LookupClient(how);
    }
}
