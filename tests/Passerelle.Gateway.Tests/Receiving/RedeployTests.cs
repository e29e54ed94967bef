using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Passerelle.Gateway.Receiving;
using Passerelle.Gateway.Tests.Reading;
using Passerelle.Gateway.Tests.Store;

namespace Passerelle.Gateway.Tests.Receiving;

/// <summary>A redeploy with sockets that somebody else holds open, as systemd does: two generations, and senders who never stop.</summary>
public sealed class RedeployTests
{
    private const int Senders = 3;
    private const int MailsEach = 15; // before the change, and again after it

    private readonly ConcurrentQueue<string> _answers = new();
    private int _taken;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_successor_waits_for_the_folder_and_no_sender_sees_a_refusal()
    {
        await using var folder = StoreFolder.OnSqlite();
        var (_, address) = await ServingGateway.PrepareAsync(folder.Options, Cancel);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen(512);
        Assert.Equal(0, LeaveOpen(socket.SafeHandle, SetDescriptorFlags, 0)); // children keep it
        var endpoint = (IPEndPoint)socket.LocalEndPoint!; // bound

        await using var first = await ServingGateway.StartAsync(folder.Options, Cancel, Handing(socket));
        Assert.Equal(endpoint, first.Endpoint);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var senders = Enumerable.Range(0, Senders).Select(_ => SendAsync(endpoint, address, enough.Token)).ToList();
        await TakenAsync(Senders * MailsEach);

        var starting = ServingGateway.StartAsync(folder.Options, Cancel, Handing(socket)); // waits: the folder is the first one's
        Assert.Equal(0, await first.TerminateAsync());
        await using var second = await starting;
        await TakenAsync(Volatile.Read(ref _taken) + (Senders * MailsEach));
        await enough.CancelAsync();
        await Task.WhenAll(senders);

        Assert.All(_answers, answer => Assert.StartsWith("250 2.0.0 Accepted as ", answer, StringComparison.Ordinal));
        Assert.Equal(0, await second.TerminateAsync());
        await using var store = folder.Open();
        var receipts = await store.ReadAsync(tx => tx.Across("test").List<Guid>("SELECT id FROM receipt"), Cancel);
        Assert.Equal(_answers.Select(answer => Guid.ParseExact(answer[^32..], "N")).Order(), receipts.Order());
    }

    [Theory]
    [InlineData("7", "2", "smtp:http", "3", "", "4")]
    [InlineData("7", "3", "http:smtp:lmtp", "4", "5", "3")]
    [InlineData("7", "1", null, "3", "", "")]
    [InlineData("8", "1", "smtp", "", "", "")]
    [InlineData(null, "1", "smtp", "", "", "")]
    [InlineData("7", null, null, "", "", "")]
    public void Sockets_are_taken_as_systemd_hands_them_and_only_by_whom_they_were_handed_to(string? process, string? count, string? names, string mail, string lmtp, string http)
    {
        var handed = HandedSockets.Read(name => name switch { "LISTEN_PID" => process, "LISTEN_FDS" => count, _ => names }, self: 7);
        Assert.Equal((mail, lmtp, http), (string.Join(',', handed.Mail), string.Join(',', handed.Lmtp), string.Join(',', handed.Http)));
    }

    /// <summary>One mail a connection, as fast as they are taken; every answer is kept, a broken connection too.</summary>
    private async Task SendAsync(IPEndPoint endpoint, string address, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            try
            {
                await using var wire = await Wire.OpenAsync(endpoint);
                var hello = await wire.SayAsync("EHLO mail.fabrikam.example");
                _answers.Enqueue(hello.StartsWith("250", StringComparison.Ordinal) ? await wire.TryMailAsync(Written.Mail(), address) : hello);
                await wire.SayAsync("QUIT");
                Interlocked.Increment(ref _taken);
            }
            catch (Exception broken) when (broken is SocketException or IOException or Xunit.Sdk.XunitException)
            {
                _answers.Enqueue(broken.Message);
            }
        }
    }

    private async Task TakenAsync(int mails)
    {
        while (Volatile.Read(ref _taken) < mails && _answers.All(answer => answer.StartsWith("250", StringComparison.Ordinal))) await Task.Delay(20, Cancel);
    }

    /// <summary>The socket as descriptor 3 of whoever is started, as sd_listen_fds(3) expects it.</summary>
    private static string[] Handing(Socket socket) =>
    [
        "bash", "-c", "exec 3<&$0; export LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES=smtp; exec \"$@\"",
        socket.Handle.ToString(CultureInfo.InvariantCulture),
    ];

    private const int SetDescriptorFlags = 2;

    [DllImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int LeaveOpen(SafeSocketHandle socket, int command, int flags);
}
