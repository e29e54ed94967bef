namespace Passerelle.Dev.Soak.Once;

/// <summary>The steps of one submission, in order, and the requests by which a letter leaves through Microsoft Graph.</summary>
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

    /// <summary>The one request that sends a whole letter.</summary>
    GraphMail,
    GraphDraft,
    GraphFile,
    GraphSession,

    /// <summary>A piece of a file that is not its first.</summary>
    GraphPiece,

    /// <summary>The request that sends a draft.</summary>
    GraphSend,
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

    /// <summary>A 5xx of HTTP, which says nothing, though the server sees nothing.</summary>
    Trouble,

    /// <summary>The same though the server has done it.</summary>
    TroubleAfter,

    /// <summary><c>kill -9</c> of the gateway before the server has seen it.</summary>
    KillBefore,

    /// <summary><c>kill -9</c> of the gateway after the server has answered.</summary>
    KillAfter,

    /// <summary>The database goes for some seconds, and everything else goes on: PostgreSQL is stopped, SQLite's file locked by somebody else.</summary>
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

    private static readonly HopDeed[] OfARequest = [.. OfACommand, HopDeed.Trouble, HopDeed.TroubleAfter];

    private static readonly (HopStep Step, HopDeed[] Deeds)[] Table =
    [
        (HopStep.Connect, OfACommand),
        (HopStep.Hello, OfACommand),
        (HopStep.StartTls, OfACommand),
        (HopStep.Handshake, [HopDeed.CutBefore, HopDeed.Silent, HopDeed.KillBefore]),
        (HopStep.SignIn, [.. OfACommand, HopDeed.Revoked, HopDeed.DatabaseAway]),
        (HopStep.From, [.. OfACommand, HopDeed.DatabaseAway]),
        (HopStep.To, OfACommand),
        (HopStep.Data, [.. OfACommand, HopDeed.DatabaseAway]),
        (HopStep.Content, [HopDeed.CutBefore, HopDeed.Silent, HopDeed.KillBefore, HopDeed.DatabaseAway]),
        (HopStep.Dot, [.. OfACommand, HopDeed.DatabaseAway]),
        (HopStep.GraphMail, [.. OfARequest, HopDeed.Revoked, HopDeed.DatabaseAway]),
        (HopStep.GraphDraft, OfARequest),
        (HopStep.GraphFile, OfARequest),
        (HopStep.GraphSession, OfARequest),
        (HopStep.GraphPiece, [.. OfARequest, HopDeed.DatabaseAway]),
        (HopStep.GraphSend, [.. OfARequest, HopDeed.Revoked, HopDeed.DatabaseAway]),
    ];

    public static IReadOnlyList<HopFault> All { get; } = [.. from row in Table from deed in row.Deeds select new HopFault(row.Step, deed)];

    /// <summary>It strikes letters that leave by Microsoft Graph.</summary>
    public bool IsGraph => Step > HopStep.Dot;

    /// <summary>Before anybody has said who he is: it strikes whoever comes next.</summary>
    public bool IsAtTheDoor => Step < HopStep.SignIn;

    /// <summary>It strikes every letter under way, each where it is.</summary>
    public bool StrikesAll => Deed is HopDeed.KillBefore or HopDeed.KillAfter or HopDeed.DatabaseAway;

    public override string ToString() => $"{Step}-{Deed}";
}
