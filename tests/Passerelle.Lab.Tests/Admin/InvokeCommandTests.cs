using System.Text.Json;

namespace Passerelle.Lab.Tests.Admin;

/// <summary>The envelope of the administration API (facts §7.2, §7.3).</summary>
public class InvokeCommandTests(LabUnderTest lab)
{
    [Fact]
    [Shows("7.2:200-odata.context-adminapi.warnings-odata.type-C")]
    public async Task An_answer_has_context_warnings_and_value_and_a_set_cmdlet_has_an_empty_value()
    {
        var shell = await AdminShell.OpenAsync(lab);
        var (_, body, _) = await shell.SendAsync("Get-Mailbox", new { Identity = shell.Contoso.Support });
        Assert.Equal(["@odata.context", "adminapi.warnings@odata.type", "@adminapi.warnings", "value"], body.EnumerateObject().Select(p => p.Name));
        Assert.Equal("#Collection(String)", body.GetProperty("adminapi.warnings@odata.type").GetString());
        Assert.Empty(body.GetProperty("@adminapi.warnings").EnumerateArray());
        Assert.Single(body.GetProperty("value").EnumerateArray());
        Assert.Empty(await shell.RunAsync("Set-Mailbox", new { Identity = shell.Contoso.Support, DeliverToMailboxAndForward = true }));
    }

    [Fact]
    [Shows("7.2:200-odata.context-adminapi.warnings-odata.type-C")]
    public async Task Pages_follow_each_other_by_the_next_link()
    {
        var shell = await AdminShell.OpenAsync(lab);
        var (_, first, _) = await shell.SendAsync("Get-Mailbox", prefer: "odata.maxpagesize=2");
        Assert.Equal(2, first.GetProperty("value").GetArrayLength());
        var (_, second, _) = await shell.SendAsync("Get-Mailbox", path: first.GetProperty("@odata.nextLink").GetString(), prefer: "odata.maxpagesize=2");
        Assert.Equal(1, second.GetProperty("value").GetArrayLength());
        Assert.False(second.TryGetProperty("@odata.nextLink", out _));
        Assert.Equal(3, first.GetProperty("value").EnumerateArray().Concat(second.GetProperty("value").EnumerateArray())
            .Select(m => m.GetProperty("PrimarySmtpAddress").GetString()).Distinct().Count());
    }

