using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Cluster;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Sending;

/// <summary>A way for one letter to leave, and what every failure on the way means (design §8.3).</summary>
internal interface ITransport
{
    /// <param name="ready">For this transport's own service.</param>
    /// <param name="raw">The whole mail.</param>
    /// <param name="pool">Connections of the app's sender, for a transport that keeps any.</param>
    /// <param name="markSubmitting">Awaited before anything of the letter is said.</param>
    /// <exception cref="OwnershipLost">From <paramref name="markSubmitting"/>: nothing was sent.</exception>
    Task<SendOutcome> SendAsync(
        ClaimedLetter letter, EmailApp app, TokenAnswer.Ready ready, ReadOnlyMemory<byte> raw, SubmissionPool pool, Func<Task> markSubmitting,
        CancellationToken cancel);
}
