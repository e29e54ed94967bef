using System.Text;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Queue.Returns;
using Passerelle.Gateway.Reading;
using Passerelle.Gateway.Tests.Queue;
using Passerelle.Mail;

namespace Passerelle.Gateway.Tests.Reading;

/// <summary>What comes back finds the letter that it came back of.</summary>
public sealed class ReturnsTests
{
    [Fact]
    public async Task A_report_by_our_id_tells_of_the_recipient_and_suppresses_an_address_that_does_not_exist()
    {
        await using var office = await PostOffice.OpenAsync();
        var letter = await SentAsync(office, "ann@fabrikam.example", "bob@fabrikam.example");
        Assert.Equal(MatchedBy.Id, (await TakeAsync(office, Report((await office.RowAsync(letter)).InternetId, "Ann@fabrikam.example", "failed", "5.1.1")))?.By);
        Assert.Equal([("ann@fabrikam.example", "bounced"), ("bob@fabrikam.example", "")], await CameBackAsync(office, letter));
        Assert.Equal(("ann@fabrikam.example", "bounced"), (await ListAsync(office)).Select(one => (one.Address, one.Reason)).Single());
        var events = await EventsAsync(office);
        Assert.Equal(["letter.bounced", "address.suppressed"], events.Select(one => one.Type));
        Assert.Equal(events[1..].Select(one => one.Id), (await new LetterEvents(office.Temp.Store).AfterAsync(office.Organisation, events[0].Id, 10, TempStore.Cancel)).Select(one => one.Id));
    }

    [Fact]
    public async Task One_report_tells_of_each_recipient_that_it_names_and_of_no_other()
    {
        await using var office = await PostOffice.OpenAsync();
        var letter = await SentAsync(office, "ann@fabrikam.example", "bob@fabrikam.example", "carol@fabrikam.example");
        var report = Report((await office.RowAsync(letter)).InternetId, "ann@fabrikam.example", "failed", "5.1.1").Replace(
            "\nFinal-Recipient: rfc822;ann@fabrikam.example",
            "\nFinal-Recipient: rfc822;bob@fabrikam.example\nAction: failed\nStatus: 5.2.2\n\nFinal-Recipient: rfc822;ann@fabrikam.example", StringComparison.Ordinal);
        Assert.Equal(new ReturnedLetter(letter, MatchedBy.Id), await TakeAsync(office, report));
        Assert.Equal([("ann@fabrikam.example", "bounced"), ("bob@fabrikam.example", "bounced"), ("carol@fabrikam.example", "")], await CameBackAsync(office, letter));
    }

    [Fact]
    public async Task No_machine_writes_to_a_suppressed_address_and_a_person_may()
    {
        await using var office = await PostOffice.OpenAsync();
        await NewSuppressions(office).AddAsync(office.Organisation, "Ann@Fabrikam.example", "asked by telephone", TempStore.Cancel);
        var conversation = await office.ConversationAsync();
        var dead = await office.LetterAsync(conversation);
        var half = await office.LetterAsync(conversation, letter => letter with { Recipients = ["ANN@fabrikam.example", "bob@fabrikam.example"] });
        var person = await office.LetterAsync(conversation, letter => letter with { Origin = NewLetter.Person, Automatic = false });
        Assert.Equal((LetterState.Dead, Suppressions.Words), ((await office.RowAsync(dead)).State, (await office.RowAsync(dead)).StateReason));
        Assert.Equal("ANN@fabrikam.example=refused bob@fabrikam.example=waiting", await office.RecipientsAsync(half));
        Assert.Equal(LetterState.Waiting, await office.StateAsync(person));

        Assert.True(await NewSuppressions(office).ReleaseAsync(office.Organisation, "ann@fabrikam.example", TempStore.Cancel));
        Assert.Equal(LetterState.Waiting, await office.StateAsync(await office.LetterAsync(conversation)));
        Assert.Empty(await ListAsync(office));
        Assert.Equal([("address.suppressed", "asked by telephone"), ("address.released", "")], (await EventsAsync(office)).Select(one => (one.Type, one.Words)));
    }

