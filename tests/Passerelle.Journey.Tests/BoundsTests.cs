using MailKit.Net.Smtp;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Doctor;
using Passerelle.Gateway.Store;

namespace Passerelle.Journey.Tests;

/// <summary>What is too big, incomplete, unknown or somebody else's.</summary>
public sealed class BoundsTests(SharedLab lab)
{
    private const int Megabyte = 1024 * 1024;
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_mail_of_60_MB_is_refused_with_552_and_the_session_goes_on()
    {
        await using var scene = await Scene.DraftAsync(lab);
        using var client = await Customer.ConnectAsync(scene.Gateway.Smtp, Cancel);
        using var huge = WithAttachment(scene, "Huge", 45 * Megabyte); // 60 MB in base64
        var refusal = await Assert.ThrowsAsync<SmtpCommandException>(() => SendAsync(client, scene, huge));
        Assert.Equal(552, (int)refusal.StatusCode);
        Assert.Contains("52428800", refusal.Message, StringComparison.Ordinal);

        using var small = WithAttachment(scene, "Small", 1000);
        Assert.Contains("2.0.0", await SendAsync(client, scene, small), StringComparison.Ordinal);
        await scene.JourneyAsync("Small", "held", "");
    }

    [Fact]
    public async Task A_mail_of_20_MB_goes_all_the_way_and_is_answered()
    {
        await using var scene = await Scene.ConnectedAsync(lab);
        using var mail = WithAttachment(scene, "Twenty", 15 * Megabyte); // 20 MB in base64
        await Customer.SubmitAsync(scene.Fixture, scene.Contoso.Ann, mail, Cancel);

        await scene.AnswerToAsync(mail.MessageId!); // Letter gives one
        var line = await scene.JourneyAsync("Twenty", "routed", "settled");
        var message = await scene.Gateway.Operator.GetAsync($"/api/v1/messages/{line.GetProperty("messageId").GetGuid()}", Cancel);
        Assert.InRange(message.GetProperty("size").GetInt64(), 20 * Megabyte, 22 * Megabyte);
    }

    [Fact]
    public async Task A_mail_without_From_is_taken_shown_and_never_answered()
    {
        await using var scene = await Scene.ConnectedAsync(lab);
        using var mail = Customer.Letter(scene.Contoso.Ann, scene.Contoso.Support, "From nobody");
        mail.From.Clear();
        mail.Sender = null;
        await Customer.DeliverAsync(scene.Gateway.Smtp, scene.Contoso.Ann, [scene.ForwardingAddress], mail, Cancel);

        var line = await scene.JourneyAsync("From nobody", "routed", "");
        var message = await scene.Gateway.Operator.GetAsync($"/api/v1/messages/{line.GetProperty("messageId").GetGuid()}", Cancel);
        Assert.Contains("no From", message.GetProperty("findings").GetString(), StringComparison.Ordinal);
        Assert.Empty(await scene.SubmittedAsync());
    }

    [Fact]
    public async Task Two_recipients_of_two_organisations_in_one_transaction_are_two_mails_and_neither_sees_the_others()
    {
        await using var scene = await Scene.DraftAsync(lab);
        var services = scene.Gateway.Services;
        var first = await scene.Gateway.OrganisationAsync();
        var second = await AnotherOrganisationAsync(services.GetRequiredService<IStore>());
        var other = await services.GetRequiredService<EmailApps>().OpenDraftAsync(second, Cancel);
        using var mail = Customer.Letter(scene.Contoso.Ann, scene.Contoso.Support, "For both");
        await Customer.DeliverAsync(scene.Gateway.Smtp, scene.Contoso.Ann, [scene.ForwardingAddress, other.ForwardingAddress], mail, Cancel);

        var journeys = services.GetRequiredService<Journeys>();
        foreach (var (mine, app, theirs) in new[] { (first, scene.App, second), (second, other.Id, first) })
        {
            var line = await Eventually.SeesAsync("The mail is read", async cancel =>
                (await journeys.ListAsync(mine, null, null, 10, cancel)) is [var only] ? only : null);
            Assert.Equal((app, "For both"), (line.AppId, line.Subject));
            Assert.Null(await journeys.FindAsync(theirs, line.MessageId, Cancel));
        }
    }

    private static async Task<Guid> AnotherOrganisationAsync(IStore store)
    {
        var now = TimeProvider.System.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        await store.WriteAsync(
            Lane.Work,
            tx => tx.Across("a second owner, for the test").Execute(
                "INSERT INTO organisation (id, name, created_at) VALUES (@id, 'Adatum', @now)", new { id, now }),
            Cancel);
        return id;
    }

    private static Task<string> SendAsync(SmtpClient client, Scene scene, MimeMessage mail) =>
        client.SendAsync(mail, new MailboxAddress("", scene.Contoso.Ann), [new MailboxAddress("", scene.ForwardingAddress)], Cancel);

    private static MimeMessage WithAttachment(Scene scene, string subject, int bytes)
    {
        var mail = Customer.Letter(scene.Contoso.Ann, scene.Contoso.Support, subject);
        mail.Body = new Multipart("mixed")
        {
            new TextPart("plain") { Text = "See the attachment.\r\n" },
            new MimePart("application", "octet-stream")
            {
                Content = new MimeContent(new MemoryStream(new byte[bytes])),
                ContentTransferEncoding = ContentEncoding.Base64,
                FileName = "zeros.bin",
            },
        };
        return mail;
    }
}
