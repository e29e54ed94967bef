using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Outbound;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Sending.Graph;

/// <summary>
/// One letter by Microsoft Graph: <c>POST /users/{mailbox}/sendMail</c> with the mail's own bytes
/// (https://learn.microsoft.com/graph/outlook-send-mime-message), one that is too large for a request by a draft.
/// </summary>
internal sealed class GraphSubmission(OutboundHttp http, IOptions<AppsOptions> apps, IOptions<SendingOptions> options, TimeProvider time) : ITransport
{
    public async Task<SendOutcome> SendAsync(
        ClaimedLetter letter, EmailApp app, TokenAnswer.Ready ready, ReadOnlyMemory<byte> raw, SubmissionPool pool, Func<Task> markSubmitting,
        CancellationToken cancel)
    {
        if (GraphRights.Missing(app, ready.Secret) is { } missing) return new SendOutcome.Blocked(missing) { BreaksApp = false };
        if (GraphMail.Addressed(raw, letter.Recipients) is not { } mail)
            return new SendOutcome.Refused("Some of those whom the letter names must not get it (again), and Microsoft Graph writes to all of them: only SMTP can send it");
        var body = GraphMail.Base64(mail.Span);
        var isDraft = body.Length > options.Value.GraphRequestBytes;
        if (isDraft && GraphRights.MissingForDraft(app, ready.Secret) is { } more) return new SendOutcome.Blocked(more) { BreaksApp = false };
        await markSubmitting();
        // Past the point of no return: stopping the host must not leave a letter between two answers; only the deadline may.
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(options.Value.LetterSeconds), time);
        using var client = Client(ready.Secret);
        var mailbox = $"{apps.Value.MicrosoftGraph.TrimEnd('/')}/v1.0/users/{Uri.EscapeDataString(app.EmailId)}";
        return isDraft
            ? await new GraphDraft(client, http, mailbox, options.Value, time).SendAsync(mail, deadline.Token)
            : await HandOverAsync(client, $"{mailbox}/sendMail", body, time, deadline.Token);
    }

    /// <summary>The request that sends: whatever is not a whole answer leaves the letter in doubt, unless nothing of it was on its way.</summary>
    internal static async Task<SendOutcome> HandOverAsync(HttpClient client, string address, byte[] body, TimeProvider time, CancellationToken cancel)
    {
        using var content = new WatchedContent(body); // a request whose body has begun is never sent again by the client itself
        try
        {
            using var answer = await client.PostAsync(new Uri(address), content, cancel);
            return await GraphAnswers.ReadAsync(answer, time.GetUtcNow(), cancel);
        }
        catch (Exception failure)
        {
            return Classify(failure, content.HasBegun);
        }
    }

    /// <param name="hasBegun">Whether what makes the request whole may have been sent.</param>
    internal static SendOutcome Classify(Exception failure, bool hasBegun) => failure switch
    {
        _ when OutboundRefused.In(failure) is { } closed => new SendOutcome.Deferred(closed.Message) { Last = SubmissionStep.Connect },
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError } away =>
            new SendOutcome.Deferred($"Microsoft Graph cannot be reached ({away.HttpRequestError})") { Last = SubmissionStep.Connect, NobodyThere = true },
        _ when !hasBegun => new SendOutcome.Deferred($"Microsoft Graph cannot be reached ({failure.GetType().Name})") { Last = SubmissionStep.Connect, NobodyThere = true },
        OperationCanceledException => new SendOutcome.Unclear("Microsoft Graph did not answer in time") { Last = SubmissionStep.FinalDot },
        _ => new SendOutcome.Unclear($"Microsoft Graph gave no complete answer ({failure.GetType().Name})") { Last = SubmissionStep.FinalDot },
    };

    private HttpClient Client(SecretText token)
    {
        var client = http.Client("graph-mail");
        client.Timeout = TimeSpan.FromSeconds(options.Value.ReplySeconds);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Reveal());
        return client;
    }

    /// <summary>Knows whether anybody has asked for it: until then a request that announces bytes is not whole.</summary>
    private sealed class WatchedContent : HttpContent
    {
        private readonly byte[] _body;

        public WatchedContent(byte[] body)
        {
            _body = body;
            HasBegun = body.Length == 0; // such a request is whole with its header
            Headers.ContentType = new MediaTypeHeaderValue("text/plain");
        }

        public bool HasBegun { get; private set; }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            HasBegun = true;
            await stream.WriteAsync(_body, cancellationToken);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _body.Length;
            return true;
        }
    }
}
