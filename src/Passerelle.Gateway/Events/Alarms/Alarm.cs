using System.Text.Json;
using Passerelle.Gateway.Apps;

namespace Passerelle.Gateway.Events.Alarms;

/// <summary>Something a person must act on, from when it was seen until it was over.</summary>
internal sealed record Alarm
{
    /// <summary>The app cannot send until a person acts.</summary>
    public const string Broken = "broken";

    /// <summary>No mail has come in for much longer than its habit.</summary>
    public const string Silent = "silent";

    /// <summary>A credential ends soon, or has ended.</summary>
    public const string Credential = "credential";

    /// <summary>An answer that a person wrote has not been taken in time.</summary>
    public const string Late = "late";

    public required Guid OrganisationId { get; init; }
    public required Guid Id { get; init; }
    public required Guid AppId { get; init; }

    /// <summary>broken, silent, credential or late.</summary>
    public required string Kind { get; init; }

    /// <summary>Of kind credential: which one; of kind late: the letter's id; empty otherwise.</summary>
    public required string Subject { get; init; }

    /// <summary>Of kind credential: days left that were last warned of; 0 otherwise.</summary>
    public required long Level { get; init; }

    /// <summary>JSON of <see cref="What"/>.</summary>
    public required string Finding { get; init; }
    public required DateTimeOffset RaisedAt { get; init; }

    /// <summary>The last notice; the next reminder counts from here.</summary>
    public required DateTimeOffset ToldAt { get; init; }

    /// <summary>Null: open.</summary>
    public DateTimeOffset? ClearedAt { get; init; }

    /// <summary>Who must do what.</summary>
    public Finding What => JsonSerializer.Deserialize<Finding>(Finding)!; // written by AlarmChanges, never null
}

/// <summary>What is so now and needs somebody.</summary>
/// <param name="Subject">See <see cref="Alarm.Subject"/>.</param>
/// <param name="Level">See <see cref="Alarm.Level"/>.</param>
internal sealed record AlarmCondition(Guid OrganisationId, Guid AppId, string Kind, string Subject, long Level, Finding Finding);
