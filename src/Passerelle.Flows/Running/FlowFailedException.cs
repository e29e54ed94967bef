namespace Passerelle.Flows.Running;

/// <summary>A step cannot be done. Never leaves the engine: the run fails with this sentence.</summary>
internal sealed class FlowFailedException(string sentence) : Exception(sentence);
