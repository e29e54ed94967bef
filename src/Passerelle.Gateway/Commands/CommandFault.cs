namespace Passerelle.Gateway.Commands;

/// <summary>A command cannot do what was asked; the message is one sentence for whoever typed it.</summary>
internal sealed class CommandFault(string message) : Exception(message);
