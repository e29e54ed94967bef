using System.Text.Json;
using Passerelle.Dev.Faults;
using Passerelle.Dev.Run;
using Passerelle.Lab.Testing;

namespace Passerelle.Journey.Tests;

/// <summary>A few rows of <c>./dev faults</c>, each of another kind of evidence, with the gateway inside this process.</summary>
public sealed class FaultsTests(SharedLab lab)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("redirect-spa", "E3")] // only the refused sign-in tells it
    [InlineData("signed-in-admin", "G3")] // 535 and who signed in
    [InlineData("no-licence", "X1")] // 535 and a token that is right in everything
    [InlineData("perm-mail-send-only", "E6")] // the roles of an application token
    [InlineData("forward-wrong", "F1")] // a report about the mail that the doctor wrote
    [InlineData("forward-policy-auto", "F3")]
    [InlineData("forward-no-copy", "F2")] // a header of the mail that came back
    [InlineData("mx-missing", "F6")]
    [InlineData("clock-skew", "G4")] // the Date header
    [InlineData("app-deleted", "E1")] // what once worked
    [InlineData("cert-unknown", "E4b")] // a statement that nobody can check
    [InlineData("public-client-off", "E3")] // what the provider says to the poll
    [InlineData("consent-not-granted-untried", "E6")] // a token of the application's own, read and thrown away
    [InlineData("app-only-no-sp-untried", "X4")] // the same, shown to the server
    [InlineData("app-only-unconnected", "G3")] // nothing is wrong but that nobody pressed Connect
    [InlineData("mailbox-full", "X1")] // a report about the copy of a mail that came all the same
    [InlineData("forward-other-app", "F1")] // it came to another app
    [InlineData("token-url-path", "G1")] // nothing is there
    public async Task A_fault_is_named_by_its_step(string fault, string step)
    {
        var name = lab.NewName();
        using var connection = new LabConnection(lab.Fixture.Endpoints);
        await using var gateway = await InThisProcess.StartAsync(lab.Fixture.Endpoints, name);
        var scene = await FaultScene.MakeAsync(connection, name, gateway, Cancel);
        await Setups.Of(fault)!(scene, Cancel); // every row has one
        var findings = await gateway.SendAsync(HttpMethod.Post, $"/api/v1/apps/{scene.AppId}/examination", null, Cancel);
        var answer = DoctorAnswer.Of(findings, 0);
        Assert.True(step == answer.Step, $"{answer.Step}: {answer.Detail}");
        Assert.NotEmpty(answer.Fix);
    }

    [Fact]
    public async Task Without_a_fault_the_doctors_own_mail_comes_back_and_nothing_is_wrong()
    {
        var name = lab.NewName();
        using var connection = new LabConnection(lab.Fixture.Endpoints);
        await using var gateway = await InThisProcess.StartAsync(lab.Fixture.Endpoints, name);
        var scene = await FaultScene.MakeAsync(connection, name, gateway, Cancel);
        var findings = await gateway.SendAsync(HttpMethod.Post, $"/api/v1/apps/{scene.AppId}/examination", null, Cancel);
        Assert.All(findings.EnumerateArray(), finding => Assert.True(finding.GetProperty("result").GetString() == "right", finding.GetRawText()));
        Assert.Contains(findings.EnumerateArray(), finding => finding.GetProperty("detail").GetString()!.Contains("came back by forwarding", StringComparison.Ordinal)); // findings have no nulls
        Assert.DoesNotContain(await scene.Mail.LogAsync("submit", Cancel), line => line.Answer.StartsWith('5')); // and nobody answered it
    }

    private sealed class InThisProcess : IFaultGateway, IAsyncDisposable
    {
        private readonly RunningGateway _gateway;

        private InThisProcess(RunningGateway gateway) => _gateway = gateway;

        public string PublicUrl => _gateway.PublicUrl;
        public string InboundDomain => _gateway.InboundDomain;
        public string AssertionFolder => throw new NotSupportedException("Rows that need it are run by the command");
        public string Receiver => _gateway.Smtp.ToString();

        public static async Task<InThisProcess> StartAsync(LabAddresses lab, string name)
        {
            var gateway = new RunningGateway(lab, $"in-{name}.passerelle.example",
                [$"--Doctor:ExchangePort={lab.MxPort}", "--Doctor:ForwardingSeconds=3", $"--Outbound:Allow:3={FaultGateway.EdgeOf(name)}:{lab.MxPort}"]);
            await gateway.StartAsync();
            await gateway.FirstRunAsync();
            return new InThisProcess(gateway);
        }

        public Task<JsonElement> SendAsync(HttpMethod verb, string path, object? body, CancellationToken cancel) => _gateway.Operator.SendAsync(verb, path, body, cancel);

        public Task<PortalBrowser> SignInAsync(CancellationToken cancel) => _gateway.SignInAsync();

        public Task RestartAsync(IReadOnlyList<string> settings, string? sql, CancellationToken cancel) =>
            throw new NotSupportedException("Rows that need it are run by the command");

        public ValueTask DisposeAsync() => _gateway.DisposeAsync();
    }
}
