using Passerelle.Gateway.Apps;

namespace Passerelle.Gateway.Setup;

/// <summary>The guide's steps 2 and 3 for one app, in the guide's order, each with what the last examination saw of it.</summary>
internal static class MicrosoftSide
{
    /// <param name="findings">Of the last examination; empty when there was none.</param>
    public static IReadOnlyList<SideStep> Of(EmailApp app, string callbackUrl, IReadOnlyList<Finding> findings) =>
        [.. Guide(app, callbackUrl).Select(step => Seen(step, findings))];

    private static IEnumerable<Step> Guide(EmailApp app, string callbackUrl)
    {
        if (app.Authentication == AppForm.OAuth2)
        {
            yield return new("register", "E1", ["client-id"]) { Values = [new("name", $"Passerelle {app.AssetName}".TrimEnd())] };
            if (app.Way == Ways.Code) yield return new("redirect", "E2", ["redirect-uri"]) { Blames = ["E3"], Values = [new("callback", callbackUrl)] };
            if (app.Way == Ways.DeviceCode) yield return new("public-client", "E3", ["permission-and-consent"]);
            yield return new("access-tokens", "E3") { NotNeeded = true };
            if (app.Proof != Proofs.None) yield return new("credential", "E4", ["client-secret"]) { Blames = ["E4b"] };
            if (app.Transport != Transports.Smtp)
            {
                yield return app.IsAppOnly
                    ? new("permission-graph-app", "E5", ["permission-and-consent"]) { Values = [new("permission", Transports.MailSend)] }
                    : new("permission-graph", "E5", ["permission-and-consent"]) { Values = [new("permission", Transports.GraphPermission(app.SignsInAs))] };
            }
            if (app.Transport != Transports.Graph) yield return app.IsAppOnly
                ? new("permission-app", "E5", ["permission-and-consent"]) { Values = [new("permission", "SMTP.SendAsApp")] }
                : new("permission", "E5", ["permission-and-consent"]) { Values = [new("permission", "SMTP.Send")] };
            yield return new("mail-send", "E5") { Blames = [], NotNeeded = true };
            yield return new("consent", "E6", ["permission-and-consent"]) { Blames = ["E7"] };
            yield return new("ids", "E8", ["directory-id", "client-id"])
            {
                Values = [new("client-id", app.ClientId), new("directory-id", app.DirectoryId)],
            };
            if (!app.IsAppOnly) yield return new("sign-in", "E10", ["permission-and-consent"]) { Blames = ["E9"] };
        }
        yield return new("mailbox", "X1", ["sign-in-accepted"]) { Values = [new("mailbox", app.EmailId)] };
        if (app is { IsAppOnly: true, Transport: not Transports.Graph }) yield return new("service-principal", "X4", ["sign-in-accepted"]) { Values = [new("client-id", app.ClientId)] };
        if (app.SignsInAs.Length > 0) yield return new("send-as", "X5", ["sign-in-accepted"]) { Values = [new("delegate", app.SignsInAs)] };
        if (app.Transport != Transports.Graph) yield return new("smtp-auth", "X2", ["sign-in-accepted"]) { Blames = ["X3"] };
        yield return new("forwarding", "F1", ["forwarding-seen"]) { Values = [new("forwarding-address", app.ForwardingAddress)] };
        yield return new("keep-copy", "F2", ["copy-kept"]) { IsOptional = true };
        yield return new("outbound-policy", "F3", ["forwarding-seen"]) { Blames = ["F4", "F5"] };
    }

    private static SideStep Seen(Step step, IReadOnlyList<Finding> findings)
    {
        var values = step.Values.Where(value => value.Value.Length > 0).ToList();
        if (findings.FirstOrDefault(step.IsExcess) is { } excess) return new(step.Name, step.SetupStep, values, Sight.Excess, excess);
        if (step.NotNeeded) return new(step.Name, step.SetupStep, values, Sight.NotNeeded, null);
        if (findings.FirstOrDefault(step.IsBlamed) is { } wrong) return new(step.Name, step.SetupStep, values, Sight.Wrong, wrong);
        var proofs = findings.Where(finding => step.ProvedBy.Contains(finding.Check)).ToList();
        return step.ProvedBy.Length > 0 && proofs.Count == step.ProvedBy.Length && proofs.TrueForAll(IsProof)
            ? new(step.Name, step.SetupStep, values, Sight.Done, proofs[^1])
            : new(step.Name, step.SetupStep, values, Sight.Unseen, null);
    }

    private static bool IsProof(Finding finding) =>
        finding.Result == Finding.Right && finding.Evidence != Finding.NotProvableHere;

    /// <param name="ProvedBy">Checks that are right only where this step was done; none: nothing here can see it.</param>
    private sealed record Step(string Name, string SetupStep, params string[] ProvedBy)
    {
        /// <summary>Further set-up steps whose mistakes are mended here.</summary>
        public string[] Blames { get; init; } = [];
        public IReadOnlyList<SideValue> Values { get; init; } = [];

        /// <summary>The guide asks for it; nothing here uses it.</summary>
        public bool NotNeeded { get; init; }

        public bool IsBlamed(Finding finding) =>
            finding.Result == Finding.Wrong && (finding.SetupStep == SetupStep || Blames.Contains(finding.SetupStep));

        /// <summary>The guide leaves it to the admin; the other choice is advised against.</summary>
        public bool IsOptional { get; init; }

        public bool IsExcess(Finding finding) => (NotNeeded || IsOptional) && finding.Result == Finding.Excess && finding.SetupStep == SetupStep;
    }
}
