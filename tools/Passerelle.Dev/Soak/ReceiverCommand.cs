using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Receiving;
using Passerelle.Gateway.Store;

namespace Passerelle.Dev.Soak;

/// <summary>Store and receiver of the gateway and nothing else, so that it starts quickly enough to be killed a thousand times.</summary>
internal static class ReceiverCommand
{
    public const string Name = "receiver";

    public static Command Make()
    {
        var data = new Option<string>("--data") { Required = true };
        var port = new Option<int>("--port") { Required = true };
        var postgres = new Option<string?>("--postgres");
        var command = new Command(Name, "Started by ./dev soak recovery --of receiver") { data, port, postgres };
        command.Hidden = true;
        command.SetAction(async (parsed, cancel) =>
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Store:DataFolder"] = parsed.GetValue(data),
                ["Store:Postgres"] = parsed.GetValue(postgres),
                ["Receiving:Endpoints:0"] = $"127.0.0.1:{parsed.GetValue(port)}",
            });
            builder.AddStore();
            builder.Services.AddSingleton<Signals>().AddSingleton<Rush>(); // what receiving has of the queue
            builder.AddReceiving();
            await using var rooms = builder.Build(); // its web server is never started
            await rooms.Services.GetRequiredService<InboundDoor>().StartAsync(cancel);
            await Task.Delay(Timeout.InfiniteTimeSpan, cancel);
        });
        return command;
    }
}
