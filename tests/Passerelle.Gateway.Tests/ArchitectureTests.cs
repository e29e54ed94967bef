using System.Text.RegularExpressions;
using ArchUnitNET.Fluent;
using ArchUnitNET.Loader;
using ArchUnitNET.xUnitV3;
using Passerelle.Gateway.Store;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace Passerelle.Gateway.Tests;

/// <summary>The rooms of the gateway and who may use whom (docs/decisions/0001-rooms-along-the-path.md). All may use Store, and Cluster, for a stage must know whether an app is its own.</summary>
public sealed class ArchitectureTests
{
    private static readonly ArchUnitNET.Domain.Architecture Gateway =
        new ArchLoader().LoadAssemblies(typeof(IStore).Assembly).Build();

    private static readonly Dictionary<string, string[]> MayUse = new()
    {
        ["Store"] = [],
        ["Cluster"] = [],
        ["Outbound"] = [],
        ["Limits"] = [],
        ["Apps"] = [],
        ["Access"] = ["Apps", "Limits"],
        ["Messages"] = [],
        ["Queue"] = ["Messages", "Apps"],
        ["Templates"] = [],
        ["Tokens"] = ["Apps", "Outbound"],
        ["Setup"] = ["Apps", "Tokens"],
        ["Events"] = ["Messages", "Apps", "Queue", "Outbound"],
        ["Conversations"] = ["Messages", "Apps", "Queue"],
        ["Receiving"] = ["Messages", "Apps", "Queue", "Limits"],
        ["Polling"] = ["Messages", "Apps", "Queue", "Tokens", "Outbound"],
        ["Reading"] = ["Messages", "Apps", "Queue"],
        ["Routing"] = ["Messages", "Apps", "Queue", "Conversations", "Outbound", "Templates"],
        ["Sending"] = ["Messages", "Apps", "Queue", "Tokens", "Outbound", "Templates"],
        ["Doctor"] = ["Messages", "Apps", "Queue", "Tokens", "Sending", "Setup", "Outbound"],
        ["Operations"] = ["Messages", "Apps", "Queue"],
        ["Api"] = [.. All, "Hosting"],
        ["Portal"] = [.. All, "Hosting"],
        ["Commands"] = [.. All, "Api", "Hosting"],
        ["Hosting"] = [.. All, "Api", "Portal"],
    };

    private static string[] All =>
    [
        "Outbound", "Limits", "Apps", "Access", "Messages", "Queue", "Templates", "Tokens", "Setup", "Events", "Conversations",
        "Receiving", "Polling", "Reading", "Routing", "Sending", "Doctor", "Operations",
    ];

    public static TheoryData<string> Rooms => [.. Present()];

    [Theory, MemberData(nameof(Rooms))]
    public void A_room_uses_only_the_rooms_below_it(string room)
    {
        Assert.True(MayUse.ContainsKey(room), $"Say in the table what {room} is and what it may use");
        var forbidden = MayUse.Keys.Except([room, "Store", .. room == "Store" ? [] : (string[])["Cluster"], .. MayUse[room]])
            .Select(other => Regex.Escape($"Passerelle.Gateway.{other}"));
        IArchRule rule = Types().That().ResideInNamespaceMatching($@"^Passerelle\.Gateway\.{room}(\.|$)")
            .Should().NotDependOnAny(Types().That().ResideInNamespaceMatching($@"^({string.Join('|', forbidden)})(\.|$)"))
            .WithoutRequiringPositiveResults();
        rule.Check(Gateway);
    }

    [Fact]
    public void Pure_projects_know_nothing_of_disk_database_or_web() =>
        Assert.DoesNotContain(
            new[] { typeof(Passerelle.Smtp.SmtpReply) }
                .SelectMany(type => type.Assembly.GetReferencedAssemblies()),
            reference => reference.Name is { } name && (name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)
                || name.Contains("Sqlite", StringComparison.Ordinal) || name is "Npgsql" or "Dapper"));

    private static IEnumerable<string> Present() => typeof(IStore).Assembly.GetTypes()
        .Select(type => Regex.Match(type.Namespace ?? "", @"^Passerelle\.Gateway\.(\w+)"))
        .Where(match => match.Success)
        .Select(match => match.Groups[1].Value)
        .Distinct();
}
