using Passerelle.Gateway.Queue;

namespace Passerelle.Gateway.Routing;

internal static class Effects
{
    /// <summary>After a run's turn has committed: whoever executes its rows may look now.</summary>
    public static void RaiseEffects(this Signals signals)
    {
        signals.Letters.Raise();
        signals.HttpCalls.Raise();
        signals.Messages.Raise(); // the next message of the conversation may go
    }
}
