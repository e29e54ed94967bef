using System.Security.Authentication;
using DnsClient;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Outbound;

namespace Passerelle.Gateway.Doctor;

/// <summary>How one of the installation's own doors looks from here.</summary>
/// <param name="Door">https, mx or port25.</param>
/// <param name="Code">What was found; its words are the resource <c>settings.check-{Code}</c>.</param>
/// <param name="Result">right, wrong or unknown: what only the outside can see is never right.</param>
/// <param name="Arguments">Of the words.</param>
internal sealed record DoorLook(string Door, string Code, string Result, params string[] Arguments);

/// <summary>HTTPS, MX record and port 25 of this installation, as far as they can be seen from inside.</summary>
internal sealed class OwnDoors(Installations installations, InboundProbe probe, OutboundHttp http)
{
    /// <returns>In the order of the set-up, each within the probe's time.</returns>
    public async Task<IReadOnlyList<DoorLook>> LookAsync(CancellationToken cancel)
    {
        var installation = await installations.GetAsync(cancel);
        return await Task.WhenAll(HttpsAsync(installation.PublicUrl, cancel), MxAsync(installation.InboundDomain, cancel), Port25Async(installation.InboundDomain, cancel));
    }

    private async Task<DoorLook> HttpsAsync(string publicUrl, CancellationToken cancel)
    {
        if (!publicUrl.StartsWith("https://", StringComparison.OrdinalIgnoreCase)) return new("https", "https-plain", Finding.Unknown);
        try
        {
            using var client = http.Client("own-doors");
            using var answer = await client.GetAsync(new Uri($"{publicUrl}/health/live"), cancel);
            return answer.IsSuccessStatusCode
                ? new("https", "https-right", Finding.Right, publicUrl)
                : new("https", "https-wrong", Finding.Wrong, publicUrl, $"HTTP {(int)answer.StatusCode}");
        }
        catch (HttpRequestException failure) when (failure.GetBaseException() is AuthenticationException certificate)
        {
            return new("https", "https-wrong", Finding.Wrong, publicUrl, certificate.Message);
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException && !cancel.IsCancellationRequested)
        {
            return new("https", "https-unknown", Finding.Unknown, publicUrl, failure.GetBaseException().Message);
        }
    }

    private async Task<DoorLook> MxAsync(string domain, CancellationToken cancel)
    {
        try
        {
            return await probe.ExchangerOfAsync(domain, cancel) is { } exchanger
                ? new("mx", "mx-right", Finding.Right, domain, exchanger)
                : new("mx", "mx-absent", Finding.Wrong, domain);
        }
        catch (DnsResponseException failure)
        {
            return new("mx", "mx-unknown", Finding.Unknown, failure.Message);
        }
    }

    private async Task<DoorLook> Port25Async(string domain, CancellationToken cancel) =>
        await probe.DeliverableAsync($"postmaster@{domain}", hasJustArrived: false, cancel) switch
        {
            { Result: Finding.Right } right => new("port25", "port25-right", Finding.Right, right.Detail),
            { Result: Finding.Wrong } wrong => new("port25", "port25-wrong", Finding.Wrong, wrong.Detail),
            _ => new("port25", "port25-unknown", Finding.Unknown),
        };
}
