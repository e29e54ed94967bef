using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Apps;

/// <summary>Writes into the audit what Passerelle does to an app by itself, in the transaction of the deed. Access keeps the audit.</summary>
internal delegate void RecordChange(
    Tx tx, Guid organisationId, string action, Guid appId, IReadOnlyList<FieldChange> changes, DateTimeOffset now);
