using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Doctor;

/// <summary>
/// What a patient signs in with. An application that nobody has connected yet is given a token of its own for the examination, which
/// is kept nowhere: so what stands in its way shows before anybody presses Connect.
/// </summary>
internal sealed class PatientTokens(TokenSource tokens, TokenRequests requests)
{
    /// <summary>Nobody has connected it, and nobody has to sign in for that.</summary>
    public static bool IsUntried(Patient patient) => patient.App.IsAppOnly && !patient.HasWorked;

    public Task<TokenAnswer> GetAsync(Patient patient, CancellationToken cancel) =>
        IsUntried(patient) ? AskAsync(patient, cancel) : tokens.GetAsync(patient.App, cancel);

    /// <summary>Asks the provider anew, also where a token is at hand.</summary>
    public Task<TokenAnswer> RenewAsync(Patient patient, CancellationToken cancel) =>
        IsUntried(patient) ? AskAsync(patient, cancel) : tokens.RenewAsync(patient.App, cancel);

    private async Task<TokenAnswer> AskAsync(Patient patient, CancellationToken cancel) => TokenAnswer.Of(await requests.ApplicationAsync(patient.App, cancel));
}
