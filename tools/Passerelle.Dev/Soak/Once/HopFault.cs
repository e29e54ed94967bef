namespace Passerelle.Dev.Soak.Once;

/// <summary>The steps of one submission, in order.</summary>
internal enum HopStep
{
    Connect,
    Hello,
    StartTls,
    Handshake,
    SignIn,
    From,
    To,
    Data,
    Content,
    Dot,
}

internal enum HopDeed
{
    /// <summary>The connection ends before the server has seen it.</summary>
    CutBefore,

    /// <summary>The connection ends after the server has answered: its reply is lost.</summary>
    CutAfter,

    /// <summary>Two characters of the reply arrive.</summary>
    CutInReply,

    /// <summary>The reply comes after the client has given up.</summary>
    Late,

    /// <summary>Neither a reply nor an end, and the server sees nothing.</summary>
    Silent,

    /// <summary>A 4xx, and the server sees nothing.</summary>
    Temporary,

    /// <summary>A 5xx, and the server sees nothing.</summary>
    Permanent,

    /// <summary><c>kill -9</c> of the gateway before the server has seen it.</summary>
    KillBefore,

    /// <summary><c>kill -9</c> of the gateway after the server has answered.</summary>
    KillAfter,

    /// <summary>The database goes for some seconds, and everything else goes on.</summary>
    DatabaseAway,

    /// <summary>The person's sessions are revoked and the token is refused: somebody must sign in again.</summary>
    Revoked,
}

/// <summary>One thing that goes wrong once.</summary>
internal sealed record HopFault(HopStep Step, HopDeed Deed)
{
    private static readonly HopDeed[] OfACommand =
    [
        HopDeed.CutBefore, HopDeed.CutAfter, HopDeed.CutInReply, HopDeed.Late, HopDeed.Silent, HopDeed.Temporary, HopDeed.Permanent, HopDeed.KillBefore, HopDeed.KillAfter,
    ];

    private static readonly (HopStep Step, HopDeed[] Deeds)[] Table =
    [
        (HopStep.Connect, OfACommand),
        (HopStep.Hello, OfACommand),
        (HopStep.StartTls, OfACommand),
        (HopStep.Handshake, [HopDeed.CutBefore, HopDeed.Silent, HopDeed.KillBefore]),
        (HopStep.SignIn, [.. OfACommand, HopDeed.Revoked]),
        (HopStep.From, OfACommand),
        (HopStep.To, OfACommand),
        (HopStep.Data, OfACommand),
        (HopStep.Content, [HopDeed.CutBefore, HopDeed.Silent, HopDeed.KillBefore]),
        (HopStep.Dot, OfACommand),
    ];

    /// <summary>All but those that need a database of their own.</summary>
    public static IReadOnlyList<HopFault> All { get; } = [.. from row in Table from deed in row.Deeds select new HopFault(row.Step, deed)];

    /// <summary>With PostgreSQL besides.</summary>
    public static IReadOnlyList<HopFault> WithDatabase { get; } =
        [.. All, .. from step in new[] { HopStep.SignIn, HopStep.From, HopStep.Data, HopStep.Content, HopStep.Dot } select new HopFault(step, HopDeed.DatabaseAway)];

    /// <summary>Before anybody has said who he is: it strikes whoever comes next.</summary>
    public bool IsAtTheDoor => Step < HopStep.SignIn;

    /// <summary>Of these one at a time: they strike every letter under way.</summary>
    public bool StrikesAll => Deed is HopDeed.KillBefore or HopDeed.KillAfter or HopDeed.DatabaseAway;

    public override string ToString() => $"{Step}-{Deed}";
}
