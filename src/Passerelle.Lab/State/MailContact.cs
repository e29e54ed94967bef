namespace Passerelle.Lab.State;

/// <summary>A recipient of the directory whose mail lies elsewhere: what ForwardingAddress can name for an address outside.</summary>
/// <param name="Address">Its address in the directory.</param>
internal sealed record MailContact(string Name, string Address, string ExternalAddress);
