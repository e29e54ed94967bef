using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Tokens;
using static Passerelle.Gateway.Apps.Finding;

namespace Passerelle.Gateway.Doctor;

/// <summary>
/// Least privilege: which application permissions the registration has been granted, by what its own tokens for Exchange and Graph
/// say, and which of them nothing here uses. An application permission covers every mailbox (facts/microsoft365.md §13).
/// </summary>
internal sealed class ExcessCheck(DirectoryChecks directory)
{
    private const string SendAsApp = "SMTP.SendAsApp";

    public async Task<Finding> RunAsync(Patient patient, CancellationToken cancel)
    {
        if (patient.Entra is null || patient.App.Proof == Proofs.None) return Open("E5", NotProvableHere, Phrase.Of("What the application was granted shows only in tokens of its own"));
        var exchange = (await directory.ExchangeRolesAsync(patient, cancel)).Where(role => !(patient.App is { IsAppOnly: true, Transport: not Transports.Graph } && role == SendAsApp));
        var graph = (await directory.GraphRolesAsync(patient, cancel)).Where(role => !(patient.App is { IsAppOnly: true, Transport: not Transports.Smtp } && role == Transports.MailSend));
        var unused = exchange.Select(role => $"{role} (Office 365 Exchange Online)").Concat(graph.Select(role => $"{role} (Microsoft Graph)")).ToList();
        return unused.Count == 0
            ? Fine("E5", Probed, Phrase.Of("The application has no permission that nothing here uses"))
            : TooMuch(
                "E5", Probed, Phrase.Of("Granted to the application and used by nothing here: {0}. Each covers every mailbox", string.Join(", ", unused)), Cause.Entra,
                Phrase.Of("API permissions › the permission › Remove permission, once the app is connected; Enterprise applications › the app › Permissions shows what is granted"));
    }
}
