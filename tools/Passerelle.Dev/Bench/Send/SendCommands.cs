using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace Passerelle.Dev.Bench.Send;

/// <summary>The processes of <c>bench send</c>: the sink, and our sender. Each ends with its standard input.</summary>
internal static class SendCommands
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static Command Sink()
    {
        var certificate = new Option<string>("--certificate") { Required = true };
        var command = new Command("sink", "What bench send sends to") { certificate };
        command.Hidden = true;
        command.SetAction(async (parsed, cancel) =>
        {
            await using var sink = await Send.Sink.StartAsync(parsed.GetRequiredValue(certificate), () => new Taker(Send.Sink.IsTokenOf), cancel);
            Console.WriteLine(sink.Port);
            await Console.In.ReadToEndAsync(cancel);
        });
        return command;
    }

    public static Command Sender()
    {
        var port = new Option<int>("--port") { Required = true };
        var certificate = new Option<string>("--certificate") { Required = true };
        var mail = new Option<string>("--mail") { Required = true };
        var apps = new Option<int>("--apps") { Required = true };
        var whole = new Option<bool>("--whole");
        var command = new Command("sender", "Our sender of bench send") { port, certificate, mail, apps, whole };
        command.Hidden = true;
        command.SetAction(async (parsed, cancel) =>
        {
            await using var ours = await OurSender.StartAsync(
                parsed.GetRequiredValue(port), parsed.GetRequiredValue(certificate), await File.ReadAllBytesAsync(parsed.GetRequiredValue(mail), cancel),
                parsed.GetRequiredValue(apps), cancel);
            Console.WriteLine("ready");
            while (await Console.In.ReadLineAsync(cancel) is { } line)
            {
                var count = int.Parse(line, CultureInfo.InvariantCulture);
                var run = parsed.GetValue(whole) ? await ours.CarryAsync(count, cancel) : await ours.SubmitAsync(count, cancel);
                Console.WriteLine(JsonSerializer.Serialize(run, Json));
            }
        });
        return command;
    }
}
