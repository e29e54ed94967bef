using Microsoft.Extensions.Options;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Tests.Access;

public sealed class SignInTests
{
    private const string Address = "192.0.2.1";

    [Fact]
    public async Task The_right_password_opens_a_session_that_ends_when_told()
    {
        await using var temp = new TempStore();
        var access = await OpenAsync(temp);
        var signed = Assert.IsType<SignInOutcome.SignedIn>(await access.SignIn.TryAsync("Ada@Contoso.example ", "right password", Address, TempStore.Cancel));
        var hash = Sessions.HashOf(signed.Secret);
        Assert.Equal("ada@contoso.example", (await access.Sessions.FindAsync(hash, TempStore.Cancel))?.Email);
        await access.Sessions.EndAsync(hash, TempStore.Cancel);
        Assert.Null(await access.Sessions.FindAsync(hash, TempStore.Cancel));
    }

    [Fact]
    public async Task A_session_expires_and_a_lost_membership_ends_it_at_once()
    {
        await using var temp = new TempStore();
        var access = await OpenAsync(temp);
        var signed = Assert.IsType<SignInOutcome.SignedIn>(await access.SignIn.TryAsync("ada@contoso.example", "right password", Address, TempStore.Cancel));
        var again = Assert.IsType<SignInOutcome.SignedIn>(await access.SignIn.TryAsync("ada@contoso.example", "right password", Address, TempStore.Cancel));
        await temp.Store.WriteAsync(
            Lane.Work,
            tx => tx.For(access.Organisation).Execute("DELETE FROM membership WHERE organisation_id = @organisation"),
            TempStore.Cancel);
        Assert.Null(await access.Sessions.FindAsync(Sessions.HashOf(signed.Secret), TempStore.Cancel));
        temp.Time.Advance(access.Sessions.Lifetime);
        Assert.Null(await access.Sessions.FindAsync(Sessions.HashOf(again.Secret), TempStore.Cancel));
    }

    [Fact]
    public async Task Guessing_at_an_account_is_slowed_down_and_even_the_right_password_waits()
    {
        await using var temp = new TempStore();
        var access = await OpenAsync(temp);
        for (var guess = 0; guess < 5; guess++)
        {
            Assert.IsType<SignInOutcome.Refused>(await access.SignIn.TryAsync("ada@contoso.example", $"guess {guess}", $"192.0.2.{guess}", TempStore.Cancel));
        }
        var later = Assert.IsType<SignInOutcome.Later>(await access.SignIn.TryAsync("ada@contoso.example", "right password", Address, TempStore.Cancel));
        temp.Time.Advance(later.Wait);
        Assert.IsType<SignInOutcome.SignedIn>(await access.SignIn.TryAsync("ada@contoso.example", "right password", Address, TempStore.Cancel));
    }

    [Fact]
    public async Task Guessing_from_one_address_is_slowed_down_whatever_the_account()
    {
        await using var temp = new TempStore();
        var access = await OpenAsync(temp);
        for (var guess = 0; guess < 20; guess++)
        {
            Assert.IsType<SignInOutcome.Refused>(await access.SignIn.TryAsync($"person{guess}@contoso.example", "guess", Address, TempStore.Cancel));
        }
        Assert.IsType<SignInOutcome.Later>(await access.SignIn.TryAsync("ada@contoso.example", "right password", Address, TempStore.Cancel));
        Assert.IsType<SignInOutcome.SignedIn>(await access.SignIn.TryAsync("ada@contoso.example", "right password", "192.0.2.9", TempStore.Cancel));
    }

    private static async Task<(SignIn SignIn, Sessions Sessions, Guid Organisation)> OpenAsync(TempStore temp)
    {
        var options = Options.Create(new AccessOptions());
        var organisation = await temp.OrganisationAsync();
        var person = new Person
        {
            Id = Guid.CreateVersion7(temp.Time.GetUtcNow()),
            Name = "Ada",
            Email = "ada@contoso.example",
            Role = Caller.Admin,
            CreatedAt = temp.Time.GetUtcNow(),
        };
        var hash = SignIn.Hash("right password");
        await temp.Store.WriteAsync(
            Lane.Work,
            tx =>
            {
                People.Insert(tx, organisation, person, hash, "en");
                return true;
            },
            TempStore.Cancel);
        var sessions = new Sessions(temp.Store, options, temp.Time);
        return (new SignIn(temp.Store, sessions, new SignInBrake(temp.Store, options, temp.Time), temp.Time), sessions, organisation);
    }
}
