using System.Text.Json;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Doctor;

/// <summary>
/// The checks in the order of the guide. After the first wrong step later ones are not blamed: what follows from it would
/// only hide it.
/// </summary>
internal sealed class Examination(
    Patients patients, DirectoryChecks directory, DeviceCheck device, GrantCheck grant, ExcessCheck excess, SubmissionChecks submission, ForwardingChecks forwarding,
    IStore store, TimeProvider time)
{
    /// <summary>A person asks: the grant is renewed, and a mail is written to the mailbox from outside.</summary>
    /// <returns>One finding per check that applies to this app, in the guide's order; null when there is no such app.</returns>
    public Task<IReadOnlyList<Finding>?> ExamineAsync(Guid organisationId, Guid appId, CancellationToken cancel) =>
        ExamineAsync(organisationId, appId, thorough: true, cancel);

    /// <inheritdoc cref="ExamineAsync(Guid, Guid, CancellationToken)"/>
    /// <param name="thorough">False for who looks again and again: what is at hand must do, and nothing is sent.</param>
    public async Task<IReadOnlyList<Finding>?> ExamineAsync(Guid organisationId, Guid appId, bool thorough, CancellationToken cancel)
    {
        if (await patients.FindAsync(organisationId, appId, cancel) is not { } found) return null;
        var patient = found with { Thorough = thorough };
        var findings = new List<Finding>();
        Finding? firstWrong = null;
        foreach (var check in ChecksFor(patient))
        {
            var finding = firstWrong is null ? await check.RunAsync(patient, cancel) : check.After(firstWrong);
            if (finding.Result == Finding.Wrong) firstWrong = finding;
            findings.Add(finding);
        }
        await KeepAsync(organisationId, appId, findings, cancel);
        return findings;
    }

    /// <returns>What the last examination found; empty when there was none.</returns>
    public Task<List<Finding>> LastAsync(Guid organisationId, Guid appId, CancellationToken cancel) => store.ReadAsync(
        tx => tx.For(organisationId).List<FindingRow>(
            """
            SELECT check_id, setup_step, result, evidence, detail, owner, fix, told FROM finding
            WHERE organisation_id = @organisation AND app_id = @appId ORDER BY position
            """,
            new { appId }).ConvertAll(row => row.ToFinding()),
        cancel);

    private IEnumerable<Check> ChecksFor(Patient patient)
    {
        if (patient.UsesOAuth)
        {
            yield return new("directory-id", "G1", directory.DirectoryIdAsync);
            yield return new("client-id", "E8", directory.ClientIdAsync);
            yield return new("client-secret", "E4", directory.ClientSecretAsync);
            if (patient.App.Way == Ways.DeviceCode) yield return new("public-client", "E3", device.PublicClientAsync);
            if (patient.App.Way == Ways.Code) yield return new("redirect-uri", "E2", directory.RedirectUriAsync);
            yield return new("permission-and-consent", "E6", grant.RunAsync);
            yield return new("application-roles", "E5", excess.RunAsync);
        }
        yield return new("smtp-and-tls", "G2", submission.ServerAsync);
        yield return new("sign-in-accepted", "X2", submission.SignInAsync);
        yield return new("forwarding-seen", "F1", forwarding.SeenAsync);
        yield return new("copy-kept", "F2", forwarding.CopyAsync);
        yield return new("forwarding-address-reachable", "F6", forwarding.ReachableAsync);
        yield return new("send-test", "X5", submission.SentAsync);
    }

    private Task<int> KeepAsync(Guid organisationId, Guid appId, List<Finding> findings, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        return store.WriteAsync(Lane.Work, tx =>
        {
            var sql = tx.For(organisationId);
            var before = sql.List<Standing>(
                "SELECT check_id, result, since FROM finding WHERE organisation_id = @organisation AND app_id = @appId",
                new { appId }).ToDictionary(row => (row.CheckId, row.Result), row => row.Since);
            sql.Execute("DELETE FROM finding WHERE organisation_id = @organisation AND app_id = @appId", new { appId });
            for (var position = 0; position < findings.Count; position++)
            {
                var finding = findings[position];
                var since = before.GetValueOrDefault((finding.Check, finding.Result), now);
                sql.Execute(
                    """
                    INSERT INTO finding (organisation_id, app_id, check_id, position, setup_step, result, evidence, detail, owner, fix, told, at, since)
                    VALUES (@organisation, @appId, @Check, @position, @SetupStep, @Result, @Evidence, @Detail, @Owner, @Fix, @told, @now, @since)
                    """,
                    new
                    {
                        appId,
                        finding.Check,
                        position,
                        finding.SetupStep,
                        finding.Result,
                        finding.Evidence,
                        finding.Detail,
                        finding.Owner,
                        finding.Fix,
                        told = JsonSerializer.Serialize(new Telling(finding.What, finding.How, finding.Raw)),
                        now,
                        since,
                    });
            }
            return findings.Count;
        }, cancel);
    }

    private sealed record Standing
    {
        public required string CheckId { get; init; }
        public required string Result { get; init; }
        public required DateTimeOffset Since { get; init; }
    }

    /// <summary>Column <c>told</c>.</summary>
    private sealed record Telling(Phrase? What, Phrase? How, string Raw);

    private sealed record FindingRow
    {
        public required string CheckId { get; init; }
        public required string SetupStep { get; init; }
        public required string Result { get; init; }
        public required string Evidence { get; init; }
        public required string Detail { get; init; }
        public required string Owner { get; init; }
        public required string Fix { get; init; }

        /// <summary>Empty in a row that an older release wrote.</summary>
        public required string Told { get; init; }

        public Finding ToFinding()
        {
            var telling = Told.Length == 0 ? null : JsonSerializer.Deserialize<Telling>(Told);
            return new(CheckId, SetupStep, Result, Evidence, Detail, Owner, Fix) { What = telling?.What, How = telling?.How, Raw = telling?.Raw ?? "" };
        }
    }
}

/// <summary>One check.</summary>
/// <param name="SetupStep">The step it is about when nothing more exact is known.</param>
/// <param name="Judge">Never throws for what the other side does; that is a finding.</param>
internal sealed record Check(string Id, string SetupStep, Func<Patient, CancellationToken, Task<Finding>> Judge)
{
    /// <summary>A check may find the cause in another step than its own; its name stays.</summary>
    public async Task<Finding> RunAsync(Patient patient, CancellationToken cancel) =>
        await Judge(patient, cancel) is var finding && finding.Check == Id ? finding : finding with { Check = Id };

    public Finding After(Finding wrong) =>
        Finding.Open(SetupStep, Finding.NotProvableHere, Phrase.Of("Not judged: {0} comes first", wrong.Check)) with { Check = Id };
}
