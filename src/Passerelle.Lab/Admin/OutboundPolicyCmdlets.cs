using System.Text.Json.Nodes;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Admin;

/// <summary>The anti-spam outbound policies and who they are for (step F3 of facts §7.1).</summary>
internal static class OutboundPolicyCmdlets
{
    private static readonly string[] RuleParameters =
        ["Identity", "Name", "HostedOutboundSpamFilterPolicy", "From", "SenderDomainIs", "FromMemberOf", "Priority", "Enabled", "Comments"];

    private static readonly string[] Limits =
        ["RecipientLimitExternalPerHour", "RecipientLimitInternalPerHour", "RecipientLimitPerDay", "ActionWhenThresholdReached"];

    public static readonly Cmdlet[] All =
    [
        new("Get-HostedOutboundSpamFilterPolicy", CmdletNeed.Read, ["Identity"], call => call.Given.Has("Identity")
            ? [Show(Policy(call, "Identity"))]
            : call.Directory.MailFlow.OutboundPolicies.Select(Show)),
        new("New-HostedOutboundSpamFilterPolicy", CmdletNeed.Organisation, ["Name", "AutoForwardingMode", "AdminDisplayName", .. Limits], call =>
        {
            var policy = Limited(call, new OutboundPolicy(call.Given.Required("Name"), call.Given.Choice<AutoForwarding>("AutoForwardingMode") ?? AutoForwarding.Automatic));
            if (call.Directory.MailFlow.OutboundPolicies.Any(p => p.Is(policy.Name))) throw CmdletFault.Exists(policy.Name);
            call.ChangeFlow(flow => flow.With(policy));
            return [Show(policy)];
        }),
        new("Set-HostedOutboundSpamFilterPolicy", CmdletNeed.Organisation, ["Identity", "AutoForwardingMode", "AdminDisplayName", .. Limits], call =>
        {
            var policy = Policy(call, "Identity");
            var mode = call.Given.Choice<AutoForwarding>("AutoForwardingMode") ?? policy.AutoForwardingMode;
            var next = Limited(call, policy with { AutoForwardingMode = mode });
            call.ChangeFlow(flow => flow.With(next));
            return CmdletCall.Nothing;
        }),
        new("Remove-HostedOutboundSpamFilterPolicy", CmdletNeed.Organisation, ["Identity"], call =>
        {
            var policy = Policy(call, "Identity");
            if (policy.Is(MailFlow.Default)) throw CmdletFault.Bad("The default HostedOutboundSpamFilterPolicy can't be removed.");
            if (call.Directory.MailFlow.OutboundRules.Any(r => policy.Is(r.Policy)))
                throw CmdletFault.Bad($"The policy '{policy.Name}' is used by a rule and can't be removed.");
            call.ChangeFlow(flow => flow with { OutboundPolicies = flow.OutboundPolicies.RemoveAll(p => p.Is(policy.Name)) });
            return CmdletCall.Nothing;
        }),
        new("Get-HostedOutboundSpamFilterRule", CmdletNeed.Read, ["Identity", "State"], call => call.Given.Has("Identity")
            ? [Show(Rule(call))]
            : call.Directory.MailFlow.OutboundRules.OrderBy(r => r.Priority).Select(Show)),
        new("New-HostedOutboundSpamFilterRule", CmdletNeed.Organisation, RuleParameters, NewRule),
        new("Set-HostedOutboundSpamFilterRule", CmdletNeed.Organisation, RuleParameters, call =>
        {
            var rule = Rule(call);
            var policy = call.Given.Has("HostedOutboundSpamFilterPolicy") ? Policy(call, "HostedOutboundSpamFilterPolicy").Name : rule.Policy;
            call.ChangeFlow(flow => flow.With(rule with
            {
                Policy = policy,
                From = call.Given.List("From", rule.From),
                SenderDomains = call.Given.List("SenderDomainIs", rule.SenderDomains),
                Priority = call.Given.Number("Priority") ?? rule.Priority,
            }));
            return CmdletCall.Nothing;
        }),
        Switch("Enable-HostedOutboundSpamFilterRule", true),
        Switch("Disable-HostedOutboundSpamFilterRule", false),
        new("Remove-HostedOutboundSpamFilterRule", CmdletNeed.Organisation, ["Identity"], call =>
        {
            var rule = Rule(call);
            call.ChangeFlow(flow => flow with { OutboundRules = flow.OutboundRules.RemoveAll(r => r.Name == rule.Name) });
            return CmdletCall.Nothing;
        }),
    ];

