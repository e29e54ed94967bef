using Microsoft.Extensions.Time.Testing;
using Passerelle.Gateway.Reading;

namespace Passerelle.Gateway.Tests.Reading;

public sealed class DnsCacheTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero));
    private int _asked;
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(300, 299, 1)]
    [InlineData(300, 301, 2)]
    [InlineData(0, 9, 1)] // each mail would ask
    [InlineData(86_400_000, 3_601, 2)] // nobody is believed for ever
    public async Task An_answer_holds_as_long_as_it_says_within_bounds(int seconds, int later, int asked)
    {
        var cache = new DnsCache(_time, 100);
        Assert.Equal(["yes"], await cache.GetAsync("TXT a.example", () => Reply(["yes"], seconds), Cancel));
        _time.Advance(TimeSpan.FromSeconds(later));
        Assert.Equal(["yes"], await cache.GetAsync("txt A.example", () => Reply(["yes"], seconds), Cancel));
        Assert.Equal(asked, _asked);
    }

    [Fact]
    public async Task What_does_not_exist_is_remembered_too()
    {
        var cache = new DnsCache(_time, 100);
        Assert.Empty(await cache.GetAsync("TXT a.example", () => Reply([], 60), Cancel));
        Assert.Empty(await cache.GetAsync("TXT a.example", () => Reply(["now it does"], 60), Cancel));
        _time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(["now it does"], await cache.GetAsync("TXT a.example", () => Reply(["now it does"], 60), Cancel));
    }

    [Fact]
    public async Task Trouble_is_told_to_all_who_ask_for_a_few_seconds_and_then_asked_again()
    {
        var cache = new DnsCache(_time, 100);
        for (var i = 0; i < 5; i++) await Assert.ThrowsAsync<TimeoutException>(() => cache.GetAsync("TXT a.example", Silence, Cancel));
        Assert.Equal(1, _asked);
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(["yes"], await cache.GetAsync("TXT a.example", () => Reply(["yes"], 60), Cancel));
    }

    [Fact]
    public async Task One_question_is_under_way_once_and_who_leaves_does_not_end_it()
    {
        var cache = new DnsCache(_time, 100);
        var answer = new TaskCompletionSource<DnsReply<string>>();
        using var leaving = new CancellationTokenSource();
        var first = cache.GetAsync("TXT a.example", Slow, leaving.Token);
        var second = cache.GetAsync("TXT a.example", Slow, Cancel);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        answer.SetResult(new(["yes"], TimeSpan.FromMinutes(1)));
        Assert.Equal(["yes"], await second);
        Assert.Equal(1, _asked);

        Task<DnsReply<string>> Slow()
        {
            _asked++;
            return answer.Task;
        }
    }

    [Fact]
    public async Task The_cache_stays_within_its_bound()
    {
        var cache = new DnsCache(_time, 100);
        for (var i = 0; i < 1_000; i++)
        {
            await cache.GetAsync($"TXT {i}.example", () => Reply(["yes"], 60), Cancel);
            Assert.InRange(cache.Count, 0, 101);
        }
    }

    private Task<DnsReply<string>> Reply(string[] records, int seconds)
    {
        _asked++;
        return Task.FromResult(new DnsReply<string>(records, TimeSpan.FromSeconds(seconds)));
    }

    private Task<DnsReply<string>> Silence()
    {
        _asked++;
        return Task.FromException<DnsReply<string>>(new TimeoutException());
    }
}
