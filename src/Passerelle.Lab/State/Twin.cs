namespace Passerelle.Lab.State;

/// <summary>One lab at run time: its current state and its clock. (Named so because Lab is the namespace.)</summary>
internal sealed class Twin
{
    private readonly Lock _gate = new();
    private readonly Action<Twin> _changed;
    private volatile LabState _state;

    /// <param name="changed">Told after each change, outside the lock; must not block.</param>
    public Twin(LabState state, TimeProvider host, Action<Twin> changed)
    {
        _state = state;
        _changed = changed;
        Time = new LabTime(host, this);
        Journal = new Journal(Time);
    }

    public string Name => _state.Name;

    public LabState State => _state;

    /// <summary>Lab time: the host's clock plus <see cref="LabState.Ahead"/>. Timers run on the host's clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>What happened in this lab since the host started.</summary>
    public Journal Journal { get; }

    /// <summary>Set once: whoever still holds it keeps nothing of it.</summary>
    public bool Removed { get; set; }

    public Guid NewId() => Guid.CreateVersion7(Time.GetUtcNow());

    /// <summary>Applies a pure function to the current state; changes are made one at a time.</summary>
    public LabState Change(Func<LabState, LabState> change) =>
        Change(state =>
        {
            LabState next = change(state);
            return (next, next);
        });

    /// <summary>The same, for a change that decides something: what was decided is what was stored.</summary>
    public T Change<T>(Func<LabState, (LabState Next, T Result)> change)
    {
        T result;
        lock (_gate)
        {
            (LabState next, result) = change(_state);
            if (ReferenceEquals(next, _state)) return result;
            _state = next;
        }

        _changed(this);
        return result;
    }

    /// <returns>False when the directory is gone.</returns>
    public bool ChangeDirectory(Guid id, Func<LabDirectory, LabDirectory> change) =>
        Change(state => state.Directory(id) is { } directory ? (state.With(change(directory)), true) : (state, false));

    /// <returns>False when the directory or the user is gone.</returns>
    public bool ChangeUser(Guid directoryId, Guid userId, Func<LabUser, LabUser> change) =>
        Change(state => state.Directory(directoryId) is { } directory && directory.User(userId) is { } user
            ? (state.With(directory.With(change(user))), true)
            : (state, false));

    private sealed class LabTime(TimeProvider host, Twin lab) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => host.GetUtcNow() + lab._state.Ahead;

        public override long GetTimestamp() => host.GetTimestamp();

        public override long TimestampFrequency => host.TimestampFrequency;

        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            host.CreateTimer(callback, state, dueTime, period);
    }
}
