using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using Passerelle.Gateway.Outbound;

namespace Passerelle.Gateway.Tests.Outbound;

public sealed class ConnectionRaceTests
{
    private static readonly IPAddress Six = IPAddress.Parse("2001:db8::6");
    private static readonly IPAddress OtherSix = IPAddress.Parse("2001:db8::7");
    private static readonly IPAddress Four = IPAddress.Parse("192.0.2.4");
    private readonly FakeTimeProvider _time = new();
    private readonly Dictionary<IPAddress, TaskCompletionSource<Ends>> _attempts = [];
    private readonly List<IPAddress> _cancelled = [];

    [Fact]
    public void The_families_take_turns_and_the_systems_first_choice_begins() =>
        Assert.Equal([Six, Four, OtherSix], ConnectionRace.InTurns([Six, OtherSix, Four]));

    [Fact]
    public async Task An_address_that_says_nothing_has_a_quarter_of_a_second_then_the_other_family_begins_beside_it()
    {
        var race = RaceAsync(Six, Four);
        Assert.Equal([Six], _attempts.Keys);
        _time.Advance(TimeSpan.FromMilliseconds(249));
        Assert.Single(_attempts);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        while (_attempts.Count < 2) await Task.Yield();
        var won = new Ends();
        _attempts[Four].SetResult(won);
        Assert.Same(won, await race);
        Assert.Equal([Six], _cancelled);
        Assert.False(won.IsDisposed);
    }

    [Fact]
    public async Task An_address_that_refuses_makes_room_for_the_next_at_once()
    {
        var race = RaceAsync(Six, Four);
        _attempts[Six].SetException(new SocketException((int)SocketError.ConnectionRefused));
        while (_attempts.Count < 2) await Task.Yield();
        _attempts[Four].SetResult(new Ends());
        Assert.NotNull(await race);
        Assert.Equal(TimeSpan.Zero, _time.GetUtcNow() - _time.Start);
    }

    [Fact]
    public async Task When_none_stands_the_last_one_says_why()
    {
        var race = RaceAsync(Six, Four);
        _attempts[Six].SetException(new SocketException((int)SocketError.NetworkUnreachable));
        while (_attempts.Count < 2) await Task.Yield();
        _attempts[Four].SetException(new SocketException((int)SocketError.ConnectionRefused));
        Assert.Equal(SocketError.ConnectionRefused, (await Assert.ThrowsAsync<SocketException>(() => race)).SocketErrorCode);
    }

    /// <summary>Both stand in the same moment: one is used, the other is closed.</summary>
    [Fact]
    public async Task A_connection_that_stood_too_late_is_closed()
    {
        var race = RaceAsync(Six, Four);
        _time.Advance(TimeSpan.FromMilliseconds(250));
        while (_attempts.Count < 2) await Task.Yield();
        var late = new Ends();
        _attempts[Six].Task.GetAwaiter().OnCompleted(() => _attempts[Four].SetResult(late));
        _attempts[Six].SetResult(new Ends());
        Assert.NotSame(late, await race);
        Assert.True(late.IsDisposed);
    }

    [Fact]
    public async Task Whoever_gives_up_ends_the_race()
    {
        using var stop = new CancellationTokenSource();
        var race = ConnectionRace.RunAsync([Six, Four], ConnectAsync, _time, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => race);
    }

    private Task<Ends> RaceAsync(params IReadOnlyList<IPAddress> addresses) => ConnectionRace.RunAsync(addresses, ConnectAsync, _time, TempStore.Cancel);

    private Task<Ends> ConnectAsync(IPAddress address, CancellationToken cancel)
    {
        var attempt = _attempts[address] = new TaskCompletionSource<Ends>();
        cancel.Register(() =>
        {
            if (attempt.TrySetCanceled(cancel)) _cancelled.Add(address);
        });
        return attempt.Task;
    }

    private sealed class Ends : IDisposable
    {
        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }
}
