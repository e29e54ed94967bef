using Passerelle.Journey.Tests;
using Passerelle.Lab.Testing;

[assembly: AssemblyFixture(typeof(SharedLab))]
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.All, MaxThreads = 4)] // a scene is a test's own, and waits more than it works

namespace Passerelle.Journey.Tests;

/// <summary>One lab host for the assembly; every scene opens a lab of its own in it.</summary>
public sealed class SharedLab : IAsyncLifetime
{
    private int _labs;
    private LabFixture? _fixture;

    public LabFixture Fixture => _fixture!; // xunit initialises it before any test

    public string NewName() => $"j{Interlocked.Increment(ref _labs)}";

    public async ValueTask InitializeAsync() => _fixture = await LabFixture.StartAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => Fixture.DisposeAsync();
}
