using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Queue.Returns;
using Passerelle.Gateway.Sending.Budgets;
using Passerelle.Gateway.Sending.Hosts;
using Passerelle.Gateway.Store;

namespace Passerelle.Portal.Tests;

/// <summary>A day of two apps' letters, as the stages leave it: some left, some wait, are in doubt, are held up or died.</summary>
internal static class LettersOnTheWay
{
    private const string Directory = "6f3c2b1a-0000-4000-8000-00000000c0de";

    /// <returns>One of the apps; Microsoft Graph stands behind its SMTP.</returns>
    public static async Task<EmailApp> PutAsync(RunningGateway gateway, Guid organisation, CancellationToken cancel)
    {
        var now = gateway.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        var support = await AppAsync(gateway, organisation, "Support", "support@contoso.example", cancel);
        var news = await AppAsync(gateway, organisation, "Newsletter", "news@contoso.example", cancel);
        await gateway.Services.GetRequiredService<IStore>().WriteAsync(
            Lane.Work,
            tx =>
            {
                foreach (var app in new[] { support, news }) // paused: nothing of this is sent
                {
                    tx.For(organisation).Execute(
                        "UPDATE app SET state = 'paused', directory_id = @Directory WHERE organisation_id = @organisation AND id = @Id", new { Directory, app.Id });
                }
                for (var hour = 0; hour < 24; hour++)
                {
                    for (var letter = 0; letter < 2 + (hour * 7 % 11); letter++)
                    {
                        var at = now.AddHours(hour - 23).AddMinutes(-letter * 4);
                        Left(tx, letter % 3 == 0 ? news : support, at, TimeSpan.FromSeconds(1 + (hour * letter % 40)));
                    }
                }
                Tried(tx, Put(tx, news, "Autumn offers", now.AddMinutes(-2), "eve@adatum.example"), now.AddMinutes(-2), "deferred", "432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded");
                for (var letter = 0; letter < 180; letter++) Wait(tx, Put(tx, news, "Autumn offers", now.AddMinutes(-3), $"reader{letter}@fabrikam.example"), "432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded", now.AddHours(6));
                Wait(tx, Put(tx, support, "Re: Order 4711, and the very long story of how it came to be delivered to the neighbour of the neighbour", now.AddMinutes(-9), "carla@fabrikam.example"), "451 4.7.500 Server busy. Please try again later", now.AddHours(6));
                Stand(tx, Put(tx, support, "Re: The blue one is broken", now.AddMinutes(-40), "carla@fabrikam.example"), "unclear", "No complete reply after the final dot (IOException)",
                    "No copy lies in Sent Items, and none of a later letter either: that proves nothing, so a person decides");
                Stand(tx, Put(tx, support, "Your invoice 2026-1104", now.AddHours(-2), "accounts-payable.department@a-very-long-domain-name-of-a-customer.example"), "unclear", "No complete reply after the final dot (IOException)", "");
                Stand(tx, Put(tx, support, "Re: Opening hours", now.AddMinutes(-30), "dora@adatum.example"), "blocked", "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox. Visit https://aka.ms/smtp_auth_disabled for more information.", "");
                Stand(tx, Put(tx, news, "Autumn offers", now.AddHours(-3), "nobody@fabrikam.example"), "dead", "550 5.1.1 <nobody@fabrikam.example>: Recipient address rejected: User unknown", "");
                Stand(tx, Put(tx, news, "Autumn offers", now.AddHours(-3), "full@fabrikam.example"), "dead", "552 5.2.2 Mailbox full", "");
                Suppressions.Add(tx, organisation, "nobody@fabrikam.example", "bounced", "550 5.1.1 User unknown", null, now.AddHours(-3));
                Suppressions.Add(tx, organisation, "angry@adatum.example", "complained", "", null, now.AddDays(-2));
                BudgetRows.Put(tx, organisation, new SaidLimit { Subject = news.Id.ToString(), PerMinute = 10, RecipientsPerDay = 60 }, null, now);
                BudgetRows.Put(tx, organisation, new SaidLimit { Scope = SaidLimit.Directory, Subject = Directory, RecipientsPerDay = 500 }, null, now);
                return true;
            },
            cancel);
        await GoAwayAsync(gateway, support, cancel);
        return support;
    }

