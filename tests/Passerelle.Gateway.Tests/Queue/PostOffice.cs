using System.Text;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Cluster;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Tests.Queue;

/// <summary>One organisation with one connected app, and letters to send from it.</summary>
internal sealed class PostOffice : IAsyncDisposable
{
    private PostOffice(TempStore temp, Guid organisation, QueueOptions options)
    {
        Temp = temp;
        Organisation = organisation;
        Options = Microsoft.Extensions.Options.Options.Create(options);
        Letters = new Letters(temp.Store, new Alone(), Signals, Audit.Record, Options, temp.Time);
        Recovery = new LetterRecovery(temp.Store, new Alone(), Signals, Options, temp.Time);
        Actions = new LetterActions(temp.Store, Signals, temp.Time);
    }

    public TempStore Temp { get; }
    public Guid Organisation { get; }
    public Guid App { get; private set; }
    public Signals Signals { get; } = new();
    public Microsoft.Extensions.Options.IOptions<QueueOptions> Options { get; }
    public Letters Letters { get; }
    public LetterRecovery Recovery { get; }
    public LetterActions Actions { get; }

    public static Finding Broken { get; } = new(
        "client-secret", "E4", Finding.Wrong, Finding.Seen, "The secret has expired", "Entra administrator", "Make a new one");

    /// <param name="postgres">Connection string of an empty database; null: SQLite.</param>
    public static async Task<PostOffice> OpenAsync(QueueOptions? options = null, string? postgres = null)
    {
        var temp = new TempStore(postgres);
        var office = new PostOffice(temp, await temp.OrganisationAsync(), options ?? new QueueOptions());
        office.App = await office.AppAsync("support@contoso.example");
        return office;
    }

    /// <summary>A connected app; <paramref name="change"/> sees the saved form first.</summary>
    public async Task<Guid> AppAsync(string mailbox, Func<AppForm, AppForm>? change = null)
    {
        var draft = await Temp.Apps.OpenDraftAsync(Organisation, TempStore.Cancel);
        var form = AppForm.Of(draft) with
        {
            AssetName = mailbox,
            EmailId = mailbox,
            UserName = mailbox,
            DirectoryId = "11111111-2222-4333-8444-555555555555",
            ClientId = "66666666-7777-4888-8999-aaaaaaaaaaaa",
            ClientSecret = "a1B8Q~not-a-real-secret-0123456789abcdef",
            SecretExpiryUnknown = true,
            WarningsRead = true,
        };
        Assert.IsType<SaveOutcome.Saved>(await Temp.Apps.SaveAsync(
            Organisation, draft.Id, draft.Version, change?.Invoke(form) ?? form, TempStore.Cancel));
        await WriteAsync(tx => AppStates.Connect(tx, Organisation, draft.Id, "", Temp.Time.GetUtcNow()));
        return draft.Id;
    }

    public async Task<Ownership> OwnerAsync(Guid? app = null) =>
        await new Ownerships(Temp.Store, new Alone()).OfAsync(Organisation, app ?? App, TempStore.Cancel);

    public async Task<Guid> ConversationAsync(Guid? app = null)
    {
        var id = Guid.CreateVersion7(Temp.Time.GetUtcNow());
        await WriteAsync(tx => tx.For(Organisation).Execute(
            """
            INSERT INTO conversation (organisation_id, id, app_id, correspondent, subject, created_at, last_at, last_sequence)
            VALUES (@organisation, @id, @app, 'ann@fabrikam.example', 'Hello', @now, @now, 0)
            """,
            new { id, app = app ?? App, now = Temp.Time.GetUtcNow() }));
        return id;
    }

    public async Task<Guid> LetterAsync(Guid conversation, Func<NewLetter, NewLetter>? change = null, Guid? app = null)
    {
        var letter = New(conversation, app ?? App);
        letter = change?.Invoke(letter) ?? letter;
        await WriteAsync(tx => Letters.Insert(tx, letter, Temp.Time.GetUtcNow()));
        return letter.Id;
    }

