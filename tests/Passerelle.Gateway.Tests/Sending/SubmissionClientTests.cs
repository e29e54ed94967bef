using System.Text;
using Passerelle.Gateway.Cluster;
using Passerelle.Gateway.Queue;

namespace Passerelle.Gateway.Tests.Sending;

/// <summary>What the submission client says, and what it makes of servers that offer less or say more than they should.</summary>
public sealed class SubmissionClientTests
{
    [Fact]
    public async Task A_server_without_pipelining_is_asked_step_by_step()
    {
        await using var rig = await SendingRig.OpenAsync();
        rig.Server.Offers = ["AUTH XOAUTH2"];
        var answered = new List<int>();
        rig.Server.RecipientReply = _ =>
        {
            answered.Add(rig.Server.Commands.Count(line => line == "DATA"));
            return "250 2.1.5 OK";
        };
        Assert.Equal(LetterState.Settled, (await rig.SendOneAsync()).State);
        Assert.Equal([0], answered);
        Assert.DoesNotContain("SIZE=", string.Join('\n', rig.Server.Commands), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_that_nobody_may_have_is_not_handed_over_though_the_server_asks_for_it()
    {
        await using var rig = await SendingRig.OpenAsync();
        rig.Server.RecipientReply = _ => "550 5.1.1 No such user"; // and DATA, which came with it, is answered 354
        var row = await rig.SendOneAsync();
        Assert.Equal((LetterState.Dead, "550 5.1.1 No such user"), (row.State, row.StateReason));
        Assert.Empty(rig.Server.Mails);
    }

    /// <summary>RFC 4954 and Exchange: the refusal of a token is told as a challenge first.</summary>
    [Fact]
    public async Task A_challenge_to_a_token_is_ended_with_an_empty_answer()
    {
        await using var rig = await SendingRig.OpenAsync();
        rig.Server.AuthReply = "334 eyJzdGF0dXMiOiI0MDEifQ==";
        rig.Server.AfterChallenge = "535 5.7.3 Authentication unsuccessful";
        var row = await rig.SendOneAsync();
        Assert.Equal(LetterState.Blocked, row.State);
        Assert.Contains("", rig.Server.Commands);
    }

    [Fact]
    public async Task A_password_goes_by_LOGIN_where_PLAIN_is_not_offered()
    {
        await using var rig = await SendingRig.OpenAsync();
        await rig.SetAsync("authentication = 'password', password = @password", new
        {
            password = rig.Office.Temp.Sealer.Seal("app", "password", rig.Office.Organisation, rig.Office.App, "not a real password"),
        });
        rig.Server.Offers = ["AUTH LOGIN"];
        Assert.Equal(LetterState.Settled, (await rig.SendOneAsync()).State);
        Assert.Equal(
            ["AUTH LOGIN", Base64("support@contoso.example"), Base64("not a real password")],
            rig.Server.Commands.SkipWhile(line => line != "AUTH LOGIN").Take(3));
    }

    [Fact]
    public async Task Eight_bits_go_as_they_are_where_they_may_and_in_seven_where_not()
    {
        const string Body = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nThe parcel has arrived, and voilà all that was in it.\r\n";
        await using var rig = await SendingRig.OpenAsync();
        await rig.SendOneAsync(letter => letter with { Raw = Encoding.UTF8.GetBytes($"MIME-Version: 1.0\r\n{Body}") });
        Assert.Contains("BODY=8BITMIME", string.Join('\n', rig.Server.Commands), StringComparison.Ordinal);
        await using var other = await SendingRig.OpenAsync();
        other.Server.Offers = ["AUTH XOAUTH2"];
        await other.SendOneAsync(letter => letter with { Raw = Encoding.UTF8.GetBytes($"MIME-Version: 1.0\r\n{Body}") });
        var (first, second) = (Assert.Single(rig.Server.Mails), Assert.Single(other.Server.Mails));
        Assert.Contains("voil\u00c3\u00a0", first, StringComparison.Ordinal); // two octets, read as Latin-1
        Assert.Contains("voil=C3=A0", second, StringComparison.Ordinal);
        Assert.DoesNotContain("8BITMIME", string.Join('\n', other.Server.Commands), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_on_which_more_was_said_than_asked_for_is_not_used_again()
    {
        await using var rig = await SendingRig.OpenAsync();
        rig.Server.DotReply = "250 2.0.0 OK\r\n421 4.4.2 Bye\r\n250 2.0.0 OK\r\n";
        Assert.Equal(LetterState.Settled, (await rig.SendOneAsync()).State);
        rig.Server.DotReply = "250 2.0.0 OK\r\n";
        Assert.Equal(LetterState.Settled, (await rig.SendOneAsync()).State);
        Assert.Equal(2, rig.Server.Connections);
    }

    [Fact]
    public async Task Connections_that_signed_in_with_another_token_are_left()
    {
        await using var rig = await SendingRig.OpenAsync();
        await rig.SendOneAsync();
        await rig.GrantAsync("token-2", TimeSpan.FromHours(1), "refresh-1");
        rig.Tokens.Forget(rig.Office.Organisation, rig.Office.App);
        await rig.SendOneAsync();
        Assert.Equal(2, rig.Server.Connections);
        Assert.Equal(2, rig.Server.Commands.Count(line => line.StartsWith("AUTH XOAUTH2 ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_address_that_is_more_than_one_is_never_said()
    {
        await using var rig = await SendingRig.OpenAsync();
        var row = await rig.SendOneAsync(letter => letter with { Recipients = ["ann@fabrikam.example>\r\nRCPT TO:<eve@fabrikam.example"] });
        Assert.Equal(LetterState.Waiting, row.State);
        Assert.DoesNotContain(rig.Server.Commands, line => line.Contains("eve", StringComparison.Ordinal));
    }

    /// <summary>Letters that were claimed together are each their own.</summary>
    [Fact]
    public async Task Of_letters_that_travel_together_each_has_its_own_end()
    {
        await using var rig = await SendingRig.OpenAsync();
        var letters = new List<Guid>();
        foreach (var address in (string[])["one@fabrikam.example", "gone@fabrikam.example", "later@fabrikam.example", "four@fabrikam.example"])
        {
            letters.Add(await rig.Office.LetterAsync(await rig.Office.ConversationAsync(), letter => letter with { Recipients = [address] }));
            rig.Office.Temp.Time.Advance(TimeSpan.FromMilliseconds(2));
        }
        rig.Server.RecipientReply = address => address.Split('@')[0] switch
        {
            "gone" => "550 5.1.1 No such user",
            "later" => "450 4.2.1 Busy",
            _ => "250 2.1.5 OK",
        };
        var heard = new List<string>();
        var some = await rig.Dispatch.ClaimAsync(await rig.Office.OwnerAsync(), rig.Pool, new LetterClaim(10), TempStore.Cancel);
        await await rig.Dispatch.SendAsync(some, (_, outcome) => heard.Add(outcome.GetType().Name), TempStore.Cancel);
        Assert.Equal((4, "Accepted Refused Deferred Accepted"), (some.Count, string.Join(' ', heard)));
        var states = new List<LetterState>();
        foreach (var letter in letters) states.Add(await rig.Office.StateAsync(letter));
        Assert.Equal([LetterState.Settled, LetterState.Dead, LetterState.Waiting, LetterState.Settled], states);
        Assert.Equal(2, rig.Server.Mails.Count);
        Assert.Equal("one@fabrikam.example=accepted", await rig.Office.RecipientsAsync(letters[0]));
    }

    [Fact]
    public async Task Of_letters_that_travel_together_the_more_urgent_leaves_first_and_a_conversation_keeps_its_order()
    {
        await using var rig = await SendingRig.OpenAsync();
        var talk = await rig.Office.ConversationAsync();
        await rig.Office.LetterAsync(talk, letter => letter with { Lane = LetterLane.Bulk, Recipients = ["first@fabrikam.example"] });
        rig.Office.Temp.Time.Advance(TimeSpan.FromMilliseconds(2));
        await rig.Office.LetterAsync(talk, letter => letter with { Lane = LetterLane.Answer, Recipients = ["second@fabrikam.example"] });
        await rig.Office.LetterAsync(await rig.Office.ConversationAsync(), letter => letter with { Lane = LetterLane.Answer, Recipients = ["answer@fabrikam.example"] });
        var owner = await rig.Office.OwnerAsync();
        Assert.Equal(2, await SendAsync(rig, owner));
        Assert.Equal(1, await SendAsync(rig, owner));
        Assert.Equal(
            ["answer", "first", "second"],
            rig.Server.Commands.Where(line => line.StartsWith("RCPT", StringComparison.Ordinal)).Select(line => line[9..line.IndexOf('@', StringComparison.Ordinal)]));
    }

    [Fact]
    public async Task An_owner_that_is_overtaken_among_several_letters_settles_what_was_answered_and_sends_no_more()
    {
        await using var rig = await SendingRig.OpenAsync();
        for (var number = 0; number < 3; number++) await rig.Office.LetterAsync(await rig.Office.ConversationAsync());
        var old = await rig.Office.OwnerAsync();
        rig.Server.BeforeDotReply = async () =>
        {
            if (rig.Server.Mails.Count == 2) await rig.Office.Recovery.TakeOverAsync(await rig.Office.OwnerAsync(), TempStore.Cancel);
        };
        var some = await rig.Dispatch.ClaimAsync(old, rig.Pool, new LetterClaim(3), TempStore.Cancel);
        var settling = await rig.Dispatch.SendAsync(some, (_, _) => { }, TempStore.Cancel);
        await Assert.ThrowsAsync<OwnershipLost>(() => settling);
        Assert.Equal(3, some.Count);
        var states = await rig.Office.Temp.Store.ReadAsync(
            tx => tx.For(rig.Office.Organisation).List<string>("SELECT state FROM letter WHERE organisation_id = @organisation"), TempStore.Cancel);
        Assert.All(states, state => Assert.Equal("unclear", state)); // in doubt, and never due again by itself
    }

    private static async Task<int> SendAsync(SendingRig rig, Ownership owner)
    {
        var some = await rig.Dispatch.ClaimAsync(owner, rig.Pool, new LetterClaim(10), TempStore.Cancel);
        await await rig.Dispatch.SendAsync(some, (_, _) => { }, TempStore.Cancel);
        return some.Count;
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
