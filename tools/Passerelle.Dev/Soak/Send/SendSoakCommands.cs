using System.CommandLine;
using System.Text.Json;

namespace Passerelle.Dev.Soak.Send;

/// <summary>The processes of <c>soak send</c>: a sink with limits, and the gateway. Each answers <c>look</c> and <c>mark</c> (from which the next report counts) and ends with its standard input.</summary>
internal static class SendSoakCommands
{
    public const string SinkName = "limited-sink";
    public const string GatewayName = "sending-gateway";
    public const string Look = "look";
    public const string Mark = "mark";
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static Command Sink()
    {
        var certificate = new Option<string>("--certificate") { Required = true };
        var command = new Command(SinkName, "Started by ./dev soak send") { certificate };
        command.Hidden = true;
        command.SetAction(async (parsed, cancel) =>
        {
            var book = new SinkBook();
            await using var sink = await Bench.Send.Sink.StartAsync(parsed.GetRequiredValue(certificate), () => new LimitedTaker(book, Bench.Send.Sink.IsTokenOf), cancel);
            Console.WriteLine(sink.Port);
            while (await Console.In.ReadLineAsync(cancel) is { } line) Console.WriteLine(JsonSerializer.Serialize(book.Report(line == Mark), Json));
        });
        return command;
    }

    public static Command Gateway()
    {
        var folder = new Option<string>("--folder") { Required = true };
        var certificate = new Option<string>("--certificate") { Required = true };
        var port = new Option<int>("--port") { Required = true };
        var organisation = new Option<Guid>("--organisation") { Required = true };
        var perMinute = new Option<double>("--per-minute") { Required = true };
        var answers = new Option<double>("--answers") { Required = true };
        var command = new Command(GatewayName, "Started by ./dev soak send") { folder, certificate, port, organisation, perMinute, answers };
        command.Hidden = true;
        command.SetAction(async (parsed, cancel) =>
        {
            await using var gateway = await SendingGateway.StartAsync(
                parsed.GetRequiredValue(folder), parsed.GetRequiredValue(certificate), parsed.GetRequiredValue(port), cancel);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            var writing = gateway.WriteAsync(
                parsed.GetRequiredValue(organisation), parsed.GetRequiredValue(perMinute), parsed.GetRequiredValue(answers), stop.Token);
            Console.WriteLine("ready");
            while (await Console.In.ReadLineAsync(cancel) is { } line) Console.WriteLine(JsonSerializer.Serialize(await gateway.ReportAsync(line == Mark, cancel), Json));
            await stop.CancelAsync();
            await writing.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            await gateway.StopAsync();
        });
        return command;
    }
}
