using System.Text.Json.Nodes;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Admin;

/// <summary>Mail flow rules (step F5 of facts §7.1).</summary>
internal static class TransportRuleCmdlets
{
    private static readonly string[] Known =
    [
        "Identity", "Name", "Priority", "Enabled", "MessageTypeMatches", "From", "SentTo", "FromScope", "SentToScope", "SubjectContainsWords",
        "RejectMessageReasonText", "RejectMessageEnhancedStatusCode", "RedirectMessageTo", "BlindCopyTo", "AddToRecipients", "PrependSubject",
        "SetSCL", "DeleteMessage", "Quarantine", "StopRuleProcessing", "Comments", "Mode",
    ];

    public static readonly Cmdlet[] All =
    [
        new("Get-TransportRule", CmdletNeed.Read, ["Identity", "State", "Filter"], call => call.Given.Has("Identity")
            ? [Show(Find(call))]
            : call.Directory.MailFlow.TransportRules.OrderBy(r => r.Priority).Select(Show)),
        new("New-TransportRule", CmdletNeed.Organisation, Known, call =>
        {
            var name = call.Given.Required("Name");
            var rules = call.Directory.MailFlow.TransportRules;
            if (rules.Any(r => r.Name.Equals(name, StringComparison.OrdinalIgnoreCase))) throw CmdletFault.Exists(name);
            var rule = Read(call.Given, new TransportRule { Id = call.Lab.NewId(), Name = name, Priority = rules.Length });
            if (!Acts(rule)) throw CmdletFault.Bad("You must specify at least one action for the rule.");
            call.ChangeFlow(flow => flow.With(rule));
            return [Show(rule)];
        }),
        new("Set-TransportRule", CmdletNeed.Organisation, Known, call =>
        {
            var rule = Read(call.Given, Find(call));
            call.ChangeFlow(flow => flow.With(rule));
            return CmdletCall.Nothing;
        }),
        Switch("Enable-TransportRule", true),
        Switch("Disable-TransportRule", false),
        new("Remove-TransportRule", CmdletNeed.Organisation, ["Identity"], call =>
        {
            var rule = Find(call);
            call.ChangeFlow(flow => flow with { TransportRules = flow.TransportRules.RemoveAll(r => r.Id == rule.Id) });
            return CmdletCall.Nothing;
        }),
    ];

    private static Cmdlet Switch(string name, bool enabled) => new(name, CmdletNeed.Organisation, ["Identity", "Mode"], call =>
    {
        var rule = Find(call);
        call.ChangeFlow(flow => flow.With(rule with { Enabled = enabled }));
        return CmdletCall.Nothing;
    });

    private static TransportRule Read(CmdletParameters given, TransportRule rule)
    {
        var types = given.Text("MessageTypeMatches");
        if (types is not null && !types.Equals("AutoForward", StringComparison.OrdinalIgnoreCase))
            throw CmdletFault.Bad($"The lab knows the message type AutoForward, not '{types}'.");
        return rule with
        {
            Priority = given.Number("Priority") ?? rule.Priority,
            Enabled = given.Flag("Enabled") ?? rule.Enabled,
            OnAutoForward = given.Has("MessageTypeMatches") ? types is not null : rule.OnAutoForward,
            From = given.List("From", rule.From),
            SentTo = given.List("SentTo", rule.SentTo),
            FromScope = given.Has("FromScope") ? given.Choice<RuleScope>("FromScope") : rule.FromScope,
            SentToScope = given.Has("SentToScope") ? given.Choice<RuleScope>("SentToScope") : rule.SentToScope,
            SubjectContainsWords = given.List("SubjectContainsWords", rule.SubjectContainsWords),
            RejectReason = given.Has("RejectMessageReasonText") ? given.Text("RejectMessageReasonText") : rule.RejectReason,
            RejectStatus = given.Text("RejectMessageEnhancedStatusCode") ?? rule.RejectStatus,
            RedirectTo = given.List("RedirectMessageTo", rule.RedirectTo),
            BlindCopyTo = given.List("BlindCopyTo", rule.BlindCopyTo),
            AddRecipients = given.List("AddToRecipients", rule.AddRecipients),
            PrependSubject = given.Has("PrependSubject") ? given.Text("PrependSubject") : rule.PrependSubject,
            SetScl = given.Has("SetSCL") ? given.Number("SetSCL") : rule.SetScl,
            DeleteMessage = given.Flag("DeleteMessage") ?? rule.DeleteMessage,
            Quarantine = given.Flag("Quarantine") ?? rule.Quarantine,
            StopsAfterwards = given.Flag("StopRuleProcessing") ?? rule.StopsAfterwards,
        };
    }

    private static bool Acts(TransportRule rule) => rule.RejectReason is not null || rule.DeleteMessage || rule.Quarantine || rule.SetScl is not null
        || rule.PrependSubject is not null || rule.RedirectTo.Length + rule.BlindCopyTo.Length + rule.AddRecipients.Length > 0;

    private static TransportRule Find(CmdletCall call)
    {
        var named = call.Given.Required("Identity");
        return call.Directory.MailFlow.TransportRules.FirstOrDefault(r =>
                r.Name.Equals(named, StringComparison.OrdinalIgnoreCase) || r.Id.ToString().Equals(named, StringComparison.OrdinalIgnoreCase))
            ?? throw CmdletFault.NotFound(named, call.Directory);
    }

    private static JsonObject Show(TransportRule rule) => new()
    {
        ["Identity"] = rule.Name,
        ["Name"] = rule.Name,
        ["Guid"] = rule.Id.ToString(),
        ["Priority"] = rule.Priority,
        ["State"] = rule.Enabled ? "Enabled" : "Disabled",
        ["Mode"] = "Enforce",
        ["MessageTypeMatches"] = rule.OnAutoForward ? "AutoForward" : null,
        ["From"] = Shown.ListOrNull(rule.From),
        ["SentTo"] = Shown.ListOrNull(rule.SentTo),
        ["FromScope"] = rule.FromScope?.ToString(),
        ["SentToScope"] = rule.SentToScope?.ToString(),
        ["SubjectContainsWords"] = Shown.ListOrNull(rule.SubjectContainsWords),
        ["RejectMessageReasonText"] = rule.RejectReason,
        ["RejectMessageEnhancedStatusCode"] = rule.RejectReason is null ? null : rule.RejectStatus,
        ["RedirectMessageTo"] = Shown.ListOrNull(rule.RedirectTo),
        ["BlindCopyTo"] = Shown.ListOrNull(rule.BlindCopyTo),
        ["AddToRecipients"] = Shown.ListOrNull(rule.AddRecipients),
        ["PrependSubject"] = rule.PrependSubject,
        ["SetSCL"] = rule.SetScl,
        ["DeleteMessage"] = rule.DeleteMessage,
        ["Quarantine"] = rule.Quarantine,
        ["StopRuleProcessing"] = rule.StopsAfterwards,
    };
}
