using System.Text.Json.Nodes;
using Passerelle.Lab.Testing;

namespace Passerelle.Dev.Faults;

internal static partial class Setups
{
    /// <summary>X1, X5, G3: accounts and who signs in.</summary>
    private static readonly Dictionary<string, SetFault> People = new()
    {
        ["consent-refused"] = async (s, cancel) =>
        {
            await s.Control.RevokeGrantsAsync(s.Directory, s.Contoso.ClientId, cancel);
            await s.AuthoriseAsync(s.Contoso.Support, consent: false, cancel);
        },
        ["user-disabled"] = (s, cancel) => s.Control.SetUserAsync(s.Directory, s.Contoso.Support, enabled: false, cancel),
        ["no-licence"] = (s, cancel) => s.Control.SetLicenceAsync(s.Directory, s.Contoso.Support, enabled: false, cancel),
        ["password-reset"] = (s, cancel) => s.Control.ResetPasswordAsync(s.Directory, s.Contoso.Support, "Another-Horse-8", cancel),
        ["signed-in-admin"] = (s, cancel) => s.AuthoriseAsync(s.Contoso.Administrator, consent: true, cancel),
        ["refresh-expired"] = (s, cancel) => s.Control.AdvanceAsync(s.Contoso.Lab, TimeSpan.FromDays(91), cancel),
        ["send-as-denied"] = async (s, cancel) =>
        {
            await s.Control.SetForwardingAsync(s.Directory, s.Contoso.Sales, s.ForwardingAddress, keepCopy: true, cancel);
            await s.SaveAsync("emailId", s.Contoso.Sales, cancel);
            await s.AuthoriseAsync(s.Contoso.Support, consent: true, cancel);
            await s.CustomerWritesAsync(s.Contoso.Sales, "554", cancel);
        },
    };

    /// <summary>X2 to X6, F1 to F6: Exchange, its policies, and the way of a mail.</summary>
    private static readonly Dictionary<string, SetFault> MailSide = new()
    {
        ["mailbox-smtp-auth-off"] = (s, cancel) => s.Control.SetMailboxSmtpAuthAsync(s.Directory, s.Contoso.Support, enabled: false, cancel),
        ["org-smtp-auth-off"] = async (s, cancel) =>
        {
            await s.Control.SetOrganisationSmtpAuthAsync(s.Directory, enabled: false, cancel);
            await s.Control.SetMailboxSmtpAuthAsync(s.Directory, s.Contoso.Support, enabled: null, cancel);
        },
        ["limit-day"] = async (s, cancel) =>
        {
            await s.Submission.SetLimitsAsync(new { recipientsPerDay = 1 }, cancel);
            await s.CustomerWritesAsync(s.Contoso.Support, "554", cancel);
        },
        ["forward-off"] = (s, cancel) => s.Control.SetForwardingAsync(s.Directory, s.Contoso.Support, null, keepCopy: false, cancel),
        ["forward-wrong"] = (s, cancel) => s.Control.SetForwardingAsync(s.Directory, s.Contoso.Support, Mistyped(s.ForwardingAddress.Split('@')[0]) + "@" + s.Gateway.InboundDomain, keepCopy: true, cancel),
        ["forward-no-copy"] = (s, cancel) => s.Control.SetForwardingAsync(s.Directory, s.Contoso.Support, s.ForwardingAddress, keepCopy: false, cancel),
        ["forward-policy-auto"] = (s, cancel) => s.Control.SetAutoForwardingAsync(s.Directory, "automatic", cancel),
        ["forward-policy-off"] = (s, cancel) => s.Control.SetAutoForwardingAsync(s.Directory, "off", cancel),
        ["remote-domain"] = (s, cancel) => s.ChangeMailFlowAsync(flow => flow["remoteDomains"]![0]!["autoForwardEnabled"] = false, cancel), // every directory has one
        ["rule-drops"] = (s, cancel) => s.ChangeMailFlowAsync(
            flow => flow["transportRules"]!.AsArray().Add(new JsonObject
            {
                ["id"] = Guid.CreateVersion7(),
                ["name"] = "No automatic forwarding",
                ["onAutoForward"] = true,
                ["rejectReason"] = "Forwarding is not wanted here.",
            }),
            cancel),
        ["mx-missing"] = (s, cancel) => s.Faults.ArmAsync(new LabFault("dns") { Code = "NOMX", Domain = s.Gateway.InboundDomain, Times = null }, cancel),
        ["mx-elsewhere"] = (s, cancel) => s.Faults.ArmAsync(
            new LabFault("dns") { Reply = "MX 10 mx.elsewhere.example", Domain = s.Gateway.InboundDomain, Times = null }, cancel),
        ["port-closed"] = (s, cancel) => s.Gateway.RestartAsync(["--Receiving:Endpoints:0=127.0.0.1:0"], null, cancel),
    };
}