    public NewLetter New(Guid conversation, Guid app)
    {
        var id = Guid.CreateVersion7(Temp.Time.GetUtcNow());
        var internetId = NewLetter.InternetIdOf(id, "support@contoso.example");
        return new NewLetter
        {
            OrganisationId = Organisation,
            AppId = app,
            Id = id,
            ConversationId = conversation,
            Origin = NewLetter.Flow,
            Automatic = true,
            Correspondent = "Ann@Fabrikam.example",
            Subject = "Re: Hello",
            InternetId = internetId,
            Recipients = ["ann@fabrikam.example"],
            Raw = Encoding.ASCII.GetBytes(
                $"From: support@contoso.example\r\nTo: ann@fabrikam.example\r\nSubject: Re: Hello\r\nMessage-ID: {internetId}\r\n"
                + "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\nGood day,\r\n.this line begins with a dot\r\n"),
        };
    }

    /// <summary>Claims what must be there.</summary>
    public async Task<ClaimedLetter> ClaimAsync(Ownership owner)
    {
        var claimed = await Letters.ClaimAsync(owner, TempStore.Cancel);
        Assert.NotNull(claimed);
        return claimed;
    }

    public Task<LetterRow> RowAsync(Guid letter) => Temp.Store.ReadAsync(
        tx => tx.For(Organisation).One<LetterRow>(
            "SELECT * FROM letter WHERE organisation_id = @organisation AND id = @letter", new { letter })!, // inserted by the test
        TempStore.Cancel);

    public async Task<LetterState> StateAsync(Guid letter) => (await RowAsync(letter)).State;

    public Task<List<AttemptWords>> AttemptsAsync(Guid letter) => Temp.Store.ReadAsync(
        tx => tx.For(Organisation).List<AttemptWords>(
            """
            SELECT number, outcome, last_step, words FROM attempt
            WHERE organisation_id = @organisation AND letter_id = @letter ORDER BY number
            """,
            new { letter }),
        TempStore.Cancel);

    public async Task<string> RecipientsAsync(Guid letter) => string.Join(' ', await Temp.Store.ReadAsync(
        tx => tx.For(Organisation).List<string>(
            """
            SELECT address || '=' || outcome FROM letter_recipient
            WHERE organisation_id = @organisation AND letter_id = @letter ORDER BY address
            """,
            new { letter }),
        TempStore.Cancel));

    public async Task<AppState> AppStateAsync() =>
        (await Temp.Apps.FindAsync(Organisation, App, TempStore.Cancel))!.State; // opened above

    public Task WriteAsync(Action<Tx> write) => Temp.Store.WriteAsync(
        Lane.Work,
        tx =>
        {
            write(tx);
            return true;
        },
        TempStore.Cancel);

    public ValueTask DisposeAsync() => Temp.DisposeAsync();

    internal sealed record AttemptWords
    {
        public required long Number { get; init; }
        public required string Outcome { get; init; }
        public required string LastStep { get; init; }
        public required string Words { get; init; }
    }
}

/// <summary>One letter at a time.</summary>
internal static class OneLetter
{
    /// <returns>Null when nothing is due (or the app is paused).</returns>
    public static async Task<ClaimedLetter?> ClaimAsync(this Letters letters, Ownership owner, CancellationToken cancel) =>
        (await letters.ClaimAsync(owner, new LetterClaim(1), cancel)).FirstOrDefault();

    public static Task<bool> MarkSubmittingAsync(this Letters letters, ClaimedLetter letter, Ownership owner, CancellationToken cancel) =>
        letters.MarkSubmittingAsync([letter], owner, cancel);

    public static Task SettleAsync(this Letters letters, ClaimedLetter letter, Ownership owner, SendOutcome outcome, CancellationToken cancel) =>
        letters.SettleAsync([(letter, outcome)], owner, cancel);
}
