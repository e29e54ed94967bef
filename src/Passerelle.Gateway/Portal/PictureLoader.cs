using System.Net;
using Passerelle.Gateway.Outbound;
using Passerelle.Mail;

namespace Passerelle.Gateway.Portal;

/// <summary>
/// Fetches the pictures of one mail from other people's servers, because its reader said so: they learn that it is looked at, and of
/// the reader neither address nor browser. Every connection is judged by <see cref="OutboundPolicy"/>, each redirect anew. What comes back is put into the
/// frame's document itself and kept nowhere.
/// </summary>
internal sealed class PictureLoader(OutboundHttp outbound, TimeProvider time)
{
    private const int AtOnce = 6;
    private const int MostRedirects = 3;
    public const int LargestPicture = 5 * 1024 * 1024;
    public const int LargestTogether = 20 * 1024 * 1024;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    /// <param name="addresses">Of <see cref="RemotePictures"/>.</param>
    /// <returns>Data URIs by the place in the list. What could not be had, was no picture or went beyond a bound is not among them.</returns>
    public async Task<IReadOnlyDictionary<int, string>> LoadAsync(IReadOnlyList<string> addresses, CancellationToken cancel)
    {
        using var deadline = new CancellationTokenSource(Longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancel);
        using var turns = new SemaphoreSlim(AtOnce);
        using var client = outbound.Client("pictures");
        var distinct = addresses.Distinct(StringComparer.Ordinal).ToList();
        var fetched = await Task.WhenAll(distinct.Select(address => FetchAsync(client, address, turns, either.Token)));
        cancel.ThrowIfCancellationRequested();
        return Together(addresses, distinct.Zip(fetched).ToDictionary(one => one.First, one => one.Second, StringComparer.Ordinal));
    }

    /// <summary>In the order of the mail, until they are too much for one document.</summary>
    private static Dictionary<int, string> Together(IReadOnlyList<string> addresses, Dictionary<string, byte[]?> fetched)
    {
        var (found, taken) = (new Dictionary<int, string>(), 0L);
        for (var number = 0; number < addresses.Count; number++)
        {
            if (fetched[addresses[number]] is not { } picture || PartPreview.PictureType(picture) is not { } type || taken + picture.Length > LargestTogether) continue;
            taken += picture.Length;
            found[number] = $"data:{type};base64,{Convert.ToBase64String(picture)}";
        }
        return found;
    }

    /// <returns>Null when it could not be had.</returns>
    private static async Task<byte[]?> FetchAsync(HttpClient client, string address, SemaphoreSlim turns, CancellationToken cancel)
    {
        try
        {
            await turns.WaitAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            return null; // its time has passed
        }
        try
        {
            return Uri.TryCreate(address, UriKind.Absolute, out var url) ? await FollowAsync(client, url, cancel) : null;
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or OperationCanceledException or FormatException or ArgumentException or InvalidOperationException)
        {
            return null; // closed by the policy, nobody there, too slow, nonsense: an empty place says all of it
        }
        finally
        {
            turns.Release();
        }
    }

    private static async Task<byte[]?> FollowAsync(HttpClient client, Uri url, CancellationToken cancel)
    {
        for (var redirects = 0; redirects <= MostRedirects; redirects++)
        {
            if (url.Scheme is not ("http" or "https") || url.UserInfo.Length > 0) return null;
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.UserAgent.ParseAdd("Passerelle");
            request.Headers.Accept.ParseAdd("image/*");
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            if (answer.StatusCode is HttpStatusCode.OK) return await ReadAsync(answer, cancel);
            if ((int)answer.StatusCode is not (301 or 302 or 303 or 307 or 308) || answer.Headers.Location is not { } next) return null;
            url = new Uri(url, next);
        }
        return null;
    }

    /// <returns>Null above <see cref="LargestPicture"/>.</returns>
    private static async Task<byte[]?> ReadAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        if (answer.Content.Headers.ContentLength > LargestPicture) return null;
        await using var body = await answer.Content.ReadAsStreamAsync(cancel);
        using var picture = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await body.ReadAsync(buffer, cancel) is > 0 and var read)
        {
            if (picture.Length + read > LargestPicture) return null;
            picture.Write(buffer, 0, read);
        }
        return picture.ToArray();
    }
}
