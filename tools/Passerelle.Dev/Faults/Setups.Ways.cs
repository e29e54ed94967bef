namespace Passerelle.Dev.Faults;

internal static partial class Setups
{
    /// <summary>E3, E4b, E6, X4 of the ways without a secret, or without anybody in this browser.</summary>
    private static readonly Dictionary<string, SetFault> OtherWays = new()
    {
        ["cert-expired"] = async (s, cancel) =>
        {
            await s.ProveByCertificateAsync(upload: true, cancel);
            await s.Control.AdvanceAsync(s.Contoso.Lab, TimeSpan.FromDays(367), cancel); // made for a year
        },
        ["cert-unknown"] = async (s, cancel) => await s.RemoveCertificateAsync(await s.ProveByCertificateAsync(upload: true, cancel), cancel),
        ["cert-not-uploaded"] = (s, cancel) => s.ProveByCertificateAsync(upload: false, cancel),
        ["federation-removed"] = async (s, cancel) =>
        {
            var (issuer, _, trust) = await s.ProveByFederationAsync(cancel);
            issuer.Dispose();
            await s.DistrustAsync(trust, cancel);
        },
        ["federation-subject"] = async (s, cancel) =>
        {
            var (issuer, _, trust) = await s.ProveByFederationAsync(cancel);
            issuer.Dispose();
            await s.DistrustAsync(trust, cancel);
            await s.TrustAsync(FederatedIssuer.Subject.Replace("mail", "Mail", StringComparison.Ordinal), cancel);
        },
        ["assertion-ended"] = async (s, cancel) =>
        {
            var (issuer, file, _) = await s.ProveByFederationAsync(cancel);
            using (issuer) await File.WriteAllTextAsync(file, issuer.Assertion(TimeProvider.System.GetUtcNow().AddHours(-1)), cancel);
        },
        ["assertion-gone"] = async (s, cancel) =>
        {
            var (issuer, file, _) = await s.ProveByFederationAsync(cancel);
            issuer.Dispose();
            File.Delete(file);
        },
        ["public-client-off"] = async (s, cancel) =>
        {
            await s.SaveAsync(new(s.Form) { ["way"] = "device-code", ["proof"] = "none" }, cancel);
            await s.AuthoriseByDeviceAsync(cancel);
        },
        ["device-app-deleted"] = async (s, cancel) =>
        {
            await s.SaveAsync(new(s.Form) { ["way"] = "device-code", ["proof"] = "none" }, cancel);
            await s.Control.SendAsync(HttpMethod.Delete, $"directories/{s.Directory}/apps/{s.Contoso.ClientId}", null, cancel);
        },
        ["consent-not-granted"] = async (s, cancel) =>
        {
            await s.MakeAppOnlyAsync(consented: false, await s.EnterpriseAppAsync(cancel), mailbox: true, cancel);
            await s.ConnectAsync("refused", cancel);
        },
        ["consent-not-granted-untried"] = async (s, cancel) => await s.MakeAppOnlyAsync(consented: false, await s.EnterpriseAppAsync(cancel), mailbox: true, cancel),
        ["app-only-no-sp"] = async (s, cancel) =>
        {
            await s.MakeAppOnlyAsync(consented: true, principal: null, mailbox: true, cancel);
            await s.ConnectAsync("refused", cancel);
        },
        ["app-only-no-sp-untried"] = (s, cancel) => s.MakeAppOnlyAsync(consented: true, principal: null, mailbox: true, cancel),
        ["app-only-wrong-object"] = async (s, cancel) => await s.MakeAppOnlyAsync(consented: true, await s.ObjectIdAsync(cancel), mailbox: true, cancel),
        ["app-only-no-permission"] = async (s, cancel) =>
        {
            await s.MakeAppOnlyAsync(consented: true, await s.EnterpriseAppAsync(cancel), mailbox: false, cancel);
            await s.ConnectAsync("connected", cancel);
            await s.CustomerWritesAsync(s.Contoso.Support, "430", cancel);
        },
        ["app-only-revoked"] = async (s, cancel) =>
        {
            await s.MakeAppOnlyAsync(consented: true, await s.EnterpriseAppAsync(cancel), mailbox: true, cancel);
            await s.ConnectAsync("connected", cancel);
            await s.Control.RevokeGrantsAsync(s.Directory, s.Contoso.ClientId, cancel);
        },
        ["app-only-unconnected"] = async (s, cancel) => await s.MakeAppOnlyAsync(consented: true, await s.EnterpriseAppAsync(cancel), mailbox: true, cancel),
        ["delegate-no-access"] = async (s, cancel) =>
        {
            await s.SaveAsync("signsInAs", s.Contoso.Sales, cancel);
            await s.AuthoriseAsync(s.Contoso.Sales, consent: true, cancel);
        },
    };
}
