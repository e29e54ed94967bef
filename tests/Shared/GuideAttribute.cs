using Xunit.v3;

namespace Passerelle.Tests;

/// <summary>The steps and fields of the guide that a test shows, by their ids in <c>seed/rows.json</c>. <c>./dev guide</c> reads them
/// from the reports of a run, so only a test that passed counts.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class GuideAttribute(params string[] ids) : Attribute, ITraitAttribute
{
    public const string Trait = "Guide";

    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() =>
        [.. ids.Select(id => new KeyValuePair<string, string>(Trait, id))];
}