    [Fact]
    public async Task A_letter_is_known_by_the_id_that_the_server_gave_it_instead()
    {
        await using var office = await PostOffice.OpenAsync();
        var letter = await SentAsync(office, "ann@fabrikam.example");
        Assert.Equal(new ReturnedLetter(letter, MatchedBy.OtherId), await TakeAsync(office, Report("<other@prod.outlook.example>", "ann@fabrikam.example", "failed", "5.1.1")));
    }

    [Fact]
    public async Task A_letter_is_known_by_our_header_in_what_is_given_back()
    {
        await using var office = await PostOffice.OpenAsync();
        var letter = await SentAsync(office, "ann@fabrikam.example");
        var report = Report("<unknown@elsewhere.example>", "ann@fabrikam.example", "failed", "5.1.1").Replace("\nSubject: Re: Hello", $"\nX-Passerelle-Letter: {letter:N}\nSubject: Re: Hello", StringComparison.Ordinal);
        Assert.Equal(new ReturnedLetter(letter, MatchedBy.Mention), await TakeAsync(office, report));
    }

    /// <summary>Anybody can write such a report: it is shown, and silences nobody.</summary>
    [Fact]
    public async Task Without_any_id_recipient_and_subject_say_which_and_suppress_nothing()
    {
        await using var office = await PostOffice.OpenAsync();
        var letter = await SentAsync(office, "ann@fabrikam.example");
        var other = await SentAsync(office, letter => letter with { Subject = "Another thing", Recipients = ["ann@fabrikam.example"] });
        var found = await TakeAsync(office, Report("<unknown@elsewhere.example>", "ann@fabrikam.example", "failed", "5.1.1").Replace("Undeliverable: Re: Hello", "Undeliverable: Another thing", StringComparison.Ordinal));
        Assert.Equal(new ReturnedLetter(other, MatchedBy.Recipient), found);
        Assert.Empty(await ListAsync(office));
        Assert.Null(await TakeAsync(office, Report("<unknown@elsewhere.example>", "ann@fabrikam.example", "failed", "5.1.1").Replace("Re: Hello", "Neither", StringComparison.Ordinal)));
        Assert.Equal([("ann@fabrikam.example", "")], await CameBackAsync(office, letter));
    }

    [Fact]
    public async Task A_delay_is_told_until_the_bounce_and_not_after_it()
    {
        await using var office = await PostOffice.OpenAsync();
        var letter = await SentAsync(office, "ann@fabrikam.example");
        var id = (await office.RowAsync(letter)).InternetId;
        await TakeAsync(office, Report(id, "ann@fabrikam.example", "delayed", "4.4.1"));
        Assert.Equal([("ann@fabrikam.example", "delayed")], await CameBackAsync(office, letter));
        Assert.Empty(await ListAsync(office));
        await TakeAsync(office, Report(id, "ann@fabrikam.example", "failed", "5.4.300"));
        await TakeAsync(office, Report(id, "ann@fabrikam.example", "delayed", "4.4.1"));
        Assert.Equal([("ann@fabrikam.example", "bounced")], await CameBackAsync(office, letter));
        Assert.Equal(["letter.delayed", "letter.bounced", "letter.delayed"], (await EventsAsync(office)).Select(one => one.Type));
    }

    /// <summary>Asked for or not (RFC 3464 §2.3.3).</summary>
    [Fact]
    public async Task That_a_letter_was_delivered_is_told_and_suppresses_nobody()
    {
        await using var office = await PostOffice.OpenAsync();
        var letter = await SentAsync(office, "ann@fabrikam.example");
        await TakeAsync(office, Report((await office.RowAsync(letter)).InternetId, "ann@fabrikam.example", "delivered", "2.1.5"));
        Assert.Equal([("ann@fabrikam.example", "delivered")], await CameBackAsync(office, letter));
        Assert.Equal([("letter.delivered", letter)], (await EventsAsync(office)).Select(one => (one.Type, one.LetterId)));
        Assert.Empty(await ListAsync(office));
    }

