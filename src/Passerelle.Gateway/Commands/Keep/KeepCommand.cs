using System.CommandLine;
using System.Text.Json;
using Passerelle.Gateway.Api;
using Passerelle.Gateway.Operations.Keeping;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Commands.Keep;

/// <summary><c>passerelle keep …</c>: what is done with mail as a whole. The running server does it; the command orders, watches and says how it ended.</summary>
internal static class KeepCommand
{
    public static Command Make() => new("keep", "Prune, erase and export mail, and keep it under a legal hold") { Prune(), Erase(), Export(), Hold(), Lift(), Holds(), Jobs(), Cancel() };

    private static Command Prune()
    {
        var common = new Common();
        var command = common.On(new Command("prune", "Let go now what the apps keep no longer"));
        common.Orders(command, (_, client, cancel) => client.PruneAsync(cancel));
        return command;
    }

    private static Command Erase()
    {
        var address = new Argument<string>("address") { Description = "Whose messages, letters and conversations go, for good" };
        var sure = new Option<bool>("--yes") { Description = "Yes, for good: nothing brings it back but a backup" };
        var common = new Common();
        var command = common.On(new Command("erase", "Erase a correspondent from all apps") { address, sure });
        common.Orders(command, (parsed, client, cancel) => parsed.GetValue(sure)
            ? client.EraseAsync(parsed.GetRequiredValue(address), cancel)
            : throw new CommandFault($"This erases everything of {parsed.GetRequiredValue(address)} for good: say so with --yes."));
        return command;
    }

    private static Command Export()
    {
        var file = new Option<FileInfo>("--output", "-o") { Required = true, Description = "The ZIP to write; it must not exist" };
        var app = new Option<string?>("--app") { Description = "Only this app's: its id, asset name or email id" };
        var correspondent = new Option<string?>("--correspondent") { Description = "Only this address's" };
        var conversation = new Option<Guid?>("--conversation") { Description = "Only this conversation, by its id" };
        var from = new Option<DateTimeOffset?>("--from") { Description = "Only what came or was written at it or later" };
        var to = new Option<DateTimeOffset?>("--to") { Description = "Only what came or was written before it" };
        var common = new Common();
        var command = common.On(new Command("export", "Write mail as .eml files into a ZIP") { file, app, correspondent, conversation, from, to });
        common.Orders(
            command,
            async (parsed, client, cancel) =>
            {
                if (parsed.GetRequiredValue(file).Exists) throw new CommandFault($"{parsed.GetRequiredValue(file)} is there already: name another file.");
                return await client.ExportAsync(
                    new(await client.AppAsync(parsed.GetValue(app), cancel), parsed.GetValue(conversation), parsed.GetValue(correspondent), parsed.GetValue(from), parsed.GetValue(to)),
                    cancel);
            },
            (parsed, client, job, cancel) => client.DownloadAsync(job.Id, parsed.GetRequiredValue(file), cancel));
        return command;
    }

    private static Command Hold()
    {
        var scope = new Argument<string>("scope") { Description = "app, conversation or correspondent" };
        scope.AcceptOnlyFromAmong(HoldScopes.App, HoldScopes.Conversation, HoldScopes.Correspondent);
        var subject = new Argument<string>("subject") { Description = "An app's id or name, a conversation's id, or an address" };
        var reason = new Option<string>("--reason") { Required = true, Description = "Why, for whoever reads the list" };
        var common = new Common();
        var command = common.On(new Command("hold", "Place a legal hold: nothing of it is pruned or erased until it is lifted") { scope, subject, reason });
        common.Does(command, async (parsed, client, cancel) =>
        {
            var (kind, named) = (parsed.GetRequiredValue(scope), parsed.GetRequiredValue(subject));
            if (kind == HoldScopes.App) named = (await client.AppAsync(named, cancel)).ToString();
            var hold = await client.PlaceAsync(new(kind, named, parsed.GetRequiredValue(reason)), cancel);
            await common.WriteAsync(parsed, [hold], HoldHeads, HoldRow);
        });
        return command;
    }

    private static Command Lift()
    {
        var id = new Argument<Guid>("hold") { Description = "Its id" };
        var reason = new Option<string>("--reason") { Required = true, Description = "Why, for whoever reads the list" };
        var common = new Common();
        var command = common.On(new Command("lift", "Lift a legal hold") { id, reason });
        common.Does(command, async (parsed, client, cancel) => await common.WriteAsync(
            parsed, [await client.LiftAsync(parsed.GetRequiredValue(id), new(parsed.GetRequiredValue(reason)), cancel)], HoldHeads, HoldRow));
        return command;
    }

