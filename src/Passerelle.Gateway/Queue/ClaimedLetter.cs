namespace Passerelle.Gateway.Queue;

/// <summary>A letter that this owner, and no other, is trying now.</summary>
/// <param name="Number">Of the attempt row; unlike <see cref="LetterRow.Attempts"/> it only ever grows.</param>
/// <param name="Recipients">Bare addresses that have had no final answer yet.</param>
internal sealed record ClaimedLetter(LetterRow Row, long Number, DateTimeOffset StartedAt, IReadOnlyList<string> Recipients)
{
    public Guid OrganisationId => Row.OrganisationId;
    public Guid AppId => Row.AppId;
    public Guid Id => Row.Id;
}
