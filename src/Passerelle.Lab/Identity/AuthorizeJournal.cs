using Passerelle.Lab.State;

namespace Passerelle.Lab.Identity;

/// <summary>What the lab's log says of a visit to authorize: what came of it, never what a person typed as proof.</summary>
internal static class AuthorizeJournal
{
    /// <param name="lab">Null when no lab is meant: then nothing is said.</param>
    /// <param name="who">The person, or the application as long as nobody is known.</param>
    public static void Refused(Twin? lab, string who, StsError error, StsTrace trace) =>
        lab?.Journal.Add(Entry(who, $"AADSTS{error.Code} {error.Error}", trace));

    /// <param name="grantId">Of the code; null without one.</param>
    /// <param name="token">Of the implicit flow; null without one.</param>
    public static void Given(Asked asked, LabUser user, string what, StsTrace trace, string? grantId = null, string? token = null) =>
        asked.Place.Lab.Journal.Add(Entry(user.Address, $"{what} for {asked.App.DisplayName}", trace) with
        {
            GrantId = grantId,
            Token = token is null ? null : TokenMark.Of(token),
        });

    private static JournalEntry Entry(string who, string says, StsTrace trace) =>
        new(default, "authorize", who, says, null, null) { CorrelationId = trace.CorrelationId.ToString() };
}
