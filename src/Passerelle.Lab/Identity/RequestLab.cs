using Passerelle.Lab.State;

namespace Passerelle.Lab.Identity;

/// <summary>Whose log and clock a request has. Where its address names no directory, or none that exists, the application or the
/// typed code tells the lab; so a request that got nowhere is in the log too.</summary>
internal sealed class RequestLab(Labs labs, DeviceCodes devices)
{
    /// <param name="segment">First segment of the path.</param>
    /// <param name="userCode">As a person typed it; null or empty without one.</param>
    /// <returns>Null when nothing of the request belongs to a lab.</returns>
    public Twin? Of(string segment, string? clientId, string? userCode = null) =>
        labs.Directory(segment)?.Lab
        ?? (Guid.TryParse(clientId, out Guid app) ? labs.OfApp(app) : null)
        ?? (string.IsNullOrEmpty(userCode) ? null : devices.Typed(userCode)?.Lab);
}
