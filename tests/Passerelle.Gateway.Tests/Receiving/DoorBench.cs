using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Receiving;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Tests.Reading;
using Passerelle.Gateway.Tests.Store;

namespace Passerelle.Gateway.Tests.Receiving;

/// <summary>The door of a real store on a free port of loopback.</summary>
internal sealed class DoorBench : IAsyncDisposable
{
    private readonly ServerCertificate _certificate;
    private readonly MailSockets _sockets;

    private DoorBench(InboundBench inbound, ReceivingOptions settings, FreeBytes? free)
    {
        Inbound = inbound;
        Faulty = new FaultyStore(inbound.Store);
        var options = Options.Create(settings);
        _certificate = new ServerCertificate(options, TimeProvider.System, NullLogger<ServerCertificate>.Instance);
        Addressees = new Addressees(Faulty, options, inbound.Temp.Time);
        Spool = Spools.For(inbound.Temp.Options, free, inbound.Temp.Time);
        _sockets = new MailSockets(inbound.Temp.Time, NullLogger<MailSockets>.Instance);
        Door = new InboundDoor(
            _sockets, options, _certificate, Addressees, new Intake(Faulty, Spool), new ReceiptIds(inbound.Temp.Time),
            new Doorkeeper(options, inbound.Temp.Time), inbound.Signals, new Rush(inbound.Temp.Time), inbound.Temp.Time,
            NullLogger<InboundDoor>.Instance);
    }

    public InboundBench Inbound { get; }
    public FaultyStore Faulty { get; }
    public Addressees Addressees { get; }
    public Spool Spool { get; }
    public InboundDoor Door { get; }
    public IPEndPoint Endpoint => Door.Endpoints[0];

    /// <param name="free">What the disk says is free; null: the real one.</param>
    public static async Task<DoorBench> OpenAsync(ReceivingOptions? settings = null, FreeBytes? free = null)
    {
        var bench = new DoorBench(
            await InboundBench.OpenAsync(),
            settings ?? new ReceivingOptions { Endpoints = ["127.0.0.1:0"], HostName = "in.contoso.example", MaxBytes = 1_000_000, AddressSeconds = 0 },
            free);
        await bench.Door.StartAsync(TempStore.Cancel);
        return bench;
    }

    public async Task<Wire> ConnectAsync()
    {
        var wire = await Wire.OpenAsync(Endpoint);
        Assert.StartsWith("250 ", await wire.SayAsync("EHLO mail.fabrikam.example"), StringComparison.Ordinal);
        return wire;
    }

    public async ValueTask DisposeAsync()
    {
        await Door.StopAsync(CancellationToken.None);
        await Door.DisposeAsync();
        _sockets.Dispose();
        _certificate.Dispose();
        await Inbound.DisposeAsync();
    }
}
