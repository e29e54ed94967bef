using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Passerelle.Gateway.Sending;

/// <summary>Section <c>Sending</c>. What an app may send is data of its preset (<see cref="Budgets.BudgetLimits"/>).</summary>
internal sealed class SendingOptions
{
    /// <summary>Of every app of which no admin says otherwise; null: as its preset says.</summary>
    [Range(1, 100)] public int? ConnectionsPerApp { get; init; }

    /// <summary>Of every app of which no admin says otherwise; null: as its preset says.</summary>
    [Range(1, 100_000)] public int? MessagesPerMinute { get; init; }

    /// <summary>Seconds that an idle connection is kept.</summary>
    [Range(1, 600)] public int IdleSeconds { get; init; } = 30;

    /// <summary>Seconds for one command and its reply.</summary>
    [Range(1, 600)] public int ReplySeconds { get; init; } = 120;

    /// <summary>Seconds from the first command of a letter to the last reply; below <c>Queue:SubmittingSeconds</c>.</summary>
    [Range(1, 3500)] public int LetterSeconds { get; init; } = 540;

    /// <summary>Bytes of all files of one letter together; base64 makes a third more of them on the way.</summary>
    [Range(0, 100 * 1024 * 1024)] public int MaxFilesBytes { get; init; } = 25 * 1024 * 1024;

    /// <summary>Hours that an upload waits for its letter.</summary>
    [Range(1, 720)] public int UploadHours { get; init; } = 24;

    /// <summary>Bytes that Microsoft Graph takes as the body of one request; Microsoft speaks of 4 MB. A letter that is longer in base64 goes by a draft.</summary>
    [Range(16 * 1024, 150 * 1024 * 1024)] public int GraphRequestBytes { get; init; } = 4_000_000;

    /// <summary>Bytes of one piece of an upload to Microsoft Graph, below 4 MB and a multiple of 320 KiB.</summary>
    [Range(320 * 1024, 60 * 320 * 1024)] public int GraphChunkBytes { get; init; } = 10 * 320 * 1024;

    /// <summary>What EHLO says; empty: this machine's name.</summary>
    public string HelloName { get; init; } = "";

    /// <summary>Seconds before a broken app is tried by itself for the first time; doubled each time up to an hour.</summary>
    [Range(1, 3600)] public int FirstRepairSeconds { get; init; } = 60;
}

[OptionsValidator]
internal sealed partial class SendingOptionsValidator : IValidateOptions<SendingOptions>;