    [Theory]
    [InlineData("Get-Mailbox", "{\"Identity\":\"nobody@elsewhere.example\"}", 404, "NotFound", "Ex6F9304|Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException|The operation couldn't be performed because object 'nobody@elsewhere.example' couldn't be found on '")]
    [InlineData("Get-Nonsense", "{}", 400, "BadRequest", "CommandNotFoundException|The term 'Get-Nonsense' is not recognized")]
    [InlineData("Get-Mailbox", "{\"Colour\":\"blue\"}", 400, "BadRequest", "ParameterBindingException|A parameter cannot be found that matches parameter name 'Colour'.")]
    [InlineData("Set-CASMailbox", "{\"Identity\":\"support\",\"SmtpClientAuthenticationDisabled\":\"perhaps\"}", 400, "BadRequest", "System.Boolean")]
    [InlineData("Set-Mailbox", "{}", 400, "BadRequest", "missing mandatory parameters: Identity")]
    [Shows("7.2:Errors-error-code-NotFound-message-Error-executi")]
    public async Task A_cmdlet_that_fails_says_why_in_the_services_form(string cmdlet, string parameters, int status, string code, string detail)
    {
        var shell = await AdminShell.OpenAsync(lab);
        var (got, body, _) = await shell.SendAsync(cmdlet, JsonSerializer.Deserialize<JsonElement>(parameters));
        var error = body.GetProperty("error");
        Assert.Equal((status, code), (got, error.GetProperty("code").GetString()));
        Assert.StartsWith("Error executing request. ", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        var context = error.GetProperty("details")[0];
        Assert.Equal(("Context", ""), (context.GetProperty("code").GetString(), context.GetProperty("target").GetString()));
        Assert.Contains(detail, context.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.NotEmpty(error.GetProperty("innererror").GetProperty("internalexception").GetProperty("message").GetString()!); // said by the line before
    }

    [Fact]
    [Shows("7.2:Hash-table-values-odata.type-Exchange.GenericHas")]
    public async Task A_hash_table_adds_to_a_list_and_takes_from_it()
    {
        var shell = await AdminShell.OpenAsync(lab);
        var contoso = shell.Contoso;
        async Task<string?[]> ChangeAsync(object change)
        {
            await shell.RunAsync("Set-Mailbox", new { Identity = contoso.Support, GrantSendOnBehalfTo = change });
            return [.. (await shell.OneAsync("Get-Mailbox", new { Identity = contoso.Support })).GetProperty("GrantSendOnBehalfTo").EnumerateArray().Select(v => v.GetString())];
        }

        Dictionary<string, object> Table(string action, string value) => new() { ["@odata.type"] = "#Exchange.GenericHashTable", [action] = value };
        Assert.Equal([contoso.Sales], await ChangeAsync(Table("add", contoso.Sales)));
        Assert.Equal([contoso.Sales, contoso.Administrator], await ChangeAsync(Table("add", contoso.Administrator)));
        Assert.Equal([contoso.Administrator], await ChangeAsync(Table("remove", contoso.Sales)));
        Assert.Equal([contoso.Sales], await ChangeAsync(contoso.Sales));
    }

    [Fact]
    [Shows("7.2:Typed-GETs-exist-adminapi-beta-tenant-Mailbox-id")]
    public async Task Typed_readings_and_the_list_of_endpoints_exist()
    {
        var shell = await AdminShell.OpenAsync(lab);
        var root = $"/adminapi/beta/{shell.Contoso.DirectoryId}";
        var (_, mailbox, _) = await shell.GetAsync($"{root}/Mailbox('{shell.Contoso.Support}')");
        Assert.Equal(shell.Contoso.Support, mailbox.GetProperty("PrimarySmtpAddress").GetString());
        Assert.EndsWith("#Mailbox/$entity", mailbox.GetProperty("@odata.context").GetString(), StringComparison.Ordinal);
        var (_, access, _) = await shell.GetAsync($"{root}/CasMailbox('{shell.Contoso.Support}')");
        Assert.True(access.GetProperty("OWAEnabled").GetBoolean());
        Assert.Equal(404, (await shell.GetAsync($"{root}/Mailbox('nobody@elsewhere.example')")).Status);
        Assert.Equal(3, (await shell.GetAsync($"{root}/Mailbox")).Body.GetProperty("value").GetArrayLength());
        var (_, list, _) = await shell.GetAsync(root);
        Assert.Contains("CasMailbox", list.GetProperty("value").EnumerateArray().Select(e => e.GetProperty("name").GetString()));
    }

    /// <summary>Role of the token, Entra roles, a cmdlet, and what becomes of it.</summary>
    [Theory]
    [InlineData("Exchange.ManageAsApp", "Exchange Administrator", "Set-TransportConfig", 200)]
    [InlineData("Exchange.ManageAsApp", "Exchange Recipient Administrator", "Set-CASMailbox", 200)]
    [InlineData("Exchange.ManageAsApp", "Exchange Recipient Administrator", "Set-TransportConfig", 401)]
    [InlineData("Exchange.ManageAsApp", "Global Reader", "Get-Mailbox", 200)]
    [InlineData("Exchange.ManageAsApp", "Global Reader", "Set-CASMailbox", 401)]
    [InlineData("Exchange.ManageAsApp", "", "Get-Mailbox", 401)]
    [InlineData(null, "Exchange Administrator", "Get-Mailbox", 401)]
    [InlineData("SMTP.SendAsApp", "Exchange Administrator", "Get-Mailbox", 401)]
    [Shows("7.2:App-only-role-Exchange.ManageAsApp-consented-and")]
    public async Task An_application_needs_the_permission_and_an_Entra_role(string? permission, string role, string cmdlet, int status)
    {
        var shell = await AdminShell.OfAppAsync(lab, permission, role.Length == 0 ? [] : [role]);
        var (got, body, _) = await shell.SendAsync(cmdlet, cmdlet == "Set-CASMailbox" ? new { Identity = shell.Contoso.Support } : null);
        Assert.Equal(status, got);
        if (status == 401) Assert.Equal("Unauthorized", body.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_person_needs_to_be_administrator_and_a_token_its_own_organisation()
    {
        var shell = await AdminShell.OpenAsync(lab);
        var (other, plain) = (await lab.NewLabAsync(), await AdminShell.PersonTokenAsync(lab, shell.Contoso, shell.Contoso.Sales, AdminShell.Scope));
        Assert.Equal(401, (await new AdminShell(lab, shell.Flow, plain).SendAsync("Get-Mailbox")).Status);
        Assert.Equal(401, (await new AdminShell(lab, shell.Flow, "nonsense").SendAsync("Get-Mailbox")).Status);
        Assert.Equal(401, (await shell.SendAsync("Get-Mailbox", path: $"/adminapi/beta/{other.DirectoryId}/InvokeCommand")).Status);
    }

    [Theory]
    [InlineData("Mailbox", "Get-Mailbox", 200)]
    [InlineData("AcceptedDomain", "Get-AcceptedDomain", 200)]
    [InlineData("OrganizationConfig", "Get-OrganizationConfig", 200)]
    [InlineData("Mailbox", "Set-TransportConfig", 400)]
    [InlineData("TransportConfig", "Set-TransportConfig", 404)]
    public async Task The_Admin_API_takes_few_cmdlets_and_wants_its_own_permission(string endpoint, string cmdlet, int status)
    {
        var shell = await AdminShell.OfAppAsync(lab, "Exchange.ManageAsAppV2", ["Exchange Administrator"]);
        var path = $"/adminapi/v2.0/{shell.Contoso.DirectoryId}/{endpoint}";
        Assert.Equal(status, (await shell.SendAsync(cmdlet, path: path)).Status);
        Assert.Equal(400, (await shell.SendAsync("Set-Mailbox", new { Identity = shell.Contoso.Support, ForwardingSmtpAddress = "a@b.example" },
            $"/adminapi/v2.0/{shell.Contoso.DirectoryId}/Mailbox")).Status);
        Assert.Equal(401, (await (await AdminShell.OfAppAsync(lab, "Exchange.ManageAsApp", ["Exchange Administrator"])).SendAsync(cmdlet, path: path)).Status);
    }
}
