using Passerelle.Gateway.Access;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Tests.Apps;

/// <summary>Apps as tests need them.</summary>
internal static class Readied
{
    public const string Secret = "a1B8Q~not-a-real-secret-0123456789abcdef";

    public static AppForm Form(EmailApp draft, string name = "Support", string email = "support@contoso.example") => AppForm.Of(draft) with
    {
        AssetName = name,
        EmailId = email,
        UserName = email,
        DirectoryId = "0d6f2f0e-6a52-4f0e-9a52-1f1d3a4b5c6d",
        ClientId = "5b1c1a52-52a7-4a5e-8c52-0a1b2c3d4e5f",
        ClientSecret = Secret,
        SecretExpiryUnknown = true,
    };

    public static async Task<EmailApp> SavedAsync(TempStore temp, Guid organisation, string name = "Support", string email = "support@contoso.example")
    {
        var draft = await temp.Apps.OpenDraftAsync(organisation, TempStore.Cancel);
        var form = Form(draft, name, email) with { WarningsRead = true };
        return Assert.IsType<SaveOutcome.Saved>(await temp.Apps.SaveAsync(organisation, draft.Id, draft.Version, form, TempStore.Cancel)).App;
    }

    public static async Task<EmailApp> ConnectedAsync(TempStore temp, Guid organisation, string name = "Support", string email = "support@contoso.example")
    {
        var app = await SavedAsync(temp, organisation, name, email);
        await temp.DoAsync(tx => AppStates.Connect(tx, organisation, app.Id, "", temp.Time.GetUtcNow()));
        return await temp.AppAsync(organisation, app.Id);
    }

    public static Task DoAsync(this TempStore temp, Action<Tx> write) => temp.Store.WriteAsync(
        Lane.Work,
        tx =>
        {
            write(tx);
            return true;
        },
        TempStore.Cancel);

    public static async Task<EmailApp> AppAsync(this TempStore temp, Guid organisation, Guid id) =>
        await temp.Apps.FindAsync(organisation, id, TempStore.Cancel) ?? throw new InvalidOperationException("There is no such app");

    public static Retirements Retirements(this TempStore temp) => new(temp.Store, Audit.Record, temp.Time);

    public static ForwardingAddresses Addresses(this TempStore temp) => new(temp.Store, temp.Installations, temp.Time);

    public static AppDocuments Documents(this TempStore temp) => new(temp.Store, temp.Apps, temp.Preset);

    public static Task<List<AuditEntry>> AuditAsync(this TempStore temp, Guid organisation) =>
        new AuditEntries(temp.Store).ListAsync(organisation, new AuditFilter(), 100, TempStore.Cancel);
}
