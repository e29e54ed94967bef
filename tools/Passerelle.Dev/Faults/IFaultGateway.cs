using System.Text.Json;

namespace Passerelle.Dev.Faults;

/// <summary>The gateway of one fault: a process of its own, or one inside a test.</summary>
internal interface IFaultGateway
{
    string PublicUrl { get; }

    string InboundDomain { get; }

    /// <summary>Where it takes mail, <c>host:port</c>.</summary>
    string Receiver { get; }

    /// <summary>Where files of federated assertions may be.</summary>
    string AssertionFolder { get; }

    /// <inheritdoc cref="Run.OperatorClient.SendAsync"/>
    Task<JsonElement> SendAsync(HttpMethod verb, string path, object? body, CancellationToken cancel);

    /// <summary>A browser signed in as the admin.</summary>
    Task<Run.PortalBrowser> SignInAsync(CancellationToken cancel);

    /// <summary>Stops it, changes what is asked for, starts it again.</summary>
    /// <param name="settings">Configuration beyond its own.</param>
    /// <param name="sql">Run on its store while it stands; null: nothing.</param>
    Task RestartAsync(IReadOnlyList<string> settings, string? sql, CancellationToken cancel);
}
