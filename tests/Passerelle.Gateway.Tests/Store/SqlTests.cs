using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Tests.Store;

/// <summary>Reads every text of the gateway's assembly: a statement on an owned table names the organisation or says why not.</summary>
public sealed class SqlTests
{
    [Fact]
    public void Every_statement_on_an_owned_table_names_the_organisation_or_says_why_not()
    {
        var suspects = Texts().Where(OwnedTables.IsUsedUnbound).ToList();
        Assert.True(suspects.Count == 0, string.Join("\n\n", suspects));
    }

    [Theory]
    [InlineData("SELECT id FROM letter WHERE id = @id", true)]
    [InlineData("UPDATE app SET epoch = 1", true)]
    [InlineData("DELETE FROM receipt WHERE id = @id", true)]
    [InlineData("INSERT INTO audit (id) VALUES (@id)", true)]
    [InlineData("SELECT 1 FROM person p JOIN membership m ON m.person_id = p.id", true)]
    [InlineData("SELECT id FROM letter WHERE organisation_id = @organisation", false)]
    [InlineData("-- across: a claim\nSELECT id FROM letter", false)]
    [InlineData("SELECT value FROM installation", false)]
    [InlineData("A letter comes from an app", false)]
    public void A_forgotten_organisation_is_found(string text, bool suspect) => Assert.Equal(suspect, OwnedTables.IsUsedUnbound(text));

    private static IEnumerable<string> Texts()
    {
        using var assembly = new PEReader(File.OpenRead(typeof(IStore).Assembly.Location));
        var metadata = assembly.GetMetadataReader();
        for (var handle = First(); !handle.IsNil; handle = metadata.GetNextHandle(handle))
            yield return metadata.GetUserString(handle);
    }

    private static UserStringHandle First() => MetadataTokens.UserStringHandle(1);
}
