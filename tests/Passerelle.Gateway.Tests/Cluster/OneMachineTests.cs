using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Cluster;
using Passerelle.Gateway.Hosting;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Tests.Cluster;

/// <summary>What a cluster costs those who have none, and what is said to those who cannot have one.</summary>
public sealed class OneMachineTests
{
    [Fact]
    public async Task A_cluster_on_SQLite_is_refused_with_what_to_do()
    {
        var folder = Directory.CreateTempSubdirectory("passerelle-cluster-");
        try
        {
            var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(folder, "--Cluster:Enabled=true"));
            Assert.Equal(
                "A setting is wrong: Cluster:Enabled needs PostgreSQL: a SQLite store belongs to one machine. Set Store:Postgres, or leave Cluster:Enabled out.",
                StartFailure.Sentence(refused));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_cluster_without_a_folder_for_large_mail_is_refused_with_what_to_do()
    {
        var folder = Directory.CreateTempSubdirectory("passerelle-cluster-");
        try
        {
            var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(folder, "--Cluster:Enabled=true", "--Store:Postgres=Host=nowhere"));
            Assert.Equal(
                "A setting is wrong: Cluster:Enabled needs a folder that all nodes share, for mail too big for a row. Set Store:SharedFolder to it, or Store:Blobs to an Azure storage account.",
                StartFailure.Sentence(refused));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task One_machine_is_shown_as_the_owner_of_all()
    {
        await using var gateway = await LiveGateway.StartAsync();
        var node = Assert.Single(await gateway.Get<NodeList>().ListAsync(LiveGateway.Cancel));
        Assert.Equal((Environment.MachineName, NodeState.Lives, null), (node.Name, node.State, node.Apps));
        Assert.False(gateway.Get<NodeList>().IsCluster);
    }

    [Fact]
    public void Every_options_class_is_a_section_of_the_command_line() => Assert.Equal(
        from type in typeof(Settings).Assembly.GetTypes()
        where type.Name.EndsWith("Options", StringComparison.Ordinal) && type.Assembly.GetType($"{type.FullName}Validator") is not null
        let section = type.Name[..^"Options".Length]
        orderby section
        select section,
        Settings.Sections.Keys.Order());

    /// <summary>A gateway in a process of its own, which has loaded what one machine needs.</summary>
    [Fact]
    public async Task One_machine_loads_nothing_of_Orleans()
    {
        var folder = Directory.CreateTempSubdirectory("passerelle-cluster-");
        try
        {
            using var child = new System.Diagnostics.Process
            {
                StartInfo = new("dotnet", ["exec", typeof(IStore).Assembly.Location, "serve", "--data", Path.Combine(folder.FullName, "data"), "--Http:Port=0", "--Receiving:Endpoints:0=127.0.0.1:0"])
                {
                    RedirectStandardOutput = true,
                },
            };
            child.Start();
            try
            {
                var maps = await WhenListeningAsync(child);
                Assert.Contains("Microsoft.Data.Sqlite.dll", maps, StringComparison.Ordinal);
                Assert.DoesNotMatch(new Regex(@"Orleans\.(Core|Runtime|Clustering)"), maps); // attributes on our assembly are of its serializer
            }
            finally
            {
                child.Kill();
                await child.WaitForExitAsync(CancellationToken.None);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <returns>What it has in memory then.</returns>
    private static async Task<string> WhenListeningAsync(System.Diagnostics.Process child)
    {
        while (await child.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.Contains("listening", StringComparison.OrdinalIgnoreCase)) return await File.ReadAllTextAsync($"/proc/{child.Id}/maps", TestContext.Current.CancellationToken);
        }
        throw new InvalidOperationException("The gateway ended before it listened");
    }

    private static async Task StartAsync(DirectoryInfo folder, params string[] settings)
    {
        await using var app = GatewayApplication.Build(
            [$"--Store:DataFolder={Path.Combine(folder.FullName, "data")}", "--Http:Port=0", "--Receiving:Endpoints:0=127.0.0.1:0", "--Logging:LogLevel:Default=None", .. settings]);
        await app.StartAsync(TestContext.Current.CancellationToken);
    }
}
