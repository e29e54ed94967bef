using MimeKit;
using Passerelle.Lab.Testing;

namespace Passerelle.Journey.Tests;

/// <summary>A customer writes and reads the answer, with MailKit as the witness at both ends.</summary>
public sealed class RoundTripTests(SharedLab lab)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_customer_is_answered_by_the_mailbox_in_the_thread_of_his_mail()
    {
        await using var scene = await Scene.ConnectedAsync(lab);
        using var mail = Customer.Letter(scene.Contoso.Ann, scene.Contoso.Support, "Order 4711");
        mail.References.Add("earlier@" + scene.Contoso.CustomerDomain);
        await Customer.SubmitAsync(scene.Fixture, scene.Contoso.Ann, mail, Cancel);

        var id = mail.MessageId!; // Letter gives one
        var arrived = await scene.AnswerToAsync(id);
        using var answer = await MimeMessage.LoadAsync(new MemoryStream(await scene.Mail.RawAsync(arrived.Id, Cancel)), Cancel);
        Assert.Equal(scene.Contoso.Support, answer.From.Mailboxes.Single().Address);
        Assert.Equal(scene.Contoso.Ann, answer.To.Mailboxes.Single().Address);
        Assert.Equal(id, answer.InReplyTo);
        Assert.Equal(["earlier@" + scene.Contoso.CustomerDomain, id], answer.References);
        Assert.Equal("Re: Order 4711", answer.Subject);
        Assert.StartsWith("auto-", answer.Headers[HeaderId.AutoSubmitted], StringComparison.Ordinal);
        Assert.StartsWith("Hello, we have your message.", answer.TextBody, StringComparison.Ordinal);
        Assert.DoesNotContain(scene.Gateway.InboundDomain, answer.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_answer_was_submitted_with_the_token_of_the_apps_own_authorization_code_flow()
    {
        await using var scene = await Scene.ConnectedAsync(lab);
        var sent = await scene.AnnWritesAsync("Order 4712");
        var answer = await scene.AnswerToAsync(sent);

        var submitted = Assert.Single(await scene.SubmittedAsync());
        Assert.Equal(answer.MessageId, submitted.MessageId);
        Assert.StartsWith("250", submitted.Answer, StringComparison.Ordinal);
        var token = Assert.IsType<LabTokenMark>(submitted.Token);
        Assert.Equal(scene.Contoso.ClientId.ToString(), token.AppId);
        Assert.Equal(scene.Contoso.Support, token.Upn);
        Assert.Contains("SMTP.Send", token.Scopes, StringComparison.Ordinal);
        var proved = (await scene.Mail.LogAsync("auth", Cancel)).First(line => line.Who == scene.Contoso.Support); // at the call back
        Assert.StartsWith("235", proved.Answer, StringComparison.Ordinal);
        Assert.Equal((proved.Token!.Uti, proved.Token.ObjectId), (token.Uti, token.ObjectId)); // 235 by XOAUTH2 has a token
    }

    [Fact]
    public async Task The_journey_page_tells_every_hop_both_ways()
    {
        await using var scene = await Scene.ConnectedAsync(lab);
        await scene.AnnWritesAsync("Order 4713");
        var line = await scene.JourneyAsync("Order 4713", "routed", "settled");

        Assert.Equal("genuine", line.GetProperty("verdict").GetString());
        Assert.Equal("human", line.GetProperty("kind").GetString());
        var journey = await scene.Gateway.Operator.GetAsync($"/api/v1/journeys/{line.GetProperty("messageId").GetGuid()}", Cancel);
        var hops = journey.GetProperty("hops").EnumerateArray().ToArray();
        string[] codes = [.. hops.Select(hop => hop.GetProperty("code").GetString()!)]; // never null
        Assert.Empty(new[] { "written", "carried", "received", "read", "letter", "attempt", "settled" }.Except(codes));
        Assert.DoesNotContain(hops, hop => hop.GetProperty("result").GetString() == "wrong");
        Assert.Contains(hops, hop => hop.GetProperty("words").GetString()!.Contains("OK <", StringComparison.Ordinal)); // Exchange's own
    }
}
