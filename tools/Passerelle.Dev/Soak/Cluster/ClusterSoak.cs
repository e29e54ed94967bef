using System.Globalization;
using System.Text.Json;

namespace Passerelle.Dev.Soak.Cluster;

/// <summary>One large round of a cluster; each finished one is a line in the file.</summary>
internal sealed class ClusterSoak(string file, TextWriter progress)
{
    private const double LongestAfterOrder = 5;
    private const double LongestAfterKill = 5;
    private const double LongestAfterStop = 20;
    private const double LeastOfOne = 0.9;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public async Task<SoakResult> RunAsync(int apps, CancellationToken cancel)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!); // a full path to a file has a folder
        await using var round = await ClusterRound.OpenAsync(isInstalled: true, progress, cancel);
        var record = await round.RunAsync(apps, isMeasured: true, cancel);
        await File.AppendAllLinesAsync(file, [JsonSerializer.Serialize(record, Json)], CancellationToken.None);
        return ResultOf(record);
    }

    private static SoakResult ResultOf(ClusterRecord one)
    {
        var slow = new List<string>();
        if (one.LeaveSeconds > LongestAfterOrder) slow.Add("the apps of the node that was stopped in order waited too long");
        if (one.UnclearByOrder > 0) slow.Add("letters are in doubt though nothing had happened but by order");
        if (one.KillSeconds > LongestAfterKill) slow.Add("the killed node's apps waited too long");
        if (one.StopSeconds > LongestAfterStop) slow.Add("the frozen node's apps waited too long");
        if (one.MostInAMinute > ClusterRound.PerMinute) slow.Add("a mailbox sent more in a minute than it may");
        if (one.MostTokenRequests > 1) slow.Add("a token was renewed more than once");
        if (one.TwoNodes / one.OneNode < LeastOfOne) slow.Add("two nodes are slower than one");
        return new("cluster", 1, one.Lost, one.Duplicated, slow.Count, [Figures(one), .. slow, .. one.Notes]);
    }

    private static string Figures(ClusterRecord one) => string.Create(
        CultureInfo.InvariantCulture,
        $"{one.Apps} apps, {one.Letters} letters: {one.LeaveSeconds:0.0} s after SIGTERM, {one.ShareSeconds:0.0} s to a new share, {one.KillSeconds:0.0} s after kill -9, {one.StopSeconds:0.0} s after SIGSTOP, {one.OneNode:0} letters a second by one node and {one.TwoNodes:0} by two ({one.TwoNodes / one.OneNode:0.00} ×), at most {one.MostInAMinute} of a mailbox in a minute, {one.MostTokenRequests} token requests of an app, {one.Throttled} answers 432, {one.Unclear} unclear, of which the server had taken {one.UnclearTaken}");
}
