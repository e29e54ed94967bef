using System.Text;
using Passerelle.Flows.Running;

namespace Passerelle.Flows.Liquid;

/// <summary>Fails the run before a text eats the memory, not after.</summary>
internal sealed class BoundedWriter(int max) : TextWriter
{
    private readonly StringBuilder _text = new();

    public override Encoding Encoding => Encoding.Unicode;

    public override void Write(char value) => Room(1).Append(value);

    public override void Write(string? value) => Room(value?.Length ?? 0).Append(value);

    public override void Write(char[] buffer, int index, int count) => Room(count).Append(buffer, index, count);

    public override void Write(ReadOnlySpan<char> buffer) => Room(buffer.Length).Append(buffer);

    // The inherited asynchronous forms go through the thread pool; these never wait.
    public override Task WriteAsync(char value) => Done(() => Write(value));

    public override Task WriteAsync(string? value) => Done(() => Write(value));

    public override Task WriteAsync(char[] buffer, int index, int count) => Done(() => Write(buffer, index, count));

    public override Task WriteAsync(ReadOnlyMemory<char> buffer, CancellationToken cancellationToken = default) => Done(() => Write(buffer.Span));

    public override Task FlushAsync() => Task.CompletedTask;

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override string ToString() => _text.ToString();

    private static Task Done(Action write)
    {
        write();
        return Task.CompletedTask;
    }

    private StringBuilder Room(int more) =>
        _text.Length + more <= max ? _text : throw new FlowFailedException($"the text is longer than {max} characters");
}
