using System.Text;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;
using Passerelle.Gateway.Messages;
using Passerelle.Journey.Tests;

namespace Passerelle.Clients.Tests.Scanners;

/// <summary>ClamAV and rspamd as people run them, asked about mail that arrived over SMTP.</summary>
public sealed class ScannerTests(ClientsLab lab, ScannerDaemons daemons) : IClassFixture<ScannerDaemons>
{
    [Theory]
    [InlineData("TCP")]
    [InlineData("its Unix socket")]
    public async Task Clamd_finds_what_is_attached_and_rspamd_what_is_spam(string how)
    {
        await using var gateway = await StartAsync($"--Reading:ClamAv={(how == "TCP" ? daemons.ClamdAddress : daemons.ClamdSocket)}", $"--Reading:Rspamd={daemons.RspamdAddress}");

        var infected = await ArriveAsync(gateway, "An order", "See the file", Encoding.ASCII.GetBytes($"MZ {ScannerDaemons.Harmless} end"));
        Assert.Equal((MessageState.Quarantined, "infected", "suspicious"), (infected.State, infected.Malware, infected.Verdict));
        Assert.StartsWith("ClamAV found Passerelle.Test.File", infected.StateReason, StringComparison.Ordinal);

        var spam = await ArriveAsync(gateway, "An offer", ScannerDaemons.Gtube, null);
        Assert.Equal(("clean", "spam", "suspicious"), (spam.Malware, spam.Spam, spam.Verdict));
        Assert.Matches("^rspamd: reject, score .* of 15 \\(GTUBE\\)$", spam.VerdictReasonList[0]);
        Assert.NotEqual(MessageState.Quarantined, spam.State);

        var fine = await ArriveAsync(gateway, "A question", "Where is my order?", Encoding.ASCII.GetBytes("1,blue"));
        Assert.Equal(("clean", "ham"), (fine.Malware, fine.Spam));

        var large = await ArriveAsync(gateway, "A large one", "See the file", new byte[4 * 1024 * 1024]); // clamd here takes 2 MB
        Assert.Equal(("not-scanned", "ham"), (large.Malware, large.Spam));
    }

    [Fact]
    public async Task Mail_waits_while_clamd_is_down_and_is_scanned_when_it_is_back()
    {
        await using var gateway = await StartAsync($"--Reading:ClamAv={daemons.ClamdAddress}", "--Reading:RetrySeconds=1");
        await daemons.StopClamdAsync();
        try
        {
            await SendAsync(gateway, "While it is away", "See the file", Encoding.ASCII.GetBytes(ScannerDaemons.Harmless));
            using var browser = new HttpClient { BaseAddress = new Uri(gateway.Gateway.PublicUrl) };
            await Eventually.SeesAsync("Health says that mail waits", async cancel =>
                await browser.GetStringAsync("/health/ready", cancel) == "Degraded");
            var organisation = await gateway.Gateway.OrganisationAsync();
            Assert.Empty((await gateway.Gateway.Services.GetRequiredService<StoredMessages>().ListAsync(organisation, null, null, 10, ClientsLab.Cancel)).Lines);
        }
        finally
        {
            await daemons.StartClamdAsync();
        }
        Assert.True((await ArrivedAsync(gateway, "While it is away")).IsQuarantined);
    }

    [Fact]
    public async Task What_is_in_quarantine_is_given_to_nobody_until_it_is_released()
    {
        await using var gateway = await StartAsync($"--Reading:ClamAv={daemons.ClamdAddress}");
        var message = await ArriveAsync(gateway, "An order", "See the file", Encoding.ASCII.GetBytes(ScannerDaemons.Harmless));
        var operatorsDoor = gateway.Gateway.Operator;
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => operatorsDoor.SendAsync(HttpMethod.Get, $"/api/v1/messages/{message.Id}/source", null, ClientsLab.Cancel));
        Assert.Contains("quarantine", refused.Message, StringComparison.Ordinal);
        Assert.Equal(message.Id.ToString(), (await operatorsDoor.SendAsync(HttpMethod.Get, "/api/v1/messages?quarantined=true", null, ClientsLab.Cancel)).GetProperty("lines")[0].GetProperty("id").GetString());
        await operatorsDoor.SendAsync(HttpMethod.Post, $"/api/v1/messages/{message.Id}/release", null, ClientsLab.Cancel);
        var released = await gateway.Gateway.Services.GetRequiredService<StoredMessages>().FindAsync(message.OrganisationId, message.Id, ClientsLab.Cancel);
        Assert.Equal((MessageState.Held, "infected"), (released?.State, released?.Malware)); // its app is still a draft
    }

    private async Task<Scanned> StartAsync(params string[] options)
    {
        var gateway = new RunningGateway(lab.Fixture.Endpoints, "in.passerelle.example", options);
        await gateway.StartAsync();
        await gateway.FirstRunAsync();
        var app = await gateway.Operator.SendAsync(HttpMethod.Post, "/api/v1/apps", null, ClientsLab.Cancel);
        return new Scanned(gateway, app.GetProperty("forwardingAddress").GetString() ?? "");
    }

    private static async Task SendAsync(Scanned gateway, string subject, string text, byte[]? file)
    {
        var builder = new BodyBuilder { TextBody = text };
        if (file is not null) builder.Attachments.Add("order.bin", file, new ContentType("application", "octet-stream"));
        using var mail = new MimeMessage([new MailboxAddress("Ann", "ann@fabrikam.example")], [new MailboxAddress("", "support@contoso.example")], subject, builder.ToMessageBody());
        using var client = new SmtpClient();
        await client.ConnectAsync("127.0.0.1", gateway.Gateway.Smtp.Port, SecureSocketOptions.None, ClientsLab.Cancel);
        await client.SendAsync(mail, new MailboxAddress("", "ann@fabrikam.example"), [new MailboxAddress("", gateway.Address)], ClientsLab.Cancel);
        await client.DisconnectAsync(true, ClientsLab.Cancel);
    }

    private static async Task<Message> ArriveAsync(Scanned gateway, string subject, string text, byte[]? file)
    {
        await SendAsync(gateway, subject, text, file);
        return await ArrivedAsync(gateway, subject);
    }

    private static async Task<Message> ArrivedAsync(Scanned gateway, string subject)
    {
        var organisation = await gateway.Gateway.OrganisationAsync();
        var messages = gateway.Gateway.Services.GetRequiredService<StoredMessages>();
        return await Eventually.SeesAsync($"The mail '{subject}' is there", async cancel =>
        {
            var lines = (await messages.ListAsync(organisation, null, null, 200, cancel)).Lines.Concat((await messages.QuarantinedAsync(organisation, null, null, 200, cancel)).Lines);
            return lines.FirstOrDefault(one => one.Subject == subject) is { } line ? await messages.FindAsync(organisation, line.Id, cancel) : null;
        });
    }

    private sealed record Scanned(RunningGateway Gateway, string Address) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Gateway.DisposeAsync();
    }
}