    [Fact]
    public async Task A_complaint_suppresses_and_a_machines_answer_does_not()
    {
        await using var office = await PostOffice.OpenAsync();
        var (complained, away) = (await SentAsync(office, "ann@fabrikam.example"), await SentAsync(office, "bob@fabrikam.example"));
        await TakeAsync(office, $"""
            From: <feedback@fabrikam.example>
            To: support@contoso.example
            Subject: FW: Re: Hello
            MIME-Version: 1.0
            Content-Type: multipart/report; report-type=feedback-report; boundary="b"

            --b
            Content-Type: text/plain

            This is an email abuse report.
            --b
            Content-Type: message/feedback-report

            Feedback-Type: abuse
            User-Agent: SomeGenerator/1.0
            Version: 1
            Original-Rcpt-To: ann@fabrikam.example
            --b
            Content-Type: message/rfc822

            Message-ID: {(await office.RowAsync(complained)).InternetId}
            Subject: Re: Hello

            Good day
            --b--
            """);
        await TakeAsync(office, $"""
            From: Bob <bob@fabrikam.example>
            To: support@contoso.example
            Subject: Automatic reply: Re: Hello
            Auto-Submitted: auto-replied
            In-Reply-To: {(await office.RowAsync(away)).InternetId}

            I am away.
            """);
        Assert.Equal([("ann@fabrikam.example", "complained")], await CameBackAsync(office, complained));
        Assert.Equal([("bob@fabrikam.example", "answered")], await CameBackAsync(office, away));
        Assert.Equal(("ann@fabrikam.example", "complained"), (await ListAsync(office)).Select(one => (one.Address, one.Reason)).Single());
        Assert.Equal(["letter.complained", "address.suppressed", "letter.answered"], (await EventsAsync(office)).Select(one => one.Type));
    }

    [Fact]
    public async Task Neither_a_persons_mail_nor_a_report_on_another_apps_letter_touches_one_of_ours()
    {
        await using var office = await PostOffice.OpenAsync();
        var letter = await SentAsync(office, "ann@fabrikam.example");
        var id = (await office.RowAsync(letter)).InternetId;
        Assert.Null(await TakeAsync(office, $"From: Ann <ann@fabrikam.example>\nTo: support@contoso.example\nSubject: Re: Hello\nIn-Reply-To: {id}\n\nThank you", from: "ann@fabrikam.example"));
        Assert.Null(await TakeAsync(office, Report(id, "ann@fabrikam.example", "failed", "5.1.1"), await office.AppAsync("sales@contoso.example")));
        Assert.Equal([("ann@fabrikam.example", "")], await CameBackAsync(office, letter));
    }

    /// <summary>All reports of the corpus whose original id is known, each beside the letters of all the others.</summary>
    [Fact]
    public async Task Of_the_reports_in_the_corpus_98_of_100_find_their_letter()
    {
        await using var office = await PostOffice.OpenAsync();
        var conversation = await office.ConversationAsync();
        var cases = Corpora.Cases("bounce-sisimai")
            .Select(one => (one.File, Bounces: one.Expect.GetProperty("bounces").EnumerateArray().Where(bounce => bounce.GetProperty("originalMessageId").GetString() is { Length: > 0 }).ToList()))
            .Where(one => one.Bounces.Count > 0)
            .Select(one => (one.File, Id: $"<{one.Bounces[0].GetProperty("originalMessageId").GetString()!.Trim('<', '>')}>", // filtered above
                To: one.Bounces.Select(bounce => bounce.GetProperty("recipient").GetString() ?? "").Where(address => address.Contains('@', StringComparison.Ordinal)).Distinct().ToList()))
            .Where(one => one.To.Count > 0)
            .ToList();
        var letters = new Dictionary<string, Guid>();
        await office.WriteAsync(tx =>
        {
            foreach (var (_, id, to) in cases.DistinctBy(one => one.Id))
            {
                var letter = office.New(conversation, office.App) with { InternetId = id, Recipients = to };
                letters[id] = letter.Id;
                Letters.Insert(tx, letter, office.Temp.Time.GetUtcNow());
            }
            tx.For(office.Organisation).Execute("UPDATE letter_recipient SET outcome = 'accepted' WHERE organisation_id = @organisation");
        });
        var lost = new List<string>();
        foreach (var (file, id, _) in cases)
        {
            var found = await TakeAsync(office, await File.ReadAllBytesAsync(Path.Combine(Corpora.Folder("bounce-sisimai"), file), TempStore.Cancel));
            if (found?.LetterId != letters[id]) lost.Add($"{file}: {id}, {found?.By.ToString() ?? "none"}");
        }
        Assert.True(cases.Count > 300, $"{cases.Count} reports");
        Assert.True(lost.Count <= cases.Count * 2 / 100, $"{lost.Count} of {cases.Count}: {string.Join("; ", lost)}");
    }

