using System.Globalization;
using Passerelle.Lab.Hosting;

namespace Passerelle.Lab.Identity;

/// <summary>The lab's own addresses, built from the bound ports and never from a Host header.</summary>
internal sealed class Addresses(LabListeners listeners)
{
    /// <summary>Without a trailing slash; the authority of a directory is this, a slash and its id.</summary>
    public string Https => string.Create(CultureInfo.InvariantCulture, $"https://localhost:{listeners.PortOf(LabListeners.Https)}");

    public string Http => string.Create(CultureInfo.InvariantCulture, $"http://localhost:{listeners.PortOf(LabListeners.Http)}");
}