    /// <summary>The host of the app's submission server answers nobody.</summary>
    private static async Task GoAwayAsync(RunningGateway gateway, EmailApp app, CancellationToken cancel)
    {
        var row = (await gateway.Services.GetRequiredService<IStore>().ReadAsync(tx => tx.For(app.OrganisationId).One<LetterRow>(
            "SELECT * FROM letter WHERE organisation_id = @organisation AND app_id = @Id LIMIT 1", new { app.Id }), cancel))!; // PutAsync has just written them
        for (var letter = 0; letter < HostGate.Most; letter++)
        {
            await gateway.Services.GetRequiredService<HostGates>().BySmtpAsync(
                app with { SmtpHost = "smtp.office365.com", SmtpPort = 587 }, new ClaimedLetter(row, 1, row.CreatedAt, []), () => Task.CompletedTask,
                _ => Task.FromResult<SendOutcome>(new SendOutcome.Deferred("No route to host", TimeSpan.FromMinutes(1)) { NobodyThere = true }));
        }
    }

    private static async Task<EmailApp> AppAsync(RunningGateway gateway, Guid organisation, string name, string mailbox, CancellationToken cancel)
    {
        var apps = gateway.Services.GetRequiredService<EmailApps>();
        var app = await apps.OpenDraftAsync(organisation, cancel);
        await apps.KeepDraftAsync(organisation, app.Id, AppForm.Of(app) with { AssetName = name, EmailId = mailbox, Transport = Transports.SmtpThenGraph }, cancel);
        return app with { EmailId = mailbox };
    }

    private static NewLetter Put(Tx tx, EmailApp app, string subject, DateTimeOffset at, string to)
    {
        var id = Guid.CreateVersion7(at);
        Threads.Begin(tx, app.OrganisationId, app.Id, to, subject, id, at);
        var letter = new NewLetter
        {
            OrganisationId = app.OrganisationId,
            AppId = app.Id,
            Id = id,
            ConversationId = id,
            Origin = NewLetter.Order,
            Automatic = false,
            Correspondent = to,
            Subject = subject,
            Raw = Encoding.ASCII.GetBytes($"Subject: {subject}\r\n\r\nGood day,\r\n"),
            Recipients = [to],
            InternetId = NewLetter.InternetIdOf(id, app.EmailId),
        };
        LetterRows.Insert(tx, letter, at);
        return letter;
    }

    private static void Left(Tx tx, EmailApp app, DateTimeOffset at, TimeSpan waited)
    {
        var letter = Put(tx, app, "Your order", at, "ann@fabrikam.example");
        Stand(tx, letter, "settled", "250 2.0.0 OK", "");
        tx.For(app.OrganisationId).Execute("UPDATE letter_recipient SET outcome = 'accepted' WHERE organisation_id = @organisation AND letter_id = @Id", new { letter.Id });
        Tried(tx, letter, at + waited, "accepted", "250 2.0.0 OK");
    }

    private static void Tried(Tx tx, NewLetter letter, DateTimeOffset at, string outcome, string words) => tx.For(letter.OrganisationId).Execute(
        """
        INSERT INTO attempt (organisation_id, letter_id, number, app_id, epoch, started_at, ended_at, outcome, last_step, words)
        VALUES (@organisation, @Id, 1, @AppId, 0, @at, @at, @outcome, 'Reply', @words)
        """,
        new { letter.Id, letter.AppId, at, outcome, words });

    private static void Wait(Tx tx, NewLetter letter, string words, DateTimeOffset until) => tx.For(letter.OrganisationId).Execute(
        "UPDATE letter SET state_reason = @words, attempts = 1, due_at = @until WHERE organisation_id = @organisation AND id = @Id", new { letter.Id, words, until });

    private static void Stand(Tx tx, NewLetter letter, string state, string words, string evidence) => tx.For(letter.OrganisationId).Execute(
        "UPDATE letter SET state = @state, state_reason = @words, evidence = @evidence, attempts = 1, due_at = NULL WHERE organisation_id = @organisation AND id = @Id",
        new { letter.Id, state, words, evidence });
}
