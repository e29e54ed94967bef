using System.Collections.Concurrent;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Graph;

/// <summary>What each application asks of each mailbox, against the limits of facts §4.3. In memory only.</summary>
internal sealed class Throttle
{
    private const int ConcurrencySeconds = 10;
    private static readonly TimeSpan TenMinutes = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan FiveMinutes = TimeSpan.FromMinutes(5);
    private readonly ConcurrentDictionary<(string Lab, Guid App, Guid Mailbox), Counter> _counters = new();

    /// <summary>Holds one of the places until it is disposed of.</summary>
    /// <exception cref="GraphFault">429: none is free, or the requests of ten minutes are used up.</exception>
    public IDisposable Enter(GraphCall call, LabUser mailbox) =>
        Of(call.Lab, call.Token.ClientId, mailbox.Id).Enter(call.Directory.GraphLimits, call.Lab.Time.GetUtcNow());

    /// <exception cref="GraphFault">429: the bytes of five minutes are used up.</exception>
    public void Upload(Twin lab, Guid app, Guid mailbox, GraphLimits limits, long bytes) =>
        Of(lab, app, mailbox).Upload(limits, lab.Time.GetUtcNow(), bytes);

    private Counter Of(Twin lab, Guid app, Guid mailbox) => _counters.GetOrAdd((lab.Name, app, mailbox), _ => new Counter());

    private sealed class Counter
    {
        private readonly Lock _gate = new();
        private readonly Queue<DateTimeOffset> _requests = new();
        private readonly Queue<(DateTimeOffset At, long Bytes)> _uploads = new();
        private int _active;

        public IDisposable Enter(GraphLimits limits, DateTimeOffset now)
        {
            lock (_gate)
            {
                if (_active >= limits.Concurrent) throw GraphFault.Throttled(ConcurrencySeconds);
                while (_requests.TryPeek(out var at) && at <= now - TenMinutes) _requests.Dequeue();
                if (_requests.Count >= limits.Requests) throw GraphFault.Throttled(SecondsUntil(_requests.Peek() + TenMinutes, now));
                _requests.Enqueue(now);
                _active++;
                return new Place(this);
            }
        }

        public void Upload(GraphLimits limits, DateTimeOffset now, long bytes)
        {
            lock (_gate)
            {
                while (_uploads.TryPeek(out var part) && part.At <= now - FiveMinutes) _uploads.Dequeue();
                if (_uploads.Count > 0 && _uploads.Sum(part => part.Bytes) + bytes > limits.UploadBytes)
                    throw GraphFault.Throttled(SecondsUntil(_uploads.Peek().At + FiveMinutes, now));
                _uploads.Enqueue((now, bytes));
            }
        }

        private void Leave()
        {
            lock (_gate) _active--;
        }

        private static int SecondsUntil(DateTimeOffset then, DateTimeOffset now) => Math.Max(1, (int)Math.Ceiling((then - now).TotalSeconds));

        private sealed class Place(Counter counter) : IDisposable
        {
            private Counter? _counter = counter;

            public void Dispose() => Interlocked.Exchange(ref _counter, null)?.Leave();
        }
    }
}
