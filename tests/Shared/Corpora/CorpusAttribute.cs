using Xunit.v3;

namespace Passerelle.Tests;

/// <summary>A test that counts a corpus with a <see cref="Tally"/>. <c>./dev corpora</c> runs these.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CorpusAttribute : Attribute, ITraitAttribute
{
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("Corpus", "counted")];
}
