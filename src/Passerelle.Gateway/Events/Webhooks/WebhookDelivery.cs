namespace Passerelle.Gateway.Events.Webhooks;

/// <summary>One event for one webhook; the row is the order to make the call.</summary>
internal sealed record WebhookDelivery
{
    public const string Test = "test";
    public const string Waiting = "waiting";
    public const string Done = "done";
    public const string Dead = "dead";

    public static IReadOnlyList<string> States { get; } = [Dead, Waiting, Done];

    public required Guid OrganisationId { get; init; }

    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }
    public required Guid WebhookId { get; init; }

    /// <summary>The webhook-id of each try.</summary>
    public required Guid EventId { get; init; }
    public required string Type { get; init; }
    public Guid? LetterId { get; init; }
    public Guid? MessageId { get; init; }

    /// <summary>As it is posted.</summary>
    public required string Body { get; init; }

    /// <summary>waiting, done or dead.</summary>
    public string State { get; init; } = Waiting;

    /// <summary>Since it was last asked for.</summary>
    public long Attempts { get; init; }

    /// <summary>Of the last answer; 0: there was none.</summary>
    public long Status { get; init; }
    public string Words { get; init; } = "";
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset DueAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }

    public static WebhookDelivery New(Webhook webhook, Guid eventId, string type, string body, DateTimeOffset now) => new()
    {
        OrganisationId = webhook.OrganisationId,
        Id = Guid.CreateVersion7(now),
        WebhookId = webhook.Id,
        EventId = eventId,
        Type = type,
        Body = body,
        CreatedAt = now,
        DueAt = now,
    };
}

/// <summary>One call and what was answered.</summary>
internal sealed record WebhookAttempt
{
    public required Guid Id { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>0: no answer.</summary>
    public required long Status { get; init; }
    public required string Words { get; init; }

    /// <summary>How the answer begins.</summary>
    public required string Answer { get; init; }
    public required long Milliseconds { get; init; }
}