    private static Cmdlet Switch(string name, bool enabled) => new(name, CmdletNeed.Organisation, ["Identity"], call =>
    {
        var rule = Rule(call);
        call.ChangeFlow(flow => flow.With(rule with { Enabled = enabled }));
        return CmdletCall.Nothing;
    });

    private static IEnumerable<JsonObject> NewRule(CmdletCall call)
    {
        var name = call.Given.Required("Name");
        var rules = call.Directory.MailFlow.OutboundRules;
        if (rules.Any(r => r.Name.Equals(name, StringComparison.OrdinalIgnoreCase))) throw CmdletFault.Exists(name);
        var rule = new OutboundRule(name, Policy(call, "HostedOutboundSpamFilterPolicy").Name,
            call.Given.List("From"), call.Given.List("SenderDomainIs"), call.Given.Number("Priority") ?? rules.Length)
        {
            Enabled = call.Given.Flag("Enabled") ?? true,
        };
        if (rule.From.IsEmpty && rule.SenderDomains.IsEmpty) throw CmdletFault.Bad("You must specify at least one condition for the rule.");
        call.ChangeFlow(flow => flow.With(rule));
        return [Show(rule)];
    }

    private static OutboundPolicy Policy(CmdletCall call, string parameter)
    {
        var named = call.Given.Required(parameter);
        return call.Directory.MailFlow.OutboundPolicies.FirstOrDefault(p => p.Is(named)) ?? throw CmdletFault.NotFound(named, call.Directory);
    }

    private static OutboundRule Rule(CmdletCall call)
    {
        var named = call.Given.Required("Identity");
        return call.Directory.MailFlow.OutboundRules.FirstOrDefault(r => r.Name.Equals(named, StringComparison.OrdinalIgnoreCase))
            ?? throw CmdletFault.NotFound(named, call.Directory);
    }

    /// <summary>0 to 10,000; 0 is the service's own (facts §5.8).</summary>
    private static OutboundPolicy Limited(CmdletCall call, OutboundPolicy policy) => policy with
    {
        ExternalPerHour = Limit(call, "RecipientLimitExternalPerHour", policy.ExternalPerHour),
        InternalPerHour = Limit(call, "RecipientLimitInternalPerHour", policy.InternalPerHour),
        PerDay = Limit(call, "RecipientLimitPerDay", policy.PerDay),
        RestrictsSender = call.Given.Text("ActionWhenThresholdReached") is { } action
            ? !action.Equals("Alert", StringComparison.OrdinalIgnoreCase) : policy.RestrictsSender,
    };

    private static int Limit(CmdletCall call, string name, int current) => call.Given.Number(name) switch
    {
        null => current,
        >= 0 and <= 10_000 and var limit => limit,
        _ => throw CmdletFault.Bad($"{name} is 0 to 10000."),
    };

    private static JsonObject Show(OutboundPolicy policy) => new()
    {
        ["Identity"] = policy.Name,
        ["Id"] = policy.Name,
        ["Name"] = policy.Name,
        ["IsDefault"] = policy.Is(MailFlow.Default),
        ["AutoForwardingMode"] = policy.AutoForwardingMode.ToString(),
        ["RecipientLimitExternalPerHour"] = policy.ExternalPerHour,
        ["RecipientLimitInternalPerHour"] = policy.InternalPerHour,
        ["RecipientLimitPerDay"] = policy.PerDay,
        ["ActionWhenThresholdReached"] = policy.RestrictsSender ? "BlockUserForToday" : "Alert",
    };

    private static JsonObject Show(OutboundRule rule) => new()
    {
        ["Identity"] = rule.Name,
        ["Name"] = rule.Name,
        ["HostedOutboundSpamFilterPolicy"] = rule.Policy,
        ["From"] = Shown.ListOrNull(rule.From),
        ["SenderDomainIs"] = Shown.ListOrNull(rule.SenderDomains),
        ["Priority"] = rule.Priority,
        ["State"] = rule.Enabled ? "Enabled" : "Disabled",
    };
}
