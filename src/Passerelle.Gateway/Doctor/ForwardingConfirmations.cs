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

    /// <param name="Sentence">Why not, and what to do instead.</param>
    public sealed record Failed(string Sentence) : ConfirmOutcome;
    public sealed record Unknown : ConfirmOutcome;
}

/// <summary>
/// Says yes to a provider that asks whether it may forward a mailbox here (facts §9), when an admin presses the button. Only
/// https to the hosts of the provider's preset is spoken to, redirects and the page's own form included.
/// </summary>
internal sealed class ForwardingConfirmations(IStore store, OutboundHttp http, TimeProvider time)
{
    public const string ByHand = "Open the link where the mailbox's owner is signed in, or type the code in the mailbox's forwarding settings";
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
                    return new ConfirmOutcome.Failed($"The provider's page has no button to press. {ByHand}");
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
            return new ConfirmOutcome.Failed(OutboundRefused.In(failure)?.Message ?? $"The provider cannot be reached: {failure.GetBaseException().Message}. {ByHand}");
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
        new($"The provider answered {(int)answer.StatusCode}: the link may have been used or be too old. {ByHand}");

    private static ConfirmOutcome.Failed Elsewhere(Uri to) =>
        new($"The provider led on to {to.Host}, where we do not go: somebody has to sign in. {ByHand}");

    private sealed class RedirectedElsewhere(Uri to) : Exception
    {
        public Uri To { get; } = to;
    }
}
