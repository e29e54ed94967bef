using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Reading;
using Passerelle.Gateway.Routing;
using Passerelle.Gateway.Tests.Reading;

namespace Passerelle.Gateway.Tests.Routing;

public sealed class OrderTests
{
    /// <summary>Answers by a mail to a colleague, so that every message writes a letter whatever the conversation has had.</summary>
    private const string Notifying = """
        { "version": 1, "name": "Notify", "steps": [
          { "id": "tell", "kind": "send", "to": "{{ message.text | strip | append: '@adatum.example' }}", "subject": "{{ message.subject }}", "text": "News" } ] }
        """;

    [Fact]
    public async Task Under_parallel_load_letters_of_a_conversation_keep_the_order_of_its_messages()
    {
        const int Conversations = 8;
        const int Each = 6;
        await using var bench = await RoutingBench.OpenAsync(Notifying);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TempStore.Cancel);
        using var background = new BackgroundThreads();
        using var reading = new ReadingWorker(
            bench.Inbound.Reader, bench.Inbound.Signals, new Rush(TimeProvider.System), background, Options.Create(new ReadingOptions()), TimeProvider.System,
            NullLogger<ReadingWorker>.Instance);
        using var routing = new RoutingWorker(
            bench.Router, bench.Inbound.Signals, Options.Create(new RoutingOptions()), TimeProvider.System, NullLogger<RoutingWorker>.Instance);
        await reading.StartAsync(stop.Token);
        await routing.StartAsync(stop.Token);

        using var views = bench.Inbound.Signals.Views.Listen();
        for (var turn = 0; turn < Each; turn++)
        {
            for (var conversation = 0; conversation < Conversations; conversation++)
            {
                await bench.Inbound.ReceiveAsync(Written.Mail(
                    id: $"m{turn}c{conversation}@fabrikam.example", subject: $"{turn}", text: $"c{conversation}t{turn}",
                    headers: $"References: <m0c{conversation}@fabrikam.example>"));
                bench.Inbound.Signals.Receipts.Raise();
            }
        }
        while ((await bench.LettersAsync()).Count < Conversations * Each) await views.WaitAsync(TimeSpan.FromSeconds(1), TimeProvider.System, TempStore.Cancel);
        await routing.StopAsync(TempStore.Cancel);
        await reading.StopAsync(TempStore.Cancel);

        foreach (var conversation in (await bench.LettersAsync()).GroupBy(letter => letter.ConversationId))
        {
            Assert.Equal(Enumerable.Range(0, Each).Select(turn => $"{turn}"), conversation.Select(letter => letter.Subject));
        }
    }
}
