using MimeKit;
using Passerelle.Lab.Testing;

namespace Passerelle.Lab.Tests.Exchange;

/// <summary>A lab of its own in the shared host, seen through the public doors only.</summary>
internal sealed class MailFlowLab(LabUnderTest lab, Contoso contoso)
{
    public Contoso Contoso => contoso;
    public LabControl Control => lab.Fixture.Control;
    public LabMail Mail { get; } = new(lab.Fixture.Control, contoso.Lab);
    public LabMailFlow Flow { get; } = new(lab.Fixture.Control, contoso.DirectoryId);
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<MailFlowLab> NewAsync(LabUnderTest lab) => new(lab, await lab.NewLabAsync());

    /// <summary>support@ forwards to Bob, outside.</summary>
    public Task ForwardAsync(bool keepCopy = false) =>
        Control.SetForwardingAsync(contoso.DirectoryId, contoso.Support, contoso.Bob, keepCopy, Cancel);

    /// <summary>Ann writes to support@.</summary>
    public Task<string> WriteAsync(string subject = "My order", string? to = null) =>
        Mail.WriteAsync(contoso.Ann, to ?? contoso.Support, subject, "Where is it?", Cancel);

    public Task<IReadOnlyList<LabMailItem>> InAsync(string address, string folder = "inbox") => Mail.ListAsync(address, folder, Cancel);

    public async Task<MimeMessage> ReadAsync(LabMailItem item) =>
        await MimeMessage.LoadAsync(new MemoryStream(await Mail.RawAsync(item.Id, Cancel)), Cancel);

    /// <summary>The report that somebody got: its fields and the whole mail.</summary>
    public async Task<(HeaderList Recipient, MimeMessage Mail)> ReportToAsync(string writer)
    {
        var mail = await ReadAsync(Assert.Single(await InAsync(writer)));
        return (Assert.IsType<MessageDeliveryStatus>(Assert.IsType<MultipartReport>(mail.Body)[1]).StatusGroups[1], mail);
    }
}
