using Xunit.v3;

namespace Passerelle.Tests;

/// <summary>The facts that a test shows, by their ids in <c>facts/index.json</c>: the test fails when the behaviour is
/// broken. <c>./dev lab-conformance</c> reads them from the reports of a run, so only a test that passed counts.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class, AllowMultiple = true)]
internal sealed class ShowsAttribute(params string[] ids) : Attribute, ITraitAttribute
{
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() =>
        [.. ids.Select(id => new KeyValuePair<string, string>("Shows", id))];
}
