namespace Passerelle.Gateway.Apps;

/// <summary>One connected mailbox, as its row says. Sealed columns stay sealed here; only Tokens and Sending open them.</summary>
internal sealed record EmailApp
{
    public required Guid OrganisationId { get; init; }
    public required Guid Id { get; init; }
    public required string AssetName { get; init; }

    /// <summary>The mailbox's address, as its users write it.</summary>
    public required string EmailId { get; init; }

    /// <summary>32 lower-case hexadecimal characters @ the inbound domain; fixed, never reused.</summary>
    public required string ForwardingAddress { get; init; }

    /// <summary>Id of a <see cref="PresetData"/>.</summary>
    public required string Preset { get; init; }

    /// <summary>oauth2 or password.</summary>
    public required string Authentication { get; init; }
    public required string DirectoryId { get; init; }
    public required string ClientId { get; init; }

    /// <summary>Sealed; null when none was given.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>Null: nobody knows.</summary>
    public DateTimeOffset? SecretExpiresOn { get; init; }
    public required string SmtpHost { get; init; }
    public required int SmtpPort { get; init; }

    /// <summary>none, ssl or starttls.</summary>
    public required string SmtpSecurity { get; init; }
    public required string UserName { get; init; }

    /// <summary>Sealed; null when none was given.</summary>
    public string? Password { get; init; }
    public required string AuthorizationUrl { get; init; }
    public required string TokenUrl { get; init; }

    /// <summary>Empty: the access token URL serves refreshes too.</summary>
    public required string RefreshUrl { get; init; }
    public required string Scope { get; init; }

    /// <summary>One of <see cref="Proofs"/>.</summary>
    public string Proof { get; init; } = Proofs.Secret;

    /// <summary>The certificate in use; null: none yet.</summary>
    public Guid? CertificateId { get; init; }

    /// <summary>Full path; read at each request.</summary>
    public string AssertionFile { get; init; } = "";

    /// <summary>One of <see cref="Ways"/>.</summary>
    public string Way { get; init; } = Ways.Code;

    /// <summary>The delegate's account; empty: the mailbox signs in itself.</summary>
    public string SignsInAs { get; init; } = "";

    /// <summary>Nobody signs in: the application itself has the right to send as the mailbox.</summary>
    public bool IsAppOnly => Authentication == AppForm.OAuth2 && Way == Ways.AppOnly;

    /// <summary>Null: the app only receives.</summary>
    public Guid? FlowId { get; init; }
    public required AppState State { get; init; }
    public required string StateReason { get; init; }
    public required DateTimeOffset StateSince { get; init; }

    /// <summary>Raised by each new owner; a smaller one can settle nothing.</summary>
    public required long Epoch { get; init; }

    /// <summary>Raised by each edit; a form that saw an older one is refused.</summary>
    public required long Version { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? ConnectedAt { get; init; }
    public DateTimeOffset? LastReceivedAt { get; init; }
    public DateTimeOffset? LastSentAt { get; init; }

    /// <summary>Empty: the asset name stands before the address.</summary>
    public string DisplayName { get; init; } = "";

    /// <summary>Empty: answers come to the mailbox.</summary>
    public string ReplyTo { get; init; } = "";
    public string Signature { get; init; } = "";

    /// <summary>Other addresses of the mailbox, one blank between them.</summary>
    public string Aliases { get; init; } = "";

    /// <summary>Forwarding addresses before the present one, one blank between them.</summary>
    public string FormerAddresses { get; init; } = "";

    /// <summary>One of <see cref="Apps.UnclearLetters"/>.</summary>
    public string UnclearLetters { get; init; } = Apps.UnclearLetters.Hold;

    /// <summary>One of <see cref="Transports"/>.</summary>
    public string Transport { get; init; } = Transports.Smtp;

    /// <summary>From whom it takes mail: anyone, mark or hold (<see cref="Apps.Delivery.DeliveryRule"/>).</summary>
    public string Delivery { get; init; } = Apps.Delivery.DeliveryRule.Anyone;

    /// <summary>Ids of providers, one blank between them.</summary>
    public string DeliveryProviders { get; init; } = "";

    /// <summary>Names and ranges, one blank between them.</summary>
    public string DeliverySources { get; init; } = "";

    /// <summary>Days since a mail came (<see cref="Apps.Keeping.Retention"/>); null: for ever.</summary>
    public long? KeepRawDays { get; init; }
    public long? KeepTextDays { get; init; }
    public long? KeepMessageDays { get; init; }

    /// <summary>Of a retired app: the state it goes back to; empty otherwise.</summary>
    public string StateBefore { get; init; } = "";

    /// <summary>What recipients see before the address.</summary>
    public string FromName => DisplayName.Length > 0 ? DisplayName : AssetName;

    /// <summary>Every address that is this app itself: mail by one of them is its own (design §8.4).</summary>
    public IReadOnlyList<string> OwnAddresses =>
        [EmailId, ForwardingAddress, .. Aliases.Split(' ', StringSplitOptions.RemoveEmptyEntries), .. FormerAddresses.Split(' ', StringSplitOptions.RemoveEmptyEntries)];

    /// <summary>When a retired app is gone; null for all others.</summary>
    public DateTimeOffset? GoneAt => State is AppState.Retired ? StateSince + AppStates.RetiredFor : null;
}
