using System.Net.Mail;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Access;

/// <summary>What the first-run page asks.</summary>
internal sealed class FirstRunForm
{
    public string Token { get; set; } = "";
    public string Email { get; set; } = "";
    public string Name { get; set; } = "";
    public string Password { get; set; } = "";
    public string Organisation { get; set; } = "";
    public string PublicUrl { get; set; } = "";
    public string InboundDomain { get; set; } = "";

    /// <summary>files or proxy.</summary>
    public string Tls { get; set; } = "proxy";
}

/// <summary>What became of the first run.</summary>
internal abstract record FirstRunOutcome
{
    private FirstRunOutcome() { }

    /// <param name="Secret">The first admin's session.</param>
    public sealed record Done(string Secret) : FirstRunOutcome;

    /// <param name="Problems">Field name to resource code.</param>
    public sealed record Invalid(IReadOnlyDictionary<string, string> Problems) : FirstRunOutcome;
    public sealed record WrongToken : FirstRunOutcome;
    public sealed record Later(TimeSpan Wait) : FirstRunOutcome;
    public sealed record AlreadyDone : FirstRunOutcome;
}

/// <summary>Turns an empty installation into one with an organisation and its first admin, in one transaction.</summary>
internal sealed class FirstRun(
    IStore store, Installations installations, FirstRunToken token, Sessions sessions, SignInBrake brake, TimeProvider time)
{
    private const string BrakeAccount = "first-run";

    /// <param name="address">The client's network address: guesses are slowed down by it.</param>
    public async Task<FirstRunOutcome> CompleteAsync(FirstRunForm form, string address, string language, CancellationToken cancel)
    {
        if (await installations.FindAsync(cancel) is not null) return new FirstRunOutcome.AlreadyDone();
        if (await brake.WaitAsync(BrakeAccount, address, cancel) is { } wait) return new FirstRunOutcome.Later(wait);
        if (!await token.IsRightAsync(form.Token, cancel))
        {
            await brake.CountFailureAsync(BrakeAccount, address, cancel);
            return new FirstRunOutcome.WrongToken();
        }
        var problems = FirstRunRules.Judge(form);
        if (problems.Count > 0) return new FirstRunOutcome.Invalid(problems);
        var outcome = await WriteAsync(form, address, language, cancel);
        if (outcome is FirstRunOutcome.Done)
        {
            installations.Refresh();
            token.RemoveFile();
        }
        return outcome;
    }

    private Task<FirstRunOutcome> WriteAsync(FirstRunForm form, string address, string language, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var (organisation, secret, hash) = (Guid.CreateVersion7(now), Sessions.NewSecret(), SignIn.Hash(form.Password));
        var admin = new Person
        {
            Id = Guid.CreateVersion7(now),
            Name = form.Name.Trim(),
            Email = form.Email,
            Role = Caller.Admin,
            CreatedAt = now,
        };
        return store.WriteAsync<FirstRunOutcome>(
            Lane.Work,
            tx =>
            {
                if (!FirstRunToken.Spend(tx, form.Token)) return new FirstRunOutcome.WrongToken();
                tx.Across("the list of owners").Execute(
                    "INSERT INTO organisation (id, name, created_at) VALUES (@organisation, @name, @now)",
                    new { organisation, name = form.Organisation.Trim(), now });
                People.Insert(tx, organisation, admin, hash, language);
                Installations.Write(tx, new Installation(
                    form.PublicUrl.Trim().TrimEnd('/'), form.InboundDomain.Trim().ToLowerInvariant(), form.Tls));
                sessions.Start(tx, secret, admin.Id, organisation);
                Audit.Insert(tx, organisation, admin.Id, address, new Deed("first-run", AuditKinds.Installation, organisation.ToString()) { Detail = form.PublicUrl.Trim() }, now);
                return new FirstRunOutcome.Done(secret);
            },
            cancel);
    }
}

/// <summary>Every rule of the first-run page; a problem's words are the resource <c>problem.{code}</c>.</summary>
internal static class FirstRunRules
{
    public static IReadOnlyDictionary<string, string> Judge(FirstRunForm form)
    {
        var problems = new Dictionary<string, string>();
        if (!MailAddress.TryCreate(form.Email.Trim(), out var address) || address.Address != form.Email.Trim()) problems[nameof(form.Email)] = "admin-email-invalid";
        if (form.Name.Trim().Length is 0 or > 100) problems[nameof(form.Name)] = "person-name-missing";
        if (form.Password.Length is < 12 or > 256) problems[nameof(form.Password)] = "password-short";
        if (form.Organisation.Trim().Length is 0 or > 100) problems[nameof(form.Organisation)] = "organisation-missing";
        if (UrlProblem(form.PublicUrl.Trim()) is { } url) problems[nameof(form.PublicUrl)] = url;
        if (!IsDomain(form.InboundDomain.Trim())) problems[nameof(form.InboundDomain)] = "inbound-domain-invalid";
        if (form.Tls is not ("files" or "proxy")) problems[nameof(form.Tls)] = "tls-unknown";
        return problems;
    }

    private static string? UrlProblem(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url) switch
    {
        true when url!.Scheme == "http" && !url.IsLoopback => "public-url-not-https", // true: it was parsed
        true when url!.Scheme is "http" or "https" && url.PathAndQuery == "/" && url.Fragment.Length + url.UserInfo.Length == 0 => null,
        _ => "public-url-invalid",
    };

    private static bool IsDomain(string domain) =>
        domain.Length <= 190 && Uri.CheckHostName(domain) == UriHostNameType.Dns
        && domain.Contains('.', StringComparison.Ordinal) && !domain.Contains('_', StringComparison.Ordinal);
}
