namespace Passerelle.Gateway.Messages;

/// <summary>The name under which this installation receives mail and speaks of it (authserv-id, RFC 8601 §2.5). Receiving says it.</summary>
internal sealed record ServerName(string Value);
