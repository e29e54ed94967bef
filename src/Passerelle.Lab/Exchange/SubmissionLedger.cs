using Passerelle.Lab.State;
using Passerelle.Smtp;

namespace Passerelle.Lab.Exchange;

/// <summary>What was submitted in the last day and minute, on lab time, against the limits of facts/microsoft365.md §5.8. In
/// memory only: a lab that is started again begins with a clean sheet.</summary>
internal sealed class SubmissionLedger(TimeProvider time)
{
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Window> _days = new(StringComparer.OrdinalIgnoreCase);
    private readonly MinuteTurns _minutes = new(time);

    /// <summary>Recipients outside of the last 24 hours, of a whole organisation.</summary>
    public int ExternalOf(LabDirectory organisation)
    {
        lock (_gate) return DayOf($"out {organisation.Id}").Sum;
    }

    /// <summary>Counts the mail, or says which limit it would break; then nothing is counted.</summary>
    public SmtpReply? Refusal(Submitter submitter, string reversePath, IReadOnlyList<string> recipients)
    {
        if (submitter.Organisation is not { } organisation) return null;
        var limits = organisation.SubmissionLimits;
        var external = recipients.Count(recipient => !Inside(organisation, recipient));
        var initial = MailAddress.DomainOf(reversePath).EndsWith(".onmicrosoft.com", StringComparison.OrdinalIgnoreCase) ? external : 0;
        lock (_gate)
        {
            var all = DayOf("box " + submitter.Address);
            var outside = DayOf($"out {organisation.Id}");
            var first = DayOf($"initial {organisation.Id}");
            var mailboxes = organisation.Users.Count(user => user.Mailbox is not null);
            var now = time.GetUtcNow();
            if (OverPolicy(submitter, organisation.MailFlowAt(now).PolicyOf(submitter.Address), recipients.Count, external) is { } over) return over;
            if (all.Sum + recipients.Count > limits.RecipientsPerDay) return new SmtpReply(554, "2.0", ExchangeReplies.QuotaExceeded);
            if (first.Sum + initial > limits.InitialDomainPerDay && initial > 0) return new SmtpReply(550, "7.236", ExchangeReplies.InitialDomainLimit);
            if (outside.Sum + external > limits.ExternalRecipients(mailboxes, now - limits.Since) && external > 0)
                return limits.Trial ? new SmtpReply(550, "7.232", ExchangeReplies.TrialLimit) : new SmtpReply(550, "7.233", ExchangeReplies.ExternalLimit);
            HourOf($"hour out {submitter.Address}").Add(now, external);
            HourOf($"hour in {submitter.Address}").Add(now, recipients.Count - external);
            all.Add(now, recipients.Count);
            outside.Add(now, external);
            first.Add(now, initial);
            return null;
        }
    }

    /// <summary>Returns when the mailbox's turn has come: at most so many messages in any minute, the others wait.</summary>
    public Task WaitAsync(Submitter submitter, SubmissionLimits limits, CancellationToken cancel)
    {
        if (submitter.Directory is null) return Task.CompletedTask;
        var wait = _minutes.Take(submitter.Address, limits.MessagesPerMinute);
        return wait <= TimeSpan.Zero ? Task.CompletedTask : Task.Delay(wait, time, cancel);
    }

    /// <summary>The outbound spam policy's own limits; who reaches one is restricted (facts §5.8).</summary>
    private SmtpReply? OverPolicy(Submitter submitter, OutboundPolicy policy, int recipients, int external)
    {
        var over = Over(HourOf($"hour out {submitter.Address}"), external, policy.ExternalPerHour)
            || Over(HourOf($"hour in {submitter.Address}"), recipients - external, policy.InternalPerHour)
            || Over(DayOf("box " + submitter.Address), recipients, policy.PerDay);
        if (!over || !policy.RestrictsSender) return null;
        if (submitter.Organisation is { } organisation && organisation.UserByAddress(submitter.Address) is { } user)
            submitter.Lab.ChangeUser(organisation.Id, user.Id, u => u.Mailbox is { } mailbox ? u with { Mailbox = mailbox with { Restricted = true } } : u);
        return new SmtpReply(554, "2.0", ExchangeReplies.OutboundSpam);
    }

    private static bool Over(Window window, int more, int limit) => limit > 0 && more > 0 && window.Sum + more > limit;

    private static bool Inside(LabDirectory organisation, string recipient)
    {
        var domain = MailAddress.DomainOf(recipient);
        return organisation.Owns(domain) || InitialDomain.Of(organisation).Equals(domain, StringComparison.OrdinalIgnoreCase);
    }

    private Window DayOf(string key) => WindowOf(key, Day);

    private Window HourOf(string key) => WindowOf(key, TimeSpan.FromHours(1));

    private Window WindowOf(string key, TimeSpan length)
    {
        if (!_days.TryGetValue(key, out var window)) _days[key] = window = new Window();
        window.Forget(time.GetUtcNow() - length);
        return window;
    }

    /// <summary>A rolling sum.</summary>
    private sealed class Window
    {
        private readonly Queue<(DateTimeOffset At, int Count)> _parts = new();

        public int Sum { get; private set; }

        public void Add(DateTimeOffset at, int count)
        {
            if (count == 0) return;
            _parts.Enqueue((at, count));
            Sum += count;
        }

        public void Forget(DateTimeOffset before)
        {
            while (_parts.TryPeek(out var part) && part.At <= before) Sum -= _parts.Dequeue().Count;
        }
    }
}
