using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Passerelle.Lab.Tests.Exchange;

/// <summary>What the writer hears of a mail that waits for its receiver (facts §5.5, §6.3, §6.4), on lab time.</summary>
public class ExpiryTests(LabUnderTest lab)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("refused", "4.4.316", "5.4.316")]
    [InlineData("busy", "4.7.500", "5.4.300")]
    [InlineData("dns", "4.4.312", "5.4.312")]
    [InlineData("clear", "4.7.321", "5.7.321")]
    [InlineData("otherName", "4.7.325", "5.7.325")]
    [Shows("5.5:550-5.4.300-5.4.312-5.4.316-4.4.316", "5.5:5.7.321-5.7.325")]
    public async Task A_mail_that_cannot_leave_is_late_after_hours_and_returned_after_a_day(string trouble, string late, string final)
    {
        var (flow, receiver) = (await MailFlowLab.NewAsync(lab), await MailFlowLab.NewAsync(lab));
        using var clear = new ClearReceiver();
        var mx = lab.Fixture.Endpoints.MxPort;
        await RouteAsync(flow, receiver.Contoso.Domain, trouble switch { "refused" or "dns" => Ports.Kept(), "clear" => clear.Port, _ => mx ?? 0 },
            tlsRequired: trouble is "clear" or "otherName");
        if (trouble == "busy") await receiver.Flow.SetAsync(new { edgeBlocks = new[] { new { who = flow.Contoso.CustomerDomain, status = "4.7.500" } } }, Cancel);
        if (trouble == "dns") await flow.Flow.SetDnsFaultsAsync(flow.Contoso.Lab, [(receiver.Contoso.Domain, "servFail")], Cancel);
        await flow.WriteAsync(to: receiver.Contoso.Support);

        await AdvanceAsync(flow, hours: 5);
        var delayed = await flow.Mail.WaitAsync(flow.Contoso.Ann, Patience, Cancel, subject: "Delivery delayed: My order");
        Assert.NotNull(delayed);
        var (notice, _) = await flow.ReportToAsync(flow.Contoso.Ann);
        Assert.Equal(("delayed", late), (notice["Action"], notice["Status"]));
        Assert.NotNull(notice["Will-Retry-Until"]);

        await AdvanceAsync(flow, hours: 20);
        var returned = await flow.Mail.WaitAsync(flow.Contoso.Ann, Patience, Cancel, subject: "Undeliverable: My order");
        Assert.NotNull(returned);
        var report = await flow.ReadAsync(returned);
        var status = Assert.IsType<MimeKit.MessageDeliveryStatus>(Assert.IsType<MimeKit.MultipartReport>(report.Body)[1]).StatusGroups[1];
        Assert.Equal(("failed", final, $"dns;mx.{receiver.Contoso.Domain}"), (status["Action"], status["Status"], status["Remote-MTA"]));
        Assert.Matches($@"\d+/\d+/\d{{4}} \d+:\d\d:\d\d [AP]M - Server at mx\.{receiver.Contoso.Domain} returned '", report.TextBody);
        Assert.DoesNotContain(await flow.InAsync(flow.Contoso.Ann), mail => mail.Subject.Contains("delayed", StringComparison.Ordinal) && mail.Id != delayed.Id);
    }

    private static Task RouteAsync(MailFlowLab flow, string domain, int port, bool tlsRequired) => flow.Control.SendAsync(
        HttpMethod.Put, $"labs/{flow.Contoso.Lab}/exchange/routes/{domain}", new { target = $"127.0.0.1:{port}", tlsRequired }, Cancel);

    private static async Task AdvanceAsync(MailFlowLab flow, int hours)
    {
        await flow.Control.AdvanceAsync(flow.Contoso.Lab, TimeSpan.FromHours(hours), Cancel);
        await flow.Control.SendAsync(HttpMethod.Post, $"labs/{flow.Contoso.Lab}/exchange/queue/retry", null, Cancel);
    }

    /// <summary>A receiver that offers no STARTTLS.</summary>
    private sealed class ClearReceiver : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public ClearReceiver()
        {
            _listener.Start();
            _ = ServeAsync();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public void Dispose() => _listener.Dispose();

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    using var client = await _listener.AcceptTcpClientAsync(Cancel);
                    var stream = client.GetStream();
                    await stream.WriteAsync("220 plain.example ESMTP\r\n"u8.ToArray(), Cancel);
                    using var reader = new StreamReader(stream, Encoding.ASCII);
                    while (await reader.ReadLineAsync(Cancel) is not null) await stream.WriteAsync("250 plain.example\r\n"u8.ToArray(), Cancel);
                }
            }
            catch (Exception over) when (over is ObjectDisposedException or SocketException or IOException or OperationCanceledException)
            {
                // the test is over
            }
        }
    }
}
