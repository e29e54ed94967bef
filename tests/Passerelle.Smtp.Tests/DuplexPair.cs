using System.IO.Pipelines;

namespace Passerelle.Smtp.Tests;

/// <summary>A connection in memory: what one end writes, the other reads.</summary>
internal sealed class DuplexPair
{
    public DuplexPair()
    {
        // inline scheduling would run the server inside the client's write; the pool is closer to a socket
        var options = new PipeOptions(pauseWriterThreshold: 256 * 1024, resumeWriterThreshold: 128 * 1024);
        var toServer = new Pipe(options);
        var toClient = new Pipe(options);
        Server = new End(toServer.Reader, toClient.Writer);
        Client = new End(toClient.Reader, toServer.Writer);
    }

    public End Server { get; }
    public End Client { get; }

    internal sealed class End(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input { get; } = input;
        public PipeWriter Output { get; } = output;

        public async Task CloseAsync()
        {
            await Input.CompleteAsync();
            await Output.CompleteAsync();
        }
    }
}
