using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using MimeKit;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Tests.Api;

/// <summary>Clients of the model product (facts/webex-connect.md §3): its field names in, its answers out.</summary>
public sealed class RelayedTests
{
    [Fact]
    public async Task A_send_call_is_201_queued_with_the_ids_that_its_client_reads()
    {
        await using var program = await ProgramBench.OpenAsync();
        var (status, answer) = await PostAsync(program, """
            {
              "channel": "email", "from": "Support@contoso.example",
              "to": [{ "email": ["ann@fabrikam.example"], "correlationId": "order-4711", "substitutions": { "name": "Ann <b>" } }],
              "substitutions": { "name": "nobody", "order": 4711 },
              "cc": ["bob@fabrikam.example"], "options": { "fromName": "Contoso orders" }, "callbackData": "row 12",
              "content": { "type": "html", "subject": "Order $(order)", "replyTo": "orders@contoso.example", "text": "Dear $(name), $(unknown)", "html": "<p>Dear $(name)</p>" }
            }
            """);
        Assert.Equal((HttpStatusCode.Created, "queued", "order-4711"), (status, answer.GetProperty("status").GetString(), answer.GetProperty("correlationId").GetString()));
        Assert.True(answer.TryGetProperty("requestTimestamp", out _));
        var id = answer.GetProperty("messageId").GetGuid();
        var mail = await MailAsync(program, id);
        Assert.Equal(("Order 4711", "Contoso orders", "orders@contoso.example"), (mail.Subject, mail.From.Mailboxes.Single().Name, mail.ReplyTo.Mailboxes.Single().Address));
        Assert.Equal("bob@fabrikam.example", mail.Cc.Mailboxes.Single().Address);
        Assert.Contains("Dear Ann <b>, $(unknown)", mail.TextBody, StringComparison.Ordinal);
        Assert.Contains("Dear Ann &lt;b&gt;", mail.HtmlBody, StringComparison.Ordinal); // what is filled in never becomes markup

        var told = await program.GetAsync($"/v2/messages/{id}");
        Assert.Equal(("outbound", "queued", "email", "order-4711", "row 12"), (Text(told, "direction"), Text(told, "status"), Text(told, "channel"), Text(told, "correlationId"), Text(told, "callbackData")));
    }

    [Fact]
    public async Task Several_destinations_are_a_mail_each_or_one_to_all_when_the_call_says_so()
    {
        await using var program = await ProgramBench.OpenAsync();
        var (_, apart) = await PostAsync(program, Call("""["ann@fabrikam.example", "bob@fabrikam.example"]"""));
        Assert.Equal(["ann@fabrikam.example", "bob@fabrikam.example"], apart.GetProperty("messages").EnumerateArray().Select(one => Text(one, "to")));
        Assert.Equal(2, apart.GetProperty("messages").EnumerateArray().Select(one => one.GetProperty("messageId").GetGuid()).Distinct().Count());
        var (_, together) = await PostAsync(program, Call("""["ann@fabrikam.example", "bob@fabrikam.example"]""", ", \"multipleToRecipients\": true"));
        Assert.Equal(2, (await MailAsync(program, together.GetProperty("messageId").GetGuid())).To.Count);
    }

