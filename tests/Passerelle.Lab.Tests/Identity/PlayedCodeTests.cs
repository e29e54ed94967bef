using Passerelle.Lab.Testing;

namespace Passerelle.Lab.Tests.Identity;

/// <summary>Codes that no state of the lab causes: the fault book plays them, with the values of facts §2.</summary>
public sealed class PlayedCodeTests(LabUnderTest lab)
{
    [Theory]
    [InlineData(90023, 400, "invalid_request")]
    [InlineData(700011, 400, "unauthorized_client")]
    [InlineData(70001, 400, "unauthorized_client")]
    [InlineData(90112, 400, "invalid_request")]
    [InlineData(7000217, 401, "invalid_client")]
    [InlineData(90099, 400, "unauthorized_client")]
    [InlineData(1002016, 400, "invalid_request")]
    [InlineData(700044, 400, "invalid_grant")]
    [InlineData(700042, 400, "invalid_request")]
    [InlineData(500117, 400, "invalid_request")]
    [InlineData(50029, 400, "invalid_request")]
    [InlineData(700052, 400, "invalid_request")]
    [InlineData(50147, 400, "invalid_request")]
    [InlineData(50199, 400, "interaction_required")]
    [InlineData(16000, 400, "interaction_required")]
    [InlineData(9002319, 400, "invalid_request")]
    [InlineData(70002, 401, "invalid_client")]
    [InlineData(50012, 401, "invalid_client")]
    [InlineData(700028, 401, "invalid_client")]
    [InlineData(7000213, 401, "invalid_client")]
    [InlineData(90014, 400, "invalid_request")]
    [InlineData(70000, 400, "invalid_grant")]
    [InlineData(54006, 400, "invalid_request")]
    [InlineData(50196, 429, "temporarily_unavailable")]
    [InlineData(90033, 503, "temporarily_unavailable")]
    [InlineData(65005, 400, "invalid_client")]
    [InlineData(50001, 400, "invalid_resource")]
    [InlineData(650011, 400, "invalid_grant")]
    [InlineData(50140, 400, "interaction_required")]
    [InlineData(530031, 400, "invalid_grant")]
    [InlineData(530032, 400, "invalid_grant")]
    [InlineData(53004, 400, "invalid_grant")]
    [InlineData(530034, 400, "invalid_grant")]
    [InlineData(54008, 400, "invalid_grant")]
    [InlineData(90090, 503, "server_error")]
    [Shows("2.1:90023", "2.1:700011", "2.1:70001", "2.1:90112", "2.1:7000217", "2.1:90099", "2.1:1002016", "2.2:700044-700045", "2.2:700042-70004",
        "2.2:500111-500115-500116-500117", "2.2:50029", "2.2:700052", "2.2:50147-501491", "2.2:50199", "2.2:16000-16003-51004", "2.3:9002319",
        "2.3:70002", "2.3:50012", "2.3:700028-700030", "2.3:7000213-7000214", "2.4:90014", "2.4:70000", "2.4:54006", "2.4:50196",
        "2.4:90055-90024-90033-90090-90006-50033-50087", "2.5:65005", "2.5:50001", "2.5:650011-65002-65007", "2.6:50140", "2.6:530031",
        "2.6:530032", "2.6:53004-53010-53011", "2.6:530034", "2.6:54008", "2.6:90090-90093", "1.5:Until-about-2023-the-description-separated")]
    public async Task A_code_that_only_Microsoft_can_cause_is_played_as_the_facts_have_it(int code, int status, string error)
    {
        Contoso contoso = await lab.NewLabAsync();
        var faults = new LabFaults(lab.Fixture.Control, contoso.Lab);
        await faults.ArmAsync(new LabFault("token") { Code = "AADSTS" + code }, TestContext.Current.CancellationToken);
        (await lab.AppTokenAsync(contoso)).IsRefused(status, code, error);
        Assert.Equal(200, (await lab.AppTokenAsync(contoso)).Status);
    }
}
