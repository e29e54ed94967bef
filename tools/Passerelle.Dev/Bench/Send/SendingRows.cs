using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Dev.Bench.Send;

/// <summary>What a store holds once people have set up their apps and letters wait, written by the rooms' own statements, many in one write.</summary>
internal sealed class SendingRows(IStore store, Sealer sealer)
{
    private const int InOneWrite = 500;
    private const string To = "ann@fabrikam.example";
    public static readonly DateTimeOffset Far = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static string MailboxOf(int number) => $"box-{number}@contoso.example";

    /// <returns>The new organisation.</returns>
    public Task<Guid> OpenAsync(CancellationToken cancel)
    {
        var now = TimeProvider.System.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        return store.WriteAsync(
            Lane.Work,
            tx =>
            {
                Installations.Write(tx, new Installation("https://mail.contoso.example", "in.contoso.example", "proxy"));
                tx.Across("the list of owners").Execute("INSERT INTO organisation (id, name, created_at) VALUES (@id, 'Contoso', @now)", new { id, now });
                return id;
            },
            cancel);
    }

    /// <summary>Apps that can sign in at the sink on this port, with tokens that do not end.</summary>
    public async Task ConnectAsync(Guid organisation, int count, int port, CancellationToken cancel)
    {
        var now = TimeProvider.System.GetUtcNow();
        foreach (var some in Enumerable.Range(0, count).Chunk(InOneWrite))
        {
            var grants = some.Select(number => Grant(organisation, Guid.CreateVersion7(now), MailboxOf(number), now)).ToList();
            await store.WriteAsync(Lane.Work, tx => { foreach (var grant in grants) Connect(tx, grant, port, now); return true; }, cancel);
        }
    }

    /// <param name="apps">Of each a letter; named more than once, it gets more.</param>
    /// <param name="mails">Of each letter the bytes; told its id.</param>
    /// <param name="notBefore">They leave no sooner; null: they are due.</param>
    /// <returns>Each letter's id, in the order of the apps.</returns>
    public async Task<List<Guid>> WriteAsync(
        IEnumerable<EmailApp> apps, LetterLane lane, Func<Guid, byte[]> mails, CancellationToken cancel, DateTimeOffset? notBefore = null)
    {
        var written = new List<Guid>();
        foreach (var some in apps.Chunk(InOneWrite))
        {
            var letters = some.Select(app => (App: app, Id: Guid.CreateVersion7(TimeProvider.System.GetUtcNow()))).ToList();
            await store.WriteAsync(
                Lane.Work, tx => { foreach (var letter in letters) Insert(tx, letter.App, letter.Id, lane, mails(letter.Id), notBefore); return true; }, cancel);
            written.AddRange(letters.Select(letter => letter.Id));
        }
        return written;
    }

    private static void Insert(Tx tx, EmailApp app, Guid id, LetterLane lane, byte[] mail, DateTimeOffset? notBefore)
    {
        var now = TimeProvider.System.GetUtcNow();
        tx.For(app.OrganisationId).Execute(
            """
            INSERT INTO conversation (organisation_id, id, app_id, correspondent, subject, created_at, last_at, last_sequence)
            VALUES (@organisation, @id, @app, @To, 'A report', @now, @now, 0)
            """,
            new { id, app = app.Id, To, now });
        Letters.Insert(
            tx,
            new NewLetter
            {
                OrganisationId = app.OrganisationId,
                AppId = app.Id,
                Id = id,
                ConversationId = id,
                Origin = NewLetter.Order,
                Automatic = false,
                Correspondent = To,
                Subject = "A report",
                Raw = mail,
                Recipients = [To],
                InternetId = NewLetter.InternetIdOf(id, app.EmailId),
                Lane = lane,
                NotBefore = notBefore,
            },
            now);
    }

    private static void Connect(Tx tx, Grant grant, int port, DateTimeOffset now)
    {
        AppRows.InsertDraft(tx, grant.OrganisationId, grant.AppId, $"{grant.AppId:N}@in.contoso.example", new AppForm { SmtpPort = "587" }, now);
        tx.For(grant.OrganisationId).Execute(
            """
            UPDATE app SET email_id = @SignedInAs, user_name = @SignedInAs, asset_name = @SignedInAs, authentication = 'oauth2', smtp_host = '127.0.0.1', smtp_port = @port,
                smtp_security = 'starttls', state = 'connected', connected_at = @now
            WHERE organisation_id = @organisation AND id = @AppId
            """,
            new { grant.SignedInAs, grant.AppId, port, now });
        Grants.Put(tx, grant);
    }

    private Grant Grant(Guid organisation, Guid app, string mailbox, DateTimeOffset now) => new()
    {
        OrganisationId = organisation,
        AppId = app,
        AccessToken = sealer.Seal("oauth_grant", "access_token", organisation, app, Sink.TokenOf(mailbox)),
        AccessExpiresAt = Far,
        RefreshToken = null,
        Scope = "",
        SignedInAs = mailbox,
        Subject = "",
        IssuerDirectory = "",
        ObtainedAt = now,
        RefreshedAt = now,
        State = "good",
        Epoch = 1,
    };
}
