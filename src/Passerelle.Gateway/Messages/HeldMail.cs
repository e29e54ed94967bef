using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Messages;

/// <summary>What an admin does with the mail that came before its app worked.</summary>
internal sealed class HeldMail(IStore store, TimeProvider time)
{
    public const string KeptByAdmin = "Held when it came; an admin chose to keep it without running a flow";

    public Task<long> CountAsync(Guid organisationId, Guid appId, CancellationToken cancel) => store.ReadAsync(
        tx => tx.For(organisationId).One<long>(
            "SELECT COUNT(*) FROM message WHERE organisation_id = @organisation AND app_id = @appId AND state = 'held'",
            new { appId }),
        cancel);

    /// <summary>Lets the app's flow run over what was held, in the order it came. The caller raises Signals.Messages.</summary>
    /// <returns>How many; 0 while the app itself still holds its mail.</returns>
    public Task<int> ReleaseAsync(Guid organisationId, Guid appId, CancellationToken cancel) => store.WriteAsync(
        Lane.Work,
        tx => tx.For(organisationId).Execute(
            """
            UPDATE message SET state = 'ready', state_reason = '', due_at = @now
            WHERE organisation_id = @organisation AND app_id = @appId AND state = 'held'
              AND EXISTS (SELECT 1 FROM app WHERE organisation_id = @organisation AND id = @appId
                          AND state IN ('connected', 'degraded', 'broken'))
            """,
            new { appId, now = time.GetUtcNow() }),
        cancel);

    /// <summary>Leaves what was held for people to read; no flow ever runs over it.</summary>
    /// <returns>How many.</returns>
    public Task<int> KeepAsync(Guid organisationId, Guid appId, CancellationToken cancel) => store.WriteAsync(
        Lane.Work,
        tx => tx.For(organisationId).Execute(
            """
            UPDATE message SET state = 'kept', state_reason = @KeptByAdmin
            WHERE organisation_id = @organisation AND app_id = @appId AND state = 'held'
            """,
            new { appId, KeptByAdmin }),
        cancel);
}
