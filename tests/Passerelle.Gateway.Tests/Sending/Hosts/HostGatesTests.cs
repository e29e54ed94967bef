using System.Net.Sockets;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Sending.Graph;
using Passerelle.Gateway.Sending.Hosts;

namespace Passerelle.Gateway.Tests.Sending.Hosts;

/// <summary>A host that answers nobody costs one connection now and then, and no letter an attempt.</summary>
public sealed class HostGatesTests
{
    private const string Busy = "421 4.3.2 Service not available, closing transmission channel\r\n";

    [Fact]
    public async Task Letters_to_a_host_that_answers_nobody_wait_unoffered_and_leave_when_one_of_them_got_through()
    {
        await using var rig = await SendingRig.OpenAsync();
        await CloseAsync(rig);
        var connections = rig.Server.Connections;
        var (host, absence) = Assert.Single(rig.Hosts.Away);
        Assert.Equal($"127.0.0.1:{rig.Server.Port}", host);

        var waiting = await rig.SendOneAsync(Answer);
        Assert.Equal((LetterState.Waiting, 0L), (waiting.State, waiting.Attempts));
        Assert.Matches($@"^127\.0\.0\.1:{rig.Server.Port} answers nobody since [\d:]+ \(421 4\.3\.2 .*\); next try [\d:]+ UTC$", waiting.StateReason);
        Assert.InRange(waiting.DueAt!.Value, absence.NextTry, absence.NextTry.AddSeconds(3)); // it waits
        Assert.Equal(connections, rig.Server.Connections);

        rig.Server.Instead = _ => null;
        rig.Office.Temp.Time.SetUtcNow(waiting.DueAt.Value.AddSeconds(1));
        await rig.SendOneAsync(Answer); // the one that waited is first
        Assert.Equal((LetterState.Settled, 1L), (await rig.Office.RowAsync(waiting.Id)) is var sent ? (sent.State, sent.Attempts) : default);
        Assert.Empty(rig.Hosts.Away);
        Assert.Equal(connections + 1, rig.Server.Connections);
    }

    [Fact]
    public async Task The_letter_that_tries_in_vain_burns_no_attempt_either()
    {
        await using var rig = await SendingRig.OpenAsync();
        await CloseAsync(rig);
        rig.Office.Temp.Time.SetUtcNow(Assert.Single(rig.Hosts.Away).Absence.NextTry);
        var before = rig.Server.Connections;
        var tried = await rig.SendOneAsync(Answer);
        Assert.Equal((LetterState.Waiting, 0L, before + 1), (tried.State, tried.Attempts, rig.Server.Connections));
        Assert.Equal(Assert.Single(rig.Hosts.Away).Absence.NextTry, tried.DueAt!.Value, TimeSpan.FromMilliseconds(1)); // rows count milliseconds
    }

    [Fact]
    public async Task Nobody_who_listens_closes_it_too()
    {
        await using var rig = await SendingRig.OpenAsync();
        await rig.Server.DisposeAsync();
        for (var letter = 0; letter < HostGate.Most; letter++) await rig.SendOneAsync();
        Assert.Equal("Connection failed: ConnectionRefused", Assert.Single(rig.Hosts.Away).Absence.Words);
    }

    /// <summary>Whatever is said after the greeting is said by somebody.</summary>
    [Theory]
    [InlineData("454 4.7.0 Temporary authentication failure")]
    [InlineData("421 4.7.0 Too many errors on this connection")]
    [InlineData("535 5.7.3 Authentication unsuccessful")]
    public async Task What_an_app_signs_in_with_closes_nothing(string reply)
    {
        await using var rig = await SendingRig.OpenAsync();
        rig.Server.AuthReply = reply;
        for (var letter = 0; letter < HostGate.Most * 2; letter++) await rig.SendOneAsync();
        Assert.Empty(rig.Hosts.Away);
    }

    [Fact]
    public async Task An_app_with_a_wrong_security_setting_closes_the_host_to_no_app_with_a_right_one()
    {
        await using var rig = await SendingRig.OpenAsync();
        var right = await rig.AppAsync();
        var letter = await ClaimAsync(rig);
        for (var failure = 0; failure < HostGate.Most; failure++) await SendAsync(rig, right with { SmtpSecurity = AppForm.Ssl }, letter, new SendOutcome.Deferred("TLS") { NobodyThere = true });
        Assert.Single(rig.Hosts.Away);
        Assert.IsType<SendOutcome.Refused>(await SendAsync(rig, right, letter, new SendOutcome.Refused("Heard")));
        var other = Assert.IsType<SendOutcome.Deferred>(await SendAsync(rig, right with { SmtpSecurity = AppForm.Ssl }, letter, new SendOutcome.Refused("Not asked")));
        Assert.NotNull(other.Until);
    }

    [Fact]
    public async Task Microsoft_Graph_has_a_gate_of_its_own()
    {
        await using var rig = await SendingRig.OpenAsync();
        var letter = await ClaimAsync(rig);
        var failure = new HttpRequestException(HttpRequestError.ConnectionError, "Refused", new SocketException((int)SocketError.ConnectionRefused));
        for (var tried = 0; tried < HostGate.Most; tried++)
            await rig.Hosts.ByGraphAsync("https://graph.microsoft.com/", letter, () => Task.FromResult(GraphSubmission.Classify(failure, hasBegun: true)));
        Assert.Equal("graph.microsoft.com", Assert.Single(rig.Hosts.Away).Host);
        Assert.Equal(LetterState.Settled, (await rig.SendOneAsync()).State); // by SMTP
        Assert.Single(rig.Hosts.Away);
    }

    private static NewLetter Answer(NewLetter letter) => letter with { Lane = LetterLane.Answer };

    private static async Task CloseAsync(SendingRig rig)
    {
        rig.Server.Instead = verb => verb.Length == 0 ? Busy : null;
        for (var letter = 0; letter < HostGate.Most; letter++) await rig.SendOneAsync();
    }

    private static async Task<ClaimedLetter> ClaimAsync(SendingRig rig)
    {
        return new ClaimedLetter(await rig.SendOneAsync(), 1, rig.Office.Temp.Time.GetUtcNow(), ["ann@fabrikam.example"]);
    }

    private static Task<SendOutcome> SendAsync(SendingRig rig, EmailApp app, ClaimedLetter letter, SendOutcome outcome) =>
        rig.Hosts.BySmtpAsync(app, letter, () => Task.CompletedTask, _ => Task.FromResult(outcome));
}
