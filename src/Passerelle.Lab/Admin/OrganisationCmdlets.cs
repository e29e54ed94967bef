using System.Text.Json.Nodes;
using Passerelle.Lab.Exchange;

namespace Passerelle.Lab.Admin;

/// <summary>The organisation itself: its SMTP AUTH switch (step X3 of facts §7.1), its settings and its domains.</summary>
internal static class OrganisationCmdlets
{
    public static readonly Cmdlet[] All =
    [
        new("Get-TransportConfig", CmdletNeed.Read, ["Identity"], call =>
        [
            new JsonObject
            {
                ["Identity"] = "Transport Settings", ["Name"] = "Transport Settings",
                ["SmtpClientAuthenticationDisabled"] = !call.Directory.SmtpAuthEnabled,
                ["AllowLegacyTLSClients"] = call.Directory.Submission.AllowLegacyTls,
                ["MaxRecipientEnvelopeLimit"] = "Unlimited", ["MessageExpiration"] = "1.00:00:00",
            },
        ]),
        new("Set-TransportConfig", CmdletNeed.Organisation, ["Identity", "SmtpClientAuthenticationDisabled", "AllowLegacyTLSClients"], call =>
        {
            var disabled = call.Given.Flag("SmtpClientAuthenticationDisabled");
            if (disabled is { } off) call.Change(d => d.WithSmtpAuth(!off, call.Now));
            if (call.Given.Flag("AllowLegacyTLSClients") is { } legacy) call.Change(d => d with { Submission = d.Submission with { AllowLegacyTls = legacy } });
            return CmdletCall.Nothing;
        }),
        new("Get-OrganizationConfig", CmdletNeed.Read, ["Identity"], call =>
        [
            new JsonObject
            {
                ["Identity"] = InitialDomain.Of(call.Directory), ["Name"] = InitialDomain.Of(call.Directory), ["DisplayName"] = call.Directory.DisplayName,
                ["Guid"] = call.Directory.Id.ToString(), ["ExternalDirectoryOrganizationId"] = call.Directory.Id.ToString(),
                ["OAuth2ClientProfileEnabled"] = true, ["RejectDirectSend"] = call.Directory.MailFlow.RejectDirectSend,
                ["SendFromAliasEnabled"] = call.Directory.Submission.SendFromAlias,
            },
        ]),
        new("Set-OrganizationConfig", CmdletNeed.Organisation, ["Identity", "RejectDirectSend", "SendFromAliasEnabled"], call =>
        {
            if (call.Given.Flag("SendFromAliasEnabled") is { } alias) call.Change(d => d with { Submission = d.Submission with { SendFromAlias = alias } });
            if (call.Given.Flag("RejectDirectSend") is { } reject) call.ChangeFlow(flow => flow with { RejectDirectSend = reject });
            return CmdletCall.Nothing;
        }),
        new("Get-LimitsEnforcementStatus", CmdletNeed.Read, [], call =>
        {
            var limits = call.Directory.SubmissionLimits;
            var threshold = limits.ExternalRecipients(call.Directory.Users.Count(user => user.Mailbox is not null), call.Now - limits.Since);
            var observed = call.Exchange.Ledger.ExternalOf(call.Directory);
            return
            [
                new JsonObject
                {
                    ["Identity"] = "TenantExternalRecipientRate", ["EnforcementEnabled"] = true, ["Threshold"] = threshold,
                    ["ObservedValue"] = observed, ["Verdict"] = observed >= threshold ? "Blocked" : "Allowed",
                },
            ];
        }),
        new("Get-AcceptedDomain", CmdletNeed.Read, ["Identity"], call => call.Directory.Domains
            .Where(domain => call.Given.Text("Identity") is not { } named || domain.Equals(named, StringComparison.OrdinalIgnoreCase))
            .Select(domain => new JsonObject
            {
                ["Identity"] = domain, ["Name"] = domain, ["DomainName"] = domain, ["DomainType"] = "Authoritative",
                ["Default"] = domain == call.Directory.Domains[0], ["InitialDomain"] = domain == InitialDomain.Of(call.Directory),
            })),
    ];
}