    private static Command Holds()
    {
        var common = new Common();
        var command = common.On(new Command("holds", "All legal holds, those that stand first"));
        common.Does(command, async (parsed, client, cancel) => await common.WriteAsync(parsed, await client.HoldsAsync(cancel), HoldHeads, HoldRow));
        return command;
    }

    private static Command Jobs()
    {
        var common = new Common();
        var command = common.On(new Command("jobs", "What was ordered last, newest first"));
        common.Does(command, async (parsed, client, cancel) => await common.WriteAsync(parsed, await client.JobsAsync(cancel), JobHeads, JobRow));
        return command;
    }

    private static Command Cancel()
    {
        var id = new Argument<Guid>("job") { Description = "Its id" };
        var common = new Common();
        var command = common.On(new Command("cancel", "End a job; what it has done stays done") { id });
        common.Does(command, async (parsed, client, cancel) => await common.WriteAsync(parsed, [await client.CancelAsync(parsed.GetRequiredValue(id), cancel)], JobHeads, JobRow));
        return command;
    }

    private static readonly string[] HoldHeads = ["id", "scope", "subject", "reason", "placed", "lifted"];

    private static string[] HoldRow(HoldView hold) => [hold.Id.ToString(), hold.Scope, hold.Subject, hold.Reason, $"{hold.PlacedAt:u}", $"{hold.LiftedAt:u}"];

    private static readonly string[] JobHeads = ["id", "kind", "state", "percent", "changed", "kept", "ordered", "words"];

    private static string[] JobRow(JobView job) =>
        [job.Id.ToString(), job.Kind, job.State, $"{(job.State == "done" ? 100 : job.Percent)}", $"{job.Changed}", $"{job.Kept}", $"{job.CreatedAt:u}", job.Words];

    /// <summary>What each of them takes, and how each ends.</summary>
    private sealed class Common
    {
        private readonly Option<DirectoryInfo> _data = CommonOptions.Data();
        private readonly Option<string?> _organisation = CommonOptions.Organisation();
        private readonly Option<bool> _json = CommonOptions.Json();

        public Command On(Command command)
        {
            command.Add(_data);
            command.Add(_organisation);
            command.Add(_json);
            return command;
        }

        public void Does(Command command, Func<ParseResult, KeepingClient, CancellationToken, Task> action) => command.Does(async (parsed, _, cancel) =>
        {
            await using var client = Open(parsed);
            await action(parsed, client, cancel);
            return Sentences.Right;
        });

        /// <summary>Orders a job and stays until it has ended; Ctrl+C leaves it to the server.</summary>
        /// <param name="then">Once it is done; null: nothing.</param>
        public void Orders(
            Command command, Func<ParseResult, KeepingClient, CancellationToken, Task<JobView>> order,
            Func<ParseResult, KeepingClient, JobView, CancellationToken, Task>? then = null) => command.Does(async (parsed, _, cancel) =>
        {
            await using var client = Open(parsed);
            var ordered = await order(parsed, client, cancel);
            var job = await JobProgress.WatchAsync(ordered, () => client.JobAsync(ordered.Id, cancel), parsed.InvocationConfiguration.Error, cancel);
            if (job.State == "done" && then is not null) await then(parsed, client, job, cancel);
            await WriteAsync(parsed, [job], JobHeads, JobRow);
            return job.State == "done" ? Sentences.Right : Sentences.Wrong;
        });

        public async Task WriteAsync<T>(ParseResult parsed, IReadOnlyList<T> rows, IReadOnlyList<string> heads, Func<T, string[]> row)
        {
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(_json)) await output.WriteLineAsync(JsonSerializer.Serialize(rows, OperatorClient.Json));
            else await Listing.WriteAsync(output, heads, rows.Select(row));
        }

        private KeepingClient Open(ParseResult parsed)
        {
            var folder = Gateways.FolderOf(parsed.GetRequiredValue(_data));
            return DataFolderLock.IsHeld(folder)
                ? new KeepingClient(new OperatorClient(folder, parsed.GetValue(_organisation)))
                : throw new CommandFault($"The running server keeps and forgets, and none runs on {folder}: start `passerelle serve --data {folder}`.");
        }
    }
}
