using Passerelle.Lab.Testing;

namespace Passerelle.Lab.Tests.Control;

public sealed class ManyLabsTests
{
    private const int Labs = 200;
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_hundred_labs_live_in_one_process_and_each_answers_for_itself()
    {
        await using LabFixture host = await LabFixture.StartAsync(Cancel);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var labs = new List<Contoso>();
        for (var i = 0; i < Labs; i++) labs.Add(await host.ContosoAsync($"many{i}", LabUnderTest.Callback, Cancel));
        foreach (Contoso lab in labs)
        {
            Assert.Equal(200, await TokenAsync(host, lab.DirectoryId, lab));
            Assert.Equal(400, await TokenAsync(host, labs[0].DirectoryId, lab with { ClientId = Guid.CreateVersion7(DateTimeOffset.UnixEpoch) }));
        }

        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Labs;
        Assert.True(each < 3 * 1024 * 1024, $"{each} bytes for each lab");
    }

    private static async Task<int> TokenAsync(LabFixture host, Guid directory, Contoso lab)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = lab.ClientId.ToString(),
            ["client_secret"] = lab.ClientSecret,
            ["scope"] = "https://outlook.office365.com/.default",
        });
        using HttpResponseMessage answer = await host.Http.PostAsync(host.Endpoints.TokenEndpoint(directory), form, Cancel);
        return (int)answer.StatusCode;
    }
}
