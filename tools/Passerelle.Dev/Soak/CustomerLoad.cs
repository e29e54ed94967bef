using System.Globalization;
using Passerelle.Dev.Run;
using Passerelle.Lab.Testing;

namespace Passerelle.Dev.Soak;

/// <summary>Customers who write to the mailbox: their mail is sealed and forwarded by the lab, so it is answered.</summary>
internal sealed class CustomerLoad(LabConnection lab, Ledger ledger)
{
    public static readonly string[] Customers = ["ann@fabrikam.example", "bob@fabrikam.example"];
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(150);
    private readonly LabMail _mail = new(lab.Control, Demonstration.Lab);

    /// <summary>Writes until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            var number = ledger.NextNumber();
            var subject = string.Create(CultureInfo.InvariantCulture, $"question {number}");
            // not cancelled: what the lab has taken must be known here
            ledger.Written[subject] = await _mail.WriteAsync(
                Customers[number % Customers.Length], Demonstration.Support, subject, $"Hello,\n\nwhere is order {number}?\n", CancellationToken.None);
            await Task.Delay(Between, cancel).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    /// <returns>Message-ID that was answered (without brackets) to the number of its answers.</returns>
    public async Task<Dictionary<string, int>> AnswersAsync(CancellationToken cancel)
    {
        var answers = new Dictionary<string, int>();
        foreach (var customer in Customers)
        {
            foreach (var answered in (await _mail.ListAsync(customer, "inbox", cancel)).Select(mail => mail.InReplyTo?.Trim('<', '>')).OfType<string>())
            {
                answers[answered] = answers.GetValueOrDefault(answered) + 1;
            }
        }
        return answers;
    }
}
