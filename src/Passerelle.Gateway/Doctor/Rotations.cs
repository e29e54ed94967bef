using System.Globalization;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Apps.Certificates;
using Passerelle.Gateway.Apps.Credentials;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Sending;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Doctor;

/// <summary>What proving the next credential came to.</summary>
internal abstract record RotationOutcome
{
    private RotationOutcome() { }

    /// <summary>The provider gave a token for it, the server took it, and a test mail is on its way.</summary>
    public sealed record Sending(Guid LetterId) : RotationOutcome;

    /// <summary>It is the one in use now.</summary>
    public sealed record Switched(ConnectOutcome? Connected) : RotationOutcome;

    /// <summary>It proves nothing; the old one works on.</summary>
    public sealed record Refused(Finding Finding) : RotationOutcome;

    /// <summary>Nobody answers now, or somebody changed the app meanwhile.</summary>
    public sealed record Later(Phrase Reason) : RotationOutcome;
}

/// <summary>
/// A client secret or a certificate is changed with overlap: the new one is added beside the old one, proved by a token and a test
/// mail, and only then takes its place. Whoever aborts keeps the old one, which has worked all the time.
/// </summary>
internal sealed class Rotations(
    IStore store, Sealer sealer, EmailApps apps, GrantRenewal renewal, TokenSource tokens, SubmissionProbe probe, Connect connect, TestLetters testLetters,
    Signals signals, TimeProvider time)
{
    /// <param name="secret">As typed.</param>
    /// <param name="expiresOn">yyyy-MM-dd; empty together with <paramref name="isUnknown"/>.</param>
    /// <returns>What is wrong with it; empty when it was added.</returns>
    public async Task<IReadOnlyList<FieldProblem>> AddAsync(
        Guid organisationId, Guid appId, string secret, string expiresOn, bool isUnknown, CancellationToken cancel)
    {
        if (await apps.FindAsync(organisationId, appId, cancel) is not { ClientSecret: not null } app) return [new FieldProblem(nameof(AppForm.ClientSecret), "client-secret-missing")];
        var now = time.GetUtcNow();
        var form = AppForm.Of(app) with { ClientSecret = secret.Trim(), SecretExpiresOn = expiresOn, SecretExpiryUnknown = isUnknown };
        var problems = AppFormRules.NextSecret(form, app, DateOnly.FromDateTime(now.UtcDateTime));
        if (problems.Count > 0) return problems;
        var next = new NextCredential
        {
            OrganisationId = organisationId,
            AppId = appId,
            Kind = Credential.ClientSecret,
            Content = sealer.Seal("next_credential", "content", organisationId, appId, form.ClientSecret),
            ExpiresOn = isUnknown ? null : new DateTimeOffset(DateOnly.ParseExact(expiresOn, "yyyy-MM-dd", CultureInfo.InvariantCulture), TimeOnly.MinValue, TimeSpan.Zero),
            AddedAt = now,
        };
        await store.WriteAsync(Lane.Work, tx => NextCredentials.Put(tx, next), cancel);
        return [];
    }

    /// <summary>One of the app's certificates, made here or uploaded, that is not the one in use.</summary>
    /// <returns>False when it is, when it is not there, or when the app proves itself otherwise.</returns>
    public Task<bool> AddCertificateAsync(Guid organisationId, Guid appId, Guid certificateId, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        return store.WriteAsync(
            Lane.Work,
            tx => AppRows.Find(tx, organisationId, appId) is { } app && NextCredential.KindFor(app) == Credential.Certificate && app.CertificateId != certificateId
                && CertificateRows.Find(tx, organisationId, appId, certificateId) is { } certificate
                && NextCredentials.Put(tx, new NextCredential
                {
                    OrganisationId = organisationId,
                    AppId = appId,
                    Kind = Credential.Certificate,
                    Content = certificateId.ToString(),
                    ExpiresOn = certificate.EndsAt,
                    AddedAt = now,
                }),
            cancel);
    }

    /// <returns>Null: none was added.</returns>
    public async Task<NextCredential?> FindAsync(Guid organisationId, Guid appId, CancellationToken cancel) => (await ReadAsync(organisationId, appId, cancel)).Next;

    /// <summary>A token with the next one, a 235 with that token, then a test mail. An app that is broken takes it over at once: the old one is no good.</summary>
    public async Task<RotationOutcome> ProveAsync(Guid organisationId, Guid appId, CancellationToken cancel)
    {
        var (app, next) = await ReadAsync(organisationId, appId, cancel);
        if (app is null || next is null) return new RotationOutcome.Later(NothingAdded);
        return await renewal.TryAsync(Trial(app, next)) switch
        {
            Fetched.Token token => await ProveAsync(app, next, token.Access, cancel),
            Fetched.Broken broken => await RefuseAsync(next, broken.Answer.Finding, cancel),
            Fetched.Later later => new RotationOutcome.Later(Silent(later.Reason)),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>The proved one becomes the one in use, and the old one is forgotten.</summary>
    public async Task<RotationOutcome> SwitchAsync(Guid organisationId, Guid appId, CancellationToken cancel)
    {
        var (app, next) = await ReadAsync(organisationId, appId, cancel);
        return app is null || next is not { IsProved: true }
            ? new RotationOutcome.Later(NothingProved)
            : await TakeOverAsync(app, next, cancel) ? new RotationOutcome.Switched(null) : Moved;
    }

    /// <summary>The old one works on.</summary>
    public async Task<bool> AbortAsync(Guid organisationId, Guid appId, CancellationToken cancel) =>
        await FindAsync(organisationId, appId, cancel) is { } next && await store.WriteAsync(Lane.Work, tx => NextCredentials.Drop(tx, next), cancel);

    private static Phrase NothingAdded { get; } = Phrase.Of("Nothing was added beside what is in use");
    private static Phrase NothingProved { get; } = Phrase.Of("Prove it first: by a token and a test mail that has left");
    private static RotationOutcome.Later Moved { get; } = new(Phrase.Of("The app's settings changed meanwhile: look again"));

    private Task<(EmailApp? App, NextCredential? Next)> ReadAsync(Guid organisationId, Guid appId, CancellationToken cancel) => store.ReadAsync(
        tx => AppRows.Find(tx, organisationId, appId) is { } app ? (app, NextCredentials.Find(tx, app)) : ((EmailApp?)null, (NextCredential?)null), cancel);

    private async Task<RotationOutcome> ProveAsync(EmailApp app, NextCredential next, SecretText token, CancellationToken cancel)
    {
        tokens.Forget(app.OrganisationId, app.Id); // the next letter leaves with the new token
        switch (await probe.TryAsync(app, new TokenAnswer.Ready(token, IsPassword: false), cancel))
        {
            case ProbeOutcome.Refused refused: return await RefuseAsync(next, refused.Finding, cancel);
            case ProbeOutcome.Later later: return new RotationOutcome.Later(Silent(later.Finding.Detail));
        }
        if (app.State is AppState.Broken)
        {
            if (!await TakeOverAsync(app, next, cancel)) return Moved;
            var now = (await apps.FindAsync(app.OrganisationId, app.Id, cancel))!; // it was there a line above
            return new RotationOutcome.Switched(await connect.ProveAgainAsync(now, cancel));
        }
        var letter = await testLetters.SendAsync(app.OrganisationId, app.Id, cancel);
        return await store.WriteAsync(Lane.Work, tx => NextCredentials.Proved(tx, next, letter, time.GetUtcNow()), cancel) && letter is { } id
            ? new RotationOutcome.Sending(id)
            : Moved;
    }

    private async Task<RotationOutcome> RefuseAsync(NextCredential next, Finding finding, CancellationToken cancel)
    {
        await store.WriteAsync(Lane.Work, tx => NextCredentials.Refused(tx, next, finding), cancel);
        return new RotationOutcome.Refused(finding);
    }

    private async Task<bool> TakeOverAsync(EmailApp app, NextCredential next, CancellationToken cancel)
    {
        var taken = next.CertificateId is { } certificate
            ? await store.WriteAsync(Lane.Work, tx => NextCredentials.TakeOver(tx, app, next, certificate), cancel)
            : Sealed(app, next) is var @sealed && await store.WriteAsync(Lane.Work, tx => NextCredentials.TakeOver(tx, app, next, @sealed), cancel);
        signals.Views.Raise();
        return taken;
    }

    /// <summary>What the other side said about itself is told as it said it.</summary>
    private static Phrase Silent(string words) => Phrase.Of("No answer now, try again in a moment: {0}", words);

    /// <summary>The app as it would be.</summary>
    private EmailApp Trial(EmailApp app, NextCredential next) => next.CertificateId is { } certificate
        ? app with { CertificateId = certificate }
        : app with { ClientSecret = Sealed(app, next) };

    /// <summary>A sealed text opens in its own place only, so it is sealed anew for the app's row.</summary>
    private string Sealed(EmailApp app, NextCredential next) => sealer.Seal(
        "app", "client_secret", app.OrganisationId, app.Id, sealer.Open("next_credential", "content", app.OrganisationId, app.Id, next.Content));
}