    [Theory]
    [InlineData("{", "7000", "Invalid JSON")]
    [InlineData("""{ "channel": "email", "from": "support@contoso.example", "to": 5 }""", "7004", "to")]
    [InlineData("""{ "from": "support@contoso.example" }""", "7003", "channel")]
    [InlineData("""{ "channel": "sms", "from": "x" }""", "7004", "channel")]
    [InlineData("""{ "channel": "email", "from": "other@contoso.example", "to": [{ "email": ["a@b.example"] }], "content": { "type": "text", "subject": "s", "text": "t" } }""", "7104", "from")]
    [InlineData("""{ "channel": "email", "from": "support@contoso.example", "to": [{ "email": ["a@b.example"] }], "content": { "type": "html", "subject": "s", "text": "t" } }""", "7003", "content.html")]
    [InlineData("""{ "channel": "email", "from": "support@contoso.example", "to": [{ "email": ["a@b.example"] }], "expireAt": "2030-01-01T00:00:00Z", "validity": 60, "content": { "type": "text", "subject": "s", "text": "t" } }""", "7004", "expireAt")]
    [InlineData("""{ "channel": "email", "from": "support@contoso.example", "to": [{ "email": ["a@b.example"] }], "sendAt": "2099-01-01T00:00:00Z", "content": { "type": "text", "subject": "s", "text": "t" } }""", "7004", "sendAt")]
    [InlineData("""{ "channel": "email", "from": "support@contoso.example", "to": [{ "email": ["a@b.example"] }], "notifyUrl": "https://x.example", "content": { "type": "text", "subject": "s", "text": "t" } }""", "7004", "Webhooks")]
    public async Task A_wrong_call_is_400_with_the_products_own_code(string body, string code, string named)
    {
        await using var program = await ProgramBench.OpenAsync();
        var (status, answer) = await PostAsync(program, body);
        Assert.Equal((HttpStatusCode.BadRequest, code), (status, Text(answer, "code")));
        Assert.Contains(named, Text(answer, "message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_than_a_thousand_destinations_are_7009()
    {
        await using var program = await ProgramBench.OpenAsync();
        var (_, answer) = await PostAsync(program, Call(JsonSerializer.Serialize(Enumerable.Range(0, 1001).Select(number => $"a{number}@fabrikam.example"))));
        Assert.Equal("7009", Text(answer, "code"));
    }

    [Fact]
    public async Task The_key_may_stand_in_the_header_that_clients_of_the_product_use_and_without_it_the_answer_is_an_empty_401()
    {
        await using var program = await ProgramBench.OpenAsync();
        using var client = new HttpClient { BaseAddress = program.Gateway.Url };
        using var refused = await client.PostAsync("/v2/messages", new StringContent("{}", Encoding.UTF8, "application/json"), LiveGateway.Cancel);
        Assert.Equal((HttpStatusCode.Unauthorized, ""), (refused.StatusCode, await refused.Content.ReadAsStringAsync(LiveGateway.Cancel)));
        client.DefaultRequestHeaders.Add("key", program.Key);
        using var taken = await client.PostAsync("/v2/messages", new StringContent(Call("""["ann@fabrikam.example"]"""), Encoding.UTF8, "application/json"), LiveGateway.Cancel);
        Assert.Equal(HttpStatusCode.Created, taken.StatusCode);
    }

    [Fact]
    public async Task A_template_of_ours_is_filled_with_the_substitutions()
    {
        await using var program = await ProgramBench.OpenAsync();
        using var made = await program.Client.PostAsJsonAsync("/api/v1/templates", new { name = "shipped", subject = "Order {{ order }}", text = "Dear {{ name }}, it left." }, LiveGateway.Cancel);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        const string Call = """{ "channel": "email", "from": "support@contoso.example", "to": [{ "email": "ann@fabrikam.example", "substitutions": { "name": "Ann" } }], "template": { "id": "shipped" }, "substitutions": {ORDER} }""";
        var (_, sent) = await PostAsync(program, Call.Replace("{ORDER}", """{ "order": "4711" }""", StringComparison.Ordinal));
        Assert.Equal("Order 4711", (await MailAsync(program, sent.GetProperty("messageId").GetGuid())).Subject);
        var (status, lacking) = await PostAsync(program, Call.Replace("{ORDER}", "{}", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("order is missing (subject, line 1, column 10)", Text(lacking, "message"), StringComparison.Ordinal);
    }

    private static string Call(string emails, string more = "") =>
        $$"""{ "channel": "email", "from": "support@contoso.example", "to": [{ "email": {{emails}} }], "content": { "type": "text", "subject": "Hello", "text": "Hello" }{{more}} }""";

    private static async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(ProgramBench program, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await program.Client.PostAsync("/v2/messages", content, LiveGateway.Cancel);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>(LiveGateway.Cancel));
    }

    private static async Task<MimeMessage> MailAsync(ProgramBench program, Guid letter)
    {
        await using var raw = await program.Gateway.Get<RawMails>().OpenAsync(program.Organisation, letter, LiveGateway.Cancel);
        return await MimeMessage.LoadAsync(raw!, LiveGateway.Cancel); // the letter was written
    }

    private static string? Text(JsonElement body, string name) => body.GetProperty(name).GetString();
}
