using Microsoft.Extensions.DependencyInjection;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Receiving;
using Passerelle.Journey.Tests;

namespace Passerelle.Clients.Tests.Senders;

/// <summary>A gateway with one Email app whose form has only been opened: what comes for it is held, and kept whole (design §1).</summary>
/// <param name="lab">Only its DNS is asked.</param>
public sealed class ReceivingGateway(ClientsLab lab) : IAsyncLifetime
{
    private RunningGateway? _gateway;

    public string ForwardingAddress { get; private set; } = "";

    internal RunningGateway Gateway => _gateway!; // xUnit calls InitializeAsync first

    internal int Port => Gateway.Smtp.Port;

    internal int LmtpPort => Gateway.Services.GetRequiredService<InboundDoor>().LmtpEndpoints[0].Port;

    public async ValueTask InitializeAsync()
    {
        _gateway = new RunningGateway(lab.Fixture.Endpoints, "in.passerelle.example", ["--Receiving:LmtpEndpoints:0=127.0.0.1:0"]);
        await _gateway.StartAsync();
        await _gateway.FirstRunAsync();
        var app = await _gateway.Operator.SendAsync(HttpMethod.Post, "/api/v1/apps", null, ClientsLab.Cancel);
        ForwardingAddress = app.GetProperty("forwardingAddress").GetString() ?? "";
    }

    public ValueTask DisposeAsync() => Gateway.DisposeAsync();

    /// <returns>The mail with that subject as it is stored, trace header and all.</returns>
    internal async Task<byte[]> ArrivedAsync(string subject)
    {
        var organisation = await Gateway.OrganisationAsync();
        var messages = Gateway.Services.GetRequiredService<StoredMessages>();
        Message message = await Eventually.SeesAsync($"The mail '{subject}' is there", async cancel =>
            (await messages.ListAsync(organisation, null, null, 200, cancel)).Lines.FirstOrDefault(one => one.Subject == subject) is { } line
                ? await messages.FindAsync(organisation, line.Id, cancel)
                : null);
        await using Stream source = await messages.OpenSourceAsync(organisation, message.Id, ClientsLab.Cancel) ?? throw new InvalidOperationException($"The bytes of '{subject}' are gone");
        using var bytes = new MemoryStream();
        await source.CopyToAsync(bytes, ClientsLab.Cancel);
        return bytes.ToArray();
    }
}
