using Passerelle.Gateway.Routing;
using Passerelle.Gateway.Routing.Flows;
using Passerelle.Gateway.Tests.Reading;

namespace Passerelle.Gateway.Tests.Routing;

public sealed class FlowLibraryTests
{
    private static CancellationToken Cancel => TempStore.Cancel;

    [Fact]
    public async Task A_draft_may_be_wrong_and_only_a_right_one_is_published()
    {
        await using var bench = await RoutingBench.OpenAsync(flow: null);
        var organisation = bench.Inbound.Organisation;
        var flow = await bench.Library.CreateAsync(organisation, "New", "{ not json", Cancel);
        Assert.NotEmpty(Assert.IsType<FlowChange.Invalid>(await bench.Library.PublishAsync(organisation, flow.Id, flow.Version, null, Cancel)).Errors);

        var saved = Assert.IsType<FlowChange.Saved>(await bench.Library.SaveAsync(
            organisation, flow.Id, flow.Version, "New", AcknowledgementForm.ToFlow("New", "Hello").Json!, Cancel));
        var published = Assert.IsType<FlowChange.Published>(
            await bench.Library.PublishAsync(organisation, flow.Id, saved.Flow.Version, null, Cancel));
        Assert.Equal(1, published.Number);
        Assert.Equal(saved.Flow.Draft, Assert.Single(await bench.Library.VersionsAsync(organisation, flow.Id, Cancel)).Definition);
    }

    [Fact]
    public async Task A_stale_editor_overwrites_and_publishes_nothing()
    {
        await using var bench = await RoutingBench.OpenAsync(flow: null);
        var organisation = bench.Inbound.Organisation;
        var flow = await bench.Library.CreateAsync(organisation, "New", "{}", Cancel);
        Assert.IsType<FlowChange.Saved>(await bench.Library.SaveAsync(organisation, flow.Id, flow.Version, "Mine", "{ }", Cancel));
        var stale = Assert.IsType<FlowChange.Stale>(await bench.Library.SaveAsync(organisation, flow.Id, flow.Version, "Yours", "{}", Cancel));
        Assert.Equal("Mine", stale.Current.Name);
        Assert.IsType<FlowChange.Stale>(await bench.Library.PublishAsync(organisation, flow.Id, flow.Version, null, Cancel));
    }

    [Fact]
    public async Task Another_organisation_finds_changes_and_chooses_nothing()
    {
        await using var bench = await RoutingBench.AcknowledgingAsync();
        var other = await bench.Inbound.Temp.OrganisationAsync("Fabrikam");
        var flow = Assert.Single(await bench.Library.ListAsync(bench.Inbound.Organisation, Cancel));
        Assert.Null(await bench.Library.FindAsync(other, flow.Id, Cancel));
        Assert.IsType<FlowChange.Unknown>(await bench.Library.SaveAsync(other, flow.Id, flow.Version, "Theirs", "{}", Cancel));
        Assert.IsType<FlowChange.Unknown>(await bench.Library.PublishAsync(other, flow.Id, flow.Version, null, Cancel));
        Assert.False(await bench.Library.PauseAsync(other, flow.Id, true, Cancel));
        Assert.Empty(await bench.Library.VersionsAsync(other, flow.Id, Cancel));
    }

    [Fact]
    public void The_form_reads_back_what_it_wrote_and_leaves_larger_flows_alone()
    {
        var written = AcknowledgementForm.ToFlow("Ack", "Dear {{ message.from.name }}");
        Assert.Equal("Dear {{ message.from.name }}", AcknowledgementForm.TextOf(written.Json!));
        Assert.NotEmpty(AcknowledgementForm.ToFlow("Ack", "{{ broken").Errors);
        Assert.Null(AcknowledgementForm.TextOf("""{ "version": 1, "name": "n", "steps": [ { "id": "e", "kind": "end" } ] }"""));
    }

    [Fact]
    public async Task A_dry_run_shows_what_would_happen_and_why_it_would_not_leave()
    {
        await using var bench = await RoutingBench.OpenAsync(flow: null);
        var message = await bench.Inbound.ArriveAsync(Written.Mail());
        var runs = new DryRuns(bench.Subjects, bench.Inbound.Temp.Time);
        var json = AcknowledgementForm.ToFlow("Ack", "Dear {{ message.from.name }}").Json!;

        var done = Assert.IsType<DryRun.Done>(await runs.RunAsync(bench.Inbound.Organisation, json, message.Id, Cancel));
        Assert.Single(done.Report.Would);
        Assert.Contains("Nobody proves", done.Refusal, StringComparison.Ordinal);
        Assert.IsType<DryRun.Invalid>(await runs.RunAsync(bench.Inbound.Organisation, "{", message.Id, Cancel));
        Assert.IsType<DryRun.Unknown>(await runs.RunAsync(bench.Inbound.Organisation, json, Guid.Empty, Cancel));
        Assert.Equal(0, await bench.Inbound.CountAsync("run") + await bench.Inbound.CountAsync("letter"));
    }
}
