namespace Passerelle.Flows.Running;

/// <summary>A place in the tree of steps: a list, an index in it, and where to go on behind it.</summary>
internal sealed record Path(IReadOnlyList<FlowStep> List, int Index, Path? Behind)
{
    public FlowStep Current => List[Index];

    /// <returns>Null at the end of the flow.</returns>
    public static Path? Of(IReadOnlyList<FlowStep> list, Path? behind = null) => list.Count > 0 ? new Path(list, 0, behind) : behind;

    public Path? Next() => Index + 1 < List.Count ? this with { Index = Index + 1 } : Behind;

    /// <summary>Into a branch of the current step; behind the branch the walk goes on behind the step.</summary>
    public Path? Into(IReadOnlyList<FlowStep> branch) => Of(branch, Next());

    /// <returns>Null when no step has that id.</returns>
    public static Path? To(IReadOnlyList<FlowStep> list, string id, Path? behind = null)
    {
        for (Path? path = Of(list, null); path is not null; path = path.Next())
        {
            Path here = path with { Behind = behind };
            if (here.Current.Id == id) return here;
            foreach (IReadOnlyList<FlowStep> branch in Branches(here.Current))
            {
                if (To(branch, id, here.Next()) is { } found) return found;
            }
        }
        return null;
    }

    public static IEnumerable<IReadOnlyList<FlowStep>> Branches(FlowStep step) => step switch
    {
        ConditionStep condition => [condition.Then, condition.Else],
        CallHttpStep { OnError: { } branch } => [branch],
        _ => [],
    };
}
