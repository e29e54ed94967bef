namespace Passerelle.Gateway.Operations.Keeping;

/// <summary>What one kind of job does. A turn is short, and what it wrote says where the next one goes on.</summary>
internal interface IKeepingTask
{
    /// <summary>Of the jobs that it does.</summary>
    string Kind { get; }

    /// <exception cref="KeepingLost">Someone cancelled it, or another process took it up.</exception>
    Task<KeepingTurn> TurnAsync(KeepingJob job, CancellationToken cancel);
}

/// <summary>How a turn ended.</summary>
internal abstract record KeepingTurn(KeepingJob Job)
{
    public sealed record More(KeepingJob Job) : KeepingTurn(Job);

    public sealed record Done(KeepingJob Job) : KeepingTurn(Job);

    /// <param name="Words">What it waits for.</param>
    public sealed record Later(KeepingJob Job, DateTimeOffset Due, string Words) : KeepingTurn(Job);
}
