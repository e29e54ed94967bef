using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Limits;
using Passerelle.Smtp;

namespace Passerelle.Gateway.Receiving;

/// <summary>
/// How much one client, one address and all together may have of us. What is too much is asked to come back, never refused for good: an
/// honest sender who meets a bound loses a minute. Who is refused again and again waits longer for each answer.
/// </summary>
internal sealed class Doorkeeper(IOptions<ReceivingOptions> options, TimeProvider time)
{
    private readonly ReceivingOptions _options = options.Value;
    private readonly IPNetwork[] _unlimited = [.. options.Value.UnlimitedNetworks];
    private readonly ConcurrentDictionary<Client, int> _connections = new();
    private readonly Rate<Client> _arrivals = new(options.Value.ConnectionsPerMinutePerClient, time);
    private readonly Rate<Client> _mails = new(options.Value.MailsPerMinutePerClient, time);
    private readonly Rate<Client> _refusals = new(options.Value.RefusalsPerMinutePerClient, time);
    private readonly Rate<string> _addresses = new(options.Value.MailsPerMinutePerAddress, time);
    private readonly Rate<bool> _all = new(options.Value.MailsPerMinute, time);

    /// <summary>Counts a connection until it <see cref="Leave"/>s, whatever the answer was.</summary>
    /// <returns>Null: come in.</returns>
    public SmtpReply? Enter(EndPoint? remote)
    {
        if (IsUnlimited(remote)) return null;
        var client = Client.Of(remote);
        var open = _connections.AddOrUpdate(client, 1, static (_, count) => count + 1);
        if (_options.MaxConnectionsPerClient is > 0 and var most && open > most)
            return new SmtpReply(421, "7.0", $"Too many connections from your address at once: use {most} at most, try again later");
        return _arrivals.TryTake(client) ? null : new SmtpReply(421, "7.0", "Too many connections from your address: send more mails on each, try again in a minute");
    }

    public void Leave(EndPoint? remote)
    {
        if (IsUnlimited(remote)) return;
        var client = Client.Of(remote);
        while (_connections.TryGetValue(client, out var count))
        {
            if (count > 1 ? _connections.TryUpdate(client, count - 1, count) : _connections.TryRemove(new(client, count))) return;
        }
    }

    /// <returns>Null: go on.</returns>
    public SmtpReply? Mail(EndPoint? remote)
    {
        if (!IsUnlimited(remote) && !_mails.TryTake(Client.Of(remote)))
            return new SmtpReply(450, "7.0", "Too many mails from your address, try again in a minute");
        return _all.TryTake(true) ? null : new SmtpReply(451, "3.2", "Too much mail at once, try again in a minute");
    }

    /// <param name="owner">Whose mail it would be: an app, not a way of writing its address.</param>
    /// <returns>Null: go on.</returns>
    public SmtpReply? To(Addressee owner) => _addresses.TryTake($"{owner.OrganisationId:N}{owner.AppId:N}")
        ? null
        : new SmtpReply(450, "2.1", "Too much mail for this recipient, try again in a minute");

    /// <summary>A refusal is about to be said. The wait depends on the client alone: an address that exists is as slow as one that does not.</summary>
    public TimeSpan Refused(EndPoint? remote) => IsUnlimited(remote) || _refusals.TryTake(Client.Of(remote))
        ? TimeSpan.Zero
        : TimeSpan.FromSeconds(_options.TarpitSeconds);

    private bool IsUnlimited(EndPoint? remote)
    {
        if (remote is not IPEndPoint { Address: var address }) return false;
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        foreach (var network in _unlimited)
        {
            if (network.Contains(plain)) return true;
        }
        return false;
    }
}
