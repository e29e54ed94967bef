namespace Passerelle.Dev.Bench.Receive;

/// <summary>A mail server under load: it answers 250 once the mail is on the disk, and delivers nothing on.</summary>
internal interface IReceiver : IAsyncDisposable
{
    string Name { get; }

    /// <summary>On 127.0.0.1.</summary>
    int Port { get; }

    /// <summary>Whom it takes mail for.</summary>
    string Recipient { get; }

    /// <summary>Every process that works for it is below one of these.</summary>
    IReadOnlyList<int> Roots { get; }

    /// <summary>Takes away what earlier runs left, so that no folder grows from run to run.</summary>
    void Clear();
}
