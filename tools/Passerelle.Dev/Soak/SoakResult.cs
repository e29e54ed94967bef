using System.Globalization;
using System.Text.Json.Serialization;

namespace Passerelle.Dev.Soak;

/// <summary>What a soak prints (design §10).</summary>
/// <param name="Runs">Kills of the recovery; rounds of the tokens; reads of the readers.</param>
/// <param name="Lost">Mails answered 250 without a message, and answers that nobody got though no letter is unclear; mails that are a fault to the readers.</param>
/// <param name="Duplicated">Mails that are two messages, and mails that were answered twice.</param>
/// <param name="Hangs">Starts, replies, backlogs and reads that did not come to an end in their time or their memory.</param>
internal sealed record SoakResult(string Soak, int Runs, int Lost, int Duplicated, int Hangs, IReadOnlyList<string> Notes)
{
    [JsonIgnore] public bool IsClean => Lost + Duplicated + Hangs == 0;

    public string ToTable() => string.Create(CultureInfo.InvariantCulture, $"""
        {Soak}: {Runs} runs, {Lost} lost, {Duplicated} duplicated, {Hangs} hangs
        {string.Join(Environment.NewLine, Notes)}
        """);
}

/// <summary>One line of the results' file: one data folder, killed over and over, then drained and counted.</summary>
internal sealed record RecoveryRecord
{
    public required DateTimeOffset At { get; init; }

    /// <summary>What was struck; lines of former days say nothing and mean the gateway.</summary>
    public string Of { get; init; } = RecoverySoak.Gateway;

    /// <summary>sqlite or postgres.</summary>
    public required string Store { get; init; }
    public required int Kills { get; init; }

    /// <summary>Direct mails answered 250.</summary>
    public required int Acknowledged { get; init; }

    /// <summary>Mails that customers wrote through the lab.</summary>
    public required int Written { get; init; }
    public required int Answers { get; init; }

    /// <summary>Letters that may have left and may not: at most these may lack an answer.</summary>
    public required int Unclear { get; init; }
    public required int Unanswered { get; init; }
    public required int Lost { get; init; }
    public required int Duplicated { get; init; }
    public required int Hangs { get; init; }

    /// <summary>What went wrong, in words.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}
