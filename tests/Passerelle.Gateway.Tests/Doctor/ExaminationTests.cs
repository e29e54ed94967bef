using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Doctor;
using Passerelle.Gateway.Hosting;
using Passerelle.Gateway.Outbound;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Tests.Doctor;

/// <summary>The doctor without a world outside: every name is unknown, so nothing is ever asked.</summary>
public sealed class ExaminationTests : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("passerelle-doctor-").FullName;
    private readonly WebApplication _app;

    public ExaminationTests() => _app = GatewayApplication.Build(
        [$"--Store:DataFolder={Path.Combine(_folder, "data")}", "--Http:Port=0", "--Receiving:Endpoints:0=127.0.0.1:0"],
        services => services.Replace(ServiceDescriptor.Singleton<ResolveHost>((_, _) => throw new SocketException((int)SocketError.HostNotFound))));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_empty_draft_is_told_to_be_completed_and_nothing_later_is_blamed()
    {
        var (organisation, draft) = await DraftAsync();
        var findings = await ExamineAsync(organisation, draft.Id);
        Assert.Equal(12, findings.Count);
        Assert.Equal(("directory-id", "G1", Finding.Wrong), (findings[0].Check, findings[0].SetupStep, findings[0].Result));
        Assert.All(findings.Skip(1), later => Assert.Equal((Finding.Unknown, Finding.NotProvableHere), (later.Result, later.Evidence)));
    }

    [Fact]
    public async Task An_authority_that_nobody_knows_is_the_networks_fault_and_the_words_say_so()
    {
        var (organisation, draft) = await DraftAsync();
        await Get<EmailApps>().KeepDraftAsync(organisation, draft.Id, Preset.Fill(AppForm.Of(draft) with { DirectoryId = "contoso.example" }), Cancel);
        var findings = await ExamineAsync(organisation, draft.Id);
        Assert.Equal(("G4", Finding.Wrong), (findings[0].SetupStep, findings[0].Result));
        Assert.Contains("login.microsoftonline.com", findings[0].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_found_is_kept_in_the_guides_order_and_since_when()
    {
        var (organisation, draft) = await DraftAsync();
        var now = await ExamineAsync(organisation, draft.Id);
        Assert.Equal(now, await Get<Examination>().LastAsync(organisation, draft.Id, Cancel));
    }

    [Fact]
    public async Task Another_organisations_app_is_not_examined()
    {
        var (_, draft) = await DraftAsync();
        Assert.Null(await Get<Examination>().ExamineAsync(Guid.CreateVersion7(), draft.Id, Cancel));
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private Preset Preset => Get<Preset>();

    private T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    private async Task<IReadOnlyList<Finding>> ExamineAsync(Guid organisation, Guid app) =>
        await Get<Examination>().ExamineAsync(organisation, app, Cancel) ?? throw new InvalidOperationException("There is such an app");

    private async Task<(Guid Organisation, EmailApp Draft)> DraftAsync()
    {
        var organisation = Guid.CreateVersion7();
        await Get<IStore>().WriteAsync(
            Lane.Work,
            tx =>
            {
                Installations.Write(tx, new Installation("https://mail.contoso.example", "in.contoso.example", "proxy"));
                return true;
            },
            Cancel);
        return (organisation, await Get<EmailApps>().OpenDraftAsync(organisation, Cancel));
    }
}
