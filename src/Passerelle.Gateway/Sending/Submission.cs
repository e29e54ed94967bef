using System.Security.Authentication;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Cluster;
using Passerelle.Gateway.Outbound;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Sending.Replies;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Sending;

/// <summary>One letter over one SMTP connection, and what every failure on the way means.</summary>
internal sealed class Submission(IOptions<SendingOptions> options, TimeProvider time) : ITransport
{
    public async Task<SendOutcome> SendAsync(
        ClaimedLetter letter, EmailApp app, TokenAnswer.Ready ready, ReadOnlyMemory<byte> raw, SubmissionPool pool, Func<Task> markSubmitting,
        CancellationToken cancel)
    {
        SubmissionClient? client = null;
        try
        {
            client = await pool.RentAsync(app, ready, opening => client = opening, cancel);
            if (client.Lacks(app.EmailId, letter.Recipients) is { } lack)
            {
                pool.Return(client);
                return new SendOutcome.Refused(lack) { Last = SubmissionStep.SignIn };
            }
            await markSubmitting();
            // Past the point of no return: stopping the host must not cut a letter in two; only the deadline may.
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(options.Value.LetterSeconds), time);
            var accepted = await client.SubmitAsync(raw, app.EmailId, letter.Recipients, deadline.Token);
            pool.Return(client);
            return accepted;
        }
        catch (OwnershipLost)
        {
            client?.Dispose();
            throw;
        }
        catch (Exception failure) when (!(failure is OperationCanceledException && cancel.IsCancellationRequested && client?.Step < SubmissionStep.Envelope))
        {
            var outcome = Classify(failure, client, ready.IsPassword);
            client?.Dispose(); // it failed mid-protocol: nobody knows what it would answer next
            return outcome is SendOutcome.Blocked blocked ? blocked with { Finding = Causes.ForWay(app, blocked.Finding) } : outcome;
        }
    }

    /// <summary>The server's refusals and the wire's failures, in our words. Unknown means temporary, and after the dot unclear.</summary>
    internal static SendOutcome Classify(Exception failure, SubmissionClient? client, bool isPassword)
    {
        var last = client?.Step ?? SubmissionStep.Connect;
        SendOutcome outcome = failure switch
        {
            SubmissionRefused when client is { RefusedRecipients: { Count: > 0 } refused } && last is SubmissionStep.Envelope => OfRecipients(refused, isPassword),
            SubmissionRefused { Reply: { Code: < 400 } strange } when last is SubmissionStep.FinalDot => new SendOutcome.Unclear($"The final dot was answered with {strange.Words}"), // a 3xx there says nothing
            SubmissionRefused when last is SubmissionStep.SignIn => OfSignIn(client?.LastReply ?? "", isPassword),
            SubmissionRefused { Reply.Code: 421 } busy when last is SubmissionStep.Connect => new SendOutcome.Deferred(busy.Reply.Words) { NobodyThere = true }, // RFC 5321 §3.8: to everybody
            SubmissionRefused complete => OfReply(complete.Reply.Words, isPassword), // 4xx or 5xx, even after the dot
            _ when last is SubmissionStep.FinalDot => new SendOutcome.Unclear($"No complete reply after the final dot ({Name(failure)})"),
            _ when OutboundRefused.In(failure) is { } closed => new SendOutcome.Deferred(closed.Message),
            _ when last is SubmissionStep.Connect && failure is not NotSupportedException => new SendOutcome.Deferred(Name(failure)) { NobodyThere = true },
            _ => new SendOutcome.Deferred(Name(failure)), // nothing left yet: try again later
        };
        return outcome with { Last = last };
    }

    private static SendOutcome OfSignIn(string reply, bool isPassword) => Causes.OfSmtp(reply, isPassword).Reaction is Reaction.Retry
        ? new SendOutcome.Deferred(reply)
        : new SendOutcome.Blocked(Causes.FindSmtp(reply, isPassword));

    private static SendOutcome OfRecipients(IReadOnlyList<RefusedRecipient> refused, bool isPassword) =>
        OfReply((refused.FirstOrDefault(one => one.IsTransient) ?? refused[0]).Words, isPassword);

    /// <summary>What the table says; what only a person can mend holds this letter back, and says nothing of the grant.</summary>
    private static SendOutcome OfReply(string words, bool isPassword) => ReplyTable.Find(words) switch
    {
        { Fate: ReplyFate.Blocked } => new SendOutcome.Blocked(Causes.FindSmtp(words, isPassword)) { BreaksApp = false },
        { Fate: ReplyFate.Dead } => new SendOutcome.Refused(words),
        { Pause: var pause } => new SendOutcome.Deferred(words, pause),
        null => new SendOutcome.Deferred(words),
    };

    /// <summary>Never the message of an exception: it may hold what the other side wants us to show.</summary>
    private static string Name(Exception failure) => failure switch
    {
        System.Net.Sockets.SocketException socket => $"Connection failed: {socket.SocketErrorCode}",
        TimeoutException or OperationCanceledException => "The server did not answer in time",
        AuthenticationException => "The server's certificate or its TLS was not accepted",
        NotSupportedException => "The server does not offer what the app's security setting needs (STARTTLS or AUTH)",
        _ => $"The connection broke ({failure.GetType().Name})",
    };
}
