using Passerelle.Lab.Testing;

namespace Passerelle.Portal.Tests.Ways;

/// <summary>One lab host for a class of tests; each test has a directory of its own in it.</summary>
public sealed class OneLab : IAsyncLifetime
{
    private static int _names;
    private LabFixture? _lab;

    public LabFixture Lab => _lab!; // initialised by the runner

    public static string NewName() => $"w{Interlocked.Increment(ref _names)}";

    /// <summary>A directory of its own with the Microsoft side done, as the guide says.</summary>
    internal async Task<Contoso> ReadyAsync(RunningGateway gateway, CancellationToken cancel)
    {
        var contoso = await Lab.ContosoAsync(NewName(), $"{gateway.Url}/callback", cancel);
        await Lab.Control.SetPermissionsAsync(contoso.DirectoryId, contoso.ClientId, [(LabControl.Graph, "SMTP.Send", "delegated")], cancel);
        await Lab.Control.SetMailboxSmtpAuthAsync(contoso.DirectoryId, contoso.Support, enabled: true, cancel);
        return contoso;
    }

    public async ValueTask InitializeAsync() => _lab = await LabFixture.StartAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => Lab.DisposeAsync();
}
