using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Outbound;
using Passerelle.Gateway.Store;
using Passerelle.Mail;

namespace Passerelle.Gateway.Doctor;

/// <summary>What became of an admin's yes.</summary>
internal abstract record ConfirmOutcome
{
    private ConfirmOutcome() { }

    public sealed record Confirmed : ConfirmOutcome;

    /// <summary>The message asks for nothing, or its link does not lead to the provider.</summary>
    public sealed record NothingToConfirm : ConfirmOutcome;

    /// <param name="Code">Why not; the words are the resource <c>confirm.{Code}</c>, in the reader's language.</param>
    /// <param name="Argument">Fills {0}.</param>
    public sealed record Failed(string Code, string Argument = "") : ConfirmOutcome
    {
        /// <summary>In English, for programs.</summary>
        public string Sentence => ProblemWords.English($"confirm.{Code}", Argument);
    }

    public sealed record Unknown : ConfirmOutcome;
}

/// <summary>
/// Says yes to a provider that asks whether it may forward a mailbox here (facts §9), when an admin presses the button. Only
/// https to the hosts of the provider's preset is spoken to, redirects and the page's own form included.
/// </summary>
internal sealed class ForwardingConfirmations(IStore store, OutboundHttp http, TimeProvider time)
{
    private const int MostRedirects = 3;

    /// <summary>Where a link may lead: what the provider's preset says.</summary>
    internal IReadOnlyCollection<string> Hosts { get; init; } = Presets.Find(Preset.Google)!.ConfirmationHosts; // a test reads the presets

    public Task<List<ForwardingConfirmation>> OfAppAsync(Guid organisationId, Guid appId, CancellationToken cancel) =>
        store.ReadAsync(tx => ForwardingConfirmationRows.OfApp(tx, organisationId, appId), cancel);

    public async Task<ConfirmOutcome> ConfirmAsync(Guid organisationId, Guid messageId, CancellationToken cancel)
    {
        var (message, asked) = await store.ReadAsync(
            tx => (MessageRows.Find(tx, organisationId, messageId), ForwardingConfirmationRows.Find(tx, organisationId, messageId)), cancel);
        if (message is null) return new ConfirmOutcome.Unknown();
        if (asked is null || !ForwardingRequest.LeadsTo(asked.Link, Hosts)) return new ConfirmOutcome.NothingToConfirm();
        if (asked.ConfirmedAt is not null) return new ConfirmOutcome.Confirmed();
        var outcome = await SayYesAsync(new Uri(asked.Link), cancel);
        if (outcome is ConfirmOutcome.Confirmed)
        {
            await store.WriteAsync(
                Lane.Work,
                tx =>
                {
                    ForwardingConfirmationRows.Confirm(tx, organisationId, messageId, time.GetUtcNow());
                    return true;
                },
                CancellationToken.None); // it is confirmed there
        }
        return outcome;
    }

    private async Task<ConfirmOutcome> SayYesAsync(Uri link, CancellationToken cancel)
    {
        try
        {
            using var client = http.Client("confirmations");
            var (page, at) = await FollowAsync(client, link, await client.GetAsync(link, cancel), cancel);
            using (page)
            {
                if (!page.IsSuccessStatusCode) return Refused(page);
                if (ConfirmationForm.Find(await page.Content.ReadAsStringAsync(cancel), at) is not { } button)
                {
                    return new ConfirmOutcome.Failed("no-button");
                }
                if (!ForwardingRequest.LeadsTo(button.Action.AbsoluteUri, Hosts)) return Elsewhere(button.Action);
                using var fields = new FormUrlEncodedContent(button.Fields);
                var (answer, _) = await FollowAsync(client, button.Action, await client.PostAsync(button.Action, fields, cancel), cancel);
                using (answer) return answer.IsSuccessStatusCode ? new ConfirmOutcome.Confirmed() : Refused(answer);
            }
        }
        catch (RedirectedElsewhere elsewhere)
        {
            return Elsewhere(elsewhere.To);
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException && !cancel.IsCancellationRequested)
        {
            return OutboundRefused.In(failure) is { } refused
                ? new ConfirmOutcome.Failed("closed", refused.Message)
                : new ConfirmOutcome.Failed("unreachable", failure.GetBaseException().Message);
        }
    }

    private async Task<(HttpResponseMessage Answer, Uri At)> FollowAsync(HttpClient client, Uri from, HttpResponseMessage answer, CancellationToken cancel)
    {
        var at = from;
        for (var followed = 0; (int)answer.StatusCode is >= 300 and < 400 && answer.Headers.Location is { } to && followed < MostRedirects; followed++)
        {
            at = new Uri(at, to);
            answer.Dispose();
            if (!ForwardingRequest.LeadsTo(at.AbsoluteUri, Hosts)) throw new RedirectedElsewhere(at);
            answer = await client.GetAsync(at, cancel);
        }
        return (answer, at);
    }

    private static ConfirmOutcome.Failed Refused(HttpResponseMessage answer) =>
        new("status", $"{(int)answer.StatusCode}");

    private static ConfirmOutcome.Failed Elsewhere(Uri to) =>
        new("elsewhere", to.Host);

    private sealed class RedirectedElsewhere(Uri to) : Exception
    {
        public Uri To { get; } = to;
    }
}
