using Passerelle.Lab.Identity.Catalogue;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Identity;

/// <summary>Whether a resource can be asked for in this directory at all.</summary>
internal static class ResourceRules
{
    /// <param name="appOnly">A program alone is told that the resource is not there; a person, that it is not subscribed.</param>
    public static StsError? Fault(LabDirectory directory, AppRegistration app, Guid resource, string audience, bool appOnly) =>
        directory.StandingOf(resource) switch
        {
            Standing.Disabled => StsCatalogue.Say(7000117, resource.ToString(), Resources.NameOf(resource), directory.Id.ToString()),
            Standing.Lapsed => StsErrors.ResourceDisabled(resource),
            Standing.Absent when appOnly => StsErrors.ResourceNotFound(audience, directory),
            Standing.Absent => StsErrors.ResourceUnsubscribed(resource, directory),
            Standing.Removed => StsCatalogue.Say(650054, app.DisplayName),
            _ => null,
        };
}
