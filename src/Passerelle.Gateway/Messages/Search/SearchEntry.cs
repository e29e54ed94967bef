namespace Passerelle.Gateway.Messages.Search;

/// <summary>The words by which a message is found, cut before any transaction. Words of one column, a blank between two.</summary>
internal sealed record SearchEntry(string Scope, string Sender, string Subject, string Ids, string Words)
{
    private const int MostInHeaders = 200;

    /// <summary>About 60 KB of text; what a longer mail says further below is not found.</summary>
    private const int MostInText = 10_000;

    /// <param name="otherIds">Message-IDs that a server wrote over.</param>
    public static SearchEntry Of(Message message, IEnumerable<Attachment> attachments, IEnumerable<string> otherIds)
    {
        var parties = message.Parties;
        return new SearchEntry(
            $"{OfOrganisation(message.OrganisationId)} {OfApp(message.AppId)} {OfKind(message.Kind)}",
            SearchWords.Joined($"{message.FromName} {message.FromAddress}", MostInHeaders),
            SearchWords.Joined(message.Subject, MostInHeaders),
            SearchWords.Joined(string.Join(' ', otherIds.Prepend(message.InternetId)), MostInHeaders),
            SearchWords.Joined(
                string.Join('\n', [.. Names(parties.To), .. Names(parties.Cc), .. attachments.Select(part => part.Name), message.Text]), MostInText));
    }

    public static string OfOrganisation(Guid id) => $"o{id:N}";

    public static string OfApp(Guid id) => $"a{id:N}";

    public static string OfKind(string kind) => $"k{kind.Replace("-", "", StringComparison.Ordinal)}";

    private static IEnumerable<string> Names(IEnumerable<Party> parties) => parties.Take(MostInHeaders).Select(party => $"{party.Name} {party.Address}");
}
