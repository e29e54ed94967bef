namespace Passerelle.Gateway.Queue;

/// <summary>Of what is due, the lower lane leaves first.</summary>
internal enum LetterLane
{
    Answer,
    Ordinary,
    Bulk,
}

/// <summary>A letter as Routing, Conversations or Verify hand it over. Its id is chosen before its bytes are written.</summary>
internal sealed record NewLetter
{
    public const string Acknowledgement = "acknowledgement";
    public const string Flow = "flow";
    public const string Person = "person";
    public const string Test = "test";
    public const string Order = "order";

    public required Guid OrganisationId { get; init; }
    public required Guid AppId { get; init; }
    public required Guid Id { get; init; }
    public required Guid ConversationId { get; init; }

    /// <summary>acknowledgement, flow, person, test or order.</summary>
    public required string Origin { get; init; }

    /// <summary>No person wrote it: it counts towards the caps.</summary>
    public required bool Automatic { get; init; }

    /// <summary>The message it answers.</summary>
    public Guid? InAnswerTo { get; init; }
    public Guid? RunId { get; init; }
    public Guid? PersonId { get; init; }

    /// <summary>Bare address that the caps count by; stored in lower case.</summary>
    public required string Correspondent { get; init; }
    public required string Subject { get; init; }

    /// <summary>The whole mail, CRLF line ends, with the Message-ID of <see cref="InternetId"/>.</summary>
    public required ReadOnlyMemory<byte> Raw { get; init; }

    /// <summary>Bare envelope addresses, each once, at least one.</summary>
    public required IReadOnlyList<string> Recipients { get; init; }

    /// <summary>Null: answers before what answers nothing.</summary>
    public LetterLane? Lane { get; init; }

    /// <summary>Waits until then; null: it leaves when it can.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Is not sent any more after that; null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <param name="mailbox">The address that sends.</param>
    /// <returns>The Message-ID that the letter <paramref name="id"/> must carry, with angle brackets.</returns>
    public static string InternetIdOf(Guid id, string mailbox) => $"<{id:N}@{mailbox[(mailbox.LastIndexOf('@') + 1)..]}>";

    /// <summary>With angle brackets.</summary>
    public required string InternetId { get; init; }
}
