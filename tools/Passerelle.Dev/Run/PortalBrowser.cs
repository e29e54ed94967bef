using System.Net;
using System.Text.RegularExpressions;

namespace Passerelle.Dev.Run;

/// <summary>Enough of a browser for the portal's static pages: cookies and one form. It runs no script.</summary>
internal sealed partial class PortalBrowser : IDisposable
{
    private readonly HttpClient _http;

    public PortalBrowser(string publicUrl) => _http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false })
    {
        BaseAddress = new Uri(publicUrl),
    };

    public async Task SignInAsync(string email, string password, CancellationToken cancel)
    {
        var page = await _http.GetStringAsync(new Uri("/sign-in", UriKind.Relative), cancel);
        var asking = Forms().Matches(page).Select(form => form.Value).FirstOrDefault(form => form.Contains("Form.Password", StringComparison.Ordinal))
            ?? throw new DevFault("The portal shows no sign-in form");
        var fields = Hidden().Matches(asking).ToDictionary(
            field => Name().Match(field.Value).Groups[1].Value, field => WebUtility.HtmlDecode(Value().Match(field.Value).Groups[1].Value));
        fields["Form.Email"] = email;
        fields["Form.Password"] = password;
        using var form = new FormUrlEncodedContent(fields);
        using var answer = await _http.PostAsync(new Uri("/sign-in", UriKind.Relative), form, cancel);
        if (answer.StatusCode is not (HttpStatusCode.Redirect or HttpStatusCode.SeeOther))
        {
            throw new DevFault($"The portal did not sign {email} in: {(int)answer.StatusCode}");
        }
    }

    /// <returns>Where the portal sends the browser to.</returns>
    public async Task<Uri> LeaveAsync(string path, CancellationToken cancel)
    {
        using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative), cancel);
        return answer.Headers.Location ?? throw new DevFault($"{path} answered {(int)answer.StatusCode} instead of sending the browser on");
    }

    public async Task OpenAsync(string path, CancellationToken cancel)
    {
        using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative), cancel);
        if ((int)answer.StatusCode >= 400) throw new DevFault($"The call back answered {(int)answer.StatusCode}");
    }

    /// <summary>One request with this browser's cookies; a redirect is not followed.</summary>
    public Task<HttpResponseMessage> AskAsync(HttpRequestMessage request, CancellationToken cancel) => _http.SendAsync(request, cancel);

    public void Dispose() => _http.Dispose();

    [GeneratedRegex("<form.*?</form>", RegexOptions.Singleline)]
    private static partial Regex Forms();

    [GeneratedRegex("<input[^>]*type=\"hidden\"[^>]*>")]
    private static partial Regex Hidden();

    [GeneratedRegex("name=\"([^\"]*)\"")]
    private static partial Regex Name();

    [GeneratedRegex("value=\"([^\"]*)\"")]
    private static partial Regex Value();
}