    private static Task<ReturnedLetter?> TakeAsync(PostOffice office, string mail, Guid? app = null, string from = "") =>
        TakeAsync(office, Encoding.UTF8.GetBytes(mail.ReplaceLineEndings("\r\n")), app, from);

    /// <param name="from">The envelope's; machines leave it empty.</param>
    private static async Task<ReturnedLetter?> TakeAsync(PostOffice office, byte[] mail, Guid? app = null, string from = "")
    {
        var now = office.Temp.Time.GetUtcNow();
        using var raw = new MemoryStream(mail);
        var read = MailReader.Read(raw, new ReadingContext { EnvelopeFrom = from, EnvelopeTo = "in@in.contoso.example", OwnAddresses = ["support@contoso.example"] });
        var hints = await ReturnReading.OfAsync(Guid.CreateVersion7(now), read, raw, now, TempStore.Cancel);
        return hints is null ? null : await office.Temp.Store.WriteAsync(
            Passerelle.Gateway.Store.Lane.Work, tx => ReturnRows.Take(tx, office.Organisation, app ?? office.App, hints, now), TempStore.Cancel);
    }

    private static Task<Guid> SentAsync(PostOffice office, params string[] to) => SentAsync(office, letter => letter with { Recipients = to });

    /// <summary>Sent, and the server's answer named another Message-ID.</summary>
    private static async Task<Guid> SentAsync(PostOffice office, Func<NewLetter, NewLetter> change)
    {
        var letter = await office.LetterAsync(await office.ConversationAsync(), change);
        var owner = await office.OwnerAsync();
        var claimed = await office.ClaimAsync(owner);
        await office.Letters.SettleAsync(claimed, owner, new SendOutcome.Accepted("250 2.0.0 OK <other@prod.outlook.example> [Hostname=X]", []), TempStore.Cancel);
        return letter;
    }

    private static Task<List<LetterEvent>> EventsAsync(PostOffice office) =>
        new LetterEvents(office.Temp.Store).AfterAsync(office.Organisation, null, 10, TempStore.Cancel);

    private static Suppressions NewSuppressions(PostOffice office) => new(office.Temp.Store, office.Signals, office.Temp.Time);

    private static Task<List<Suppression>> ListAsync(PostOffice office) => NewSuppressions(office).ListAsync(office.Organisation, TempStore.Cancel);

    private static async Task<List<(string, string)>> CameBackAsync(PostOffice office, Guid letter) =>
        [.. (await office.Temp.Store.ReadAsync(tx => LetterDetails.Find(tx, office.Organisation, letter), TempStore.Cancel))!.Recipients.Select(one => (one.Address, one.CameBack))]; // sent above

    /// <summary>As Exchange Online writes it (facts/microsoft365.md §6.4).</summary>
    private static string Report(string original, string recipient, string action, string status) => $"""
        From: <postmaster@contoso.onmicrosoft.example>
        To: support@contoso.example
        Subject: Undeliverable: Re: Hello
        Auto-Submitted: auto-replied
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary="b"

        --b
        Content-Type: text/plain

        Delivery has failed to these recipients or groups.
        --b
        Content-Type: message/delivery-status

        Reporting-MTA: dns;EUR01.prod.example

        Final-Recipient: rfc822;{recipient}
        Action: {action}
        Status: {status}
        Diagnostic-Code: smtp;{(status[0] switch { '2' => "250", '4' => "451", _ => "550" })} {status} said the server; {(status == "5.1.1" ? "user unknown" : "expired")}
        --b
        Content-Type: message/rfc822

        Message-ID: {original}
        Subject: Re: Hello

        Good day
        --b--
        """;
}
