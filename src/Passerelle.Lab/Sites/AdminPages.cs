using System.Collections.Immutable;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Sites;

/// <summary>Settings of the whole organisation: consent, mail flow, and the guide's last step in Defender.</summary>
internal static class AdminPages
{
    private static readonly ImmutableArray<(UserConsent Value, Word Text, Word Note)> Settings =
    [
        (UserConsent.Never, SiteWords.ConsentNever, SiteWords.ConsentNeverNote),
        (UserConsent.LowImpact, SiteWords.ConsentLow, SiteWords.ConsentLowNote),
        (UserConsent.Always, SiteWords.ConsentAlways, SiteWords.ConsentAlwaysNote),
        (UserConsent.MicrosoftManaged, SiteWords.ConsentManaged, SiteWords.ConsentManagedNote),
    ];

    private static readonly ImmutableArray<(AutoForwarding Value, Word Text)> ForwardingModes =
    [
        (AutoForwarding.Automatic, SiteWords.ForwardingAutomatic),
        (AutoForwarding.On, SiteWords.ForwardingOn),
        (AutoForwarding.Off, SiteWords.ForwardingOff),
    ];

    /// <summary>The guide's last step (facts §6.2, §8.19).</summary>
    public static IResult Outbound(DirectoryPlace place, HttpContext call, Speech t) => new Page(t[SiteWords.OutboundPolicy], field => Html.Of($"""
        {SiteForms.Done(call, t)}{Pending.MailFlow(place, t)}
        <section><h2>{t[AdminWords.DefaultPolicy]}</h2><form method="post" id="outbound" data-unsaved>{field}
        <label for="mode">{t[SiteWords.ForwardingRules]}</label>
        <select id="mode" name="mode" aria-describedby="mode-note">{Modes(place.Directory.AutoForwarding, t)}</select>
        <p class="quiet" id="mode-note">{t[SiteWords.OutboundNote]}</p>
        <p class="left-out">{t[AdminWords.Limits]} <small>({t[AdminWords.LimitsLeft]})</small></p>
        <button class="primary">{t[CommonWords.Save]}</button> {SiteForms.Unsaved(t)}</form></section>
        <section><h2>{t[AdminWords.CustomPolicies]}</h2><p class="quiet">{t[AdminWords.CustomNote]}</p>
        {Table.Of([t[SiteWords.Name], t[AdminWords.Senders], t[SiteWords.ForwardingRules]], place.Directory.MailFlow.OutboundRules.Select(r => new[]
        {
            Table.Text(r.Name), Table.Text(string.Join(", ", r.From)),
            Table.Text(t[ForwardingModes.First(m => m.Value == (place.Directory.MailFlow.OutboundPolicies.FirstOrDefault(p => p.Is(r.Policy))?.AutoForwardingMode ?? AutoForwarding.Automatic)).Text]),
        }), t[AdminWords.NoneYet])}
        <form method="post" id="custom" action="/security/{place.Directory.Id}/outbound/custom">{field}
        <label for="policy">{t[SiteWords.Name]}</label><input id="policy" name="policy" type="text" maxlength="64" required>
        <label for="from">{t[AdminWords.Senders]}</label><input id="from" name="from" type="email" required>
        <label for="custom-mode">{t[SiteWords.ForwardingRules]}</label><select id="custom-mode" name="mode">{Modes(AutoForwarding.On, t)}</select>
        <button class="primary">{t[CommonWords.Add]}</button></form></section>
        """))
    { Place = place, Path = [(place.Directory.DisplayName, "/")] };

    public static IResult ConsentSetting(DirectoryPlace place, HttpContext call, Speech t) => new Page(t[SiteWords.ConsentAndPermissions], field => Html.Of($"""
        {SiteForms.Done(call, t)}
        <p class="quiet">{t[SiteWords.UserConsentNote]}</p>
        <form method="post" id="setting" data-unsaved>{field}<fieldset><legend>{t[SiteWords.UserConsent]}</legend>
        {Html.Each(Settings, s => Html.Of($"""<label class="tick"><input type="radio" name="setting" value="{s.Value}" {SiteForms.Checked(place.Directory.UserConsent == s.Value)}> <span>{t[s.Text]}<small>{t[s.Note]}</small><small class="{(UsersMaySend(place.Directory, s.Value) ? "good" : "warn")}">{t[UsersMaySend(place.Directory, s.Value) ? SiteWords.UsersMaySend : SiteWords.AdminForSend]}</small></span></label>"""))}
        </fieldset><button class="primary">{t[CommonWords.Save]}</button><a class="button" href="/identity/{place.Directory.Id}/classifications">{t[EnterpriseWords.Classifications]}</a> {SiteForms.Unsaved(t)}</form>
        """))
    { Place = place, Path = [(place.Directory.DisplayName, "/")] };

    /// <summary>Settings › Mail flow of the Exchange admin center (facts §8.20).</summary>
    public static IResult MailFlowSettings(DirectoryPlace place, HttpContext call, Speech t) => new Page(t[AdminWords.MailFlow], field => Html.Of($"""
        {SiteForms.Done(call, t)}{Pending.SmtpAuth(place, t)}
        <form method="post" id="mail-flow" data-unsaved>{field}
        <label class="tick"><input type="checkbox" name="smtp-off" {SiteForms.Checked(!place.Directory.SmtpAuthEnabled)}> {t[AdminWords.TurnOffSmtp]}</label>
        <p class="quiet">{t[AdminWords.TurnOffNote]}</p>
        <p class="left-out">{t[AdminWords.LegacyTls]} <small>({t[AdminWords.LegacyTlsLeft]})</small></p>
        <button class="primary">{t[CommonWords.Save]}</button> {SiteForms.Unsaved(t)}</form>
        """))
    { Place = place, Path = [(place.Directory.DisplayName, "/")] };

    public static IResult RemoteDomains(DirectoryPlace place, HttpContext call, Speech t) => new Page(t[AdminWords.RemoteDomains], field => Html.Of($"""
        {SiteForms.Done(call, t)}{Pending.MailFlow(place, t)}
        <p class="quiet">{t[AdminWords.RemoteNote]}</p>
        {Table.Of([t[SiteWords.Name], t[AdminWords.Domain], t[AdminWords.AutoForward]],
            place.Directory.MailFlow.RemoteDomains.Select(r => new[] { Table.Text(r.Name), Table.Code(r.DomainName), Table.Text(t[r.AutoForwardEnabled ? SiteWords.On : SiteWords.Off]) }))}
        <section><h2>{t[AdminWords.SetDomain]}</h2><form method="post" id="remote">{field}
        <label for="domain-name">{t[SiteWords.Name]}</label><input id="domain-name" name="name" type="text" maxlength="64" value="{MailFlow.Default}" required>
        <label for="domain">{t[AdminWords.Domain]}</label><input id="domain" name="domain" type="text" maxlength="255" value="*" required>
        <label class="tick"><input type="checkbox" name="forward" checked> {t[AdminWords.AutoForward]}</label>
        <button class="primary">{t[CommonWords.Save]}</button></form></section>
        """))
    { Place = place, Path = [(place.Directory.DisplayName, "/")] };

    public static IResult Rules(DirectoryPlace place, HttpContext call, Speech t) => new Page(t[AdminWords.Rules], field => Html.Of($"""
        {SiteForms.Done(call, t)}{Pending.MailFlow(place, t)}
        {Table.Of([t[SiteWords.Name], t[AdminWords.AutoForwardOnly], t[AdminWords.Reject], t[SiteWords.Action]],
            place.Directory.MailFlow.TransportRules.Select(r => new[]
            {
                Table.Text(r.Name), Table.Text(t[r.OnAutoForward ? CommonWords.Yes : CommonWords.No]), Table.Text(r.RejectReason is null ? "-" : $"{r.RejectStatus} {r.RejectReason}"),
                Html.Of($"""<form method="post" class="inline" action="/admin/{place.Directory.Id}/rules/remove">{field}<input type="hidden" name="rule" value="{r.Id}"><button aria-label="{t[SiteWords.Remove]} {r.Name}">{t[SiteWords.Remove]}</button></form>"""),
            }), t[AdminWords.NoneYet])}
        <section><h2>{t[AdminWords.NewRule]}</h2><form method="post" id="rule">{field}
        <label for="rule-name">{t[SiteWords.Name]}</label><input id="rule-name" name="name" type="text" maxlength="64" required>
        <label class="tick"><input type="checkbox" name="auto-forward" checked> {t[AdminWords.AutoForwardOnly]}</label>
        <label for="reason">{t[AdminWords.Reject]}</label><input id="reason" name="reason" type="text" maxlength="200" required>
        <button class="primary">{t[CommonWords.Add]}</button></form><p class="quiet">{t[AdminWords.RuleNote]}</p></section>
        """))
    { Place = place, Path = [(place.Directory.DisplayName, "/")] };

    /// <summary>What a setting does to the one permission that the channel needs.</summary>
    private static bool UsersMaySend(LabDirectory directory, UserConsent setting) => setting switch
    {
        UserConsent.Never => false,
        UserConsent.LowImpact => directory.LowImpactScopes.Contains("SMTP.Send"),
        _ => true,
    };

    private static Html Modes(AutoForwarding chosen, Speech t) => Html.Each(ForwardingModes, m => Html.Of(
        $"""<option value="{m.Value}" {Html.When(m.Value == chosen, Html.Of($"selected"))}>{t[m.Text]}</option>"""));
}

/// <summary>Words of the admin center beyond those of the guide.</summary>
internal static class AdminWords
{
    public static readonly Word TakesEffect = new("The last change takes effect in {0} lab minutes.", "La dernière modification prend effet dans {0} minutes de laboratoire.");
    public static readonly Word SmtpTakesEffect = new("Authenticated SMTP: the last change takes effect in {0} lab minutes.", "SMTP authentifié : la dernière modification prend effet dans {0} minutes de laboratoire.");
    public static readonly Word PolicyTakesEffect = new("What may be forwarded outside has changed: this takes effect in {0} lab minutes.", "Ce qui peut être transféré à l'extérieur a changé : cela prend effet dans {0} minutes de laboratoire.");
    public static readonly Word OutboundShort = new("Anti-spam outbound policy", "Stratégie anti-spam sortante");
    public static readonly Word DefaultPolicy = new("Anti-spam outbound policy (Default)", "Stratégie anti-spam sortante (par défaut)");
    public static readonly Word Limits = new("Message limits", "Limites de messages");
    public static readonly Word LimitsLeft = new("set by the control API", "se règlent par l'API de contrôle");
    public static readonly Word CustomPolicies = new("Custom policies", "Stratégies personnalisées");
    public static readonly Word CustomNote = new("A policy for the one mailbox that forwards: the rest of the organisation stays closed.", "Une stratégie pour la seule boîte qui transfère : le reste de l'organisation reste fermé.");
    public static readonly Word Senders = new("Users", "Utilisateurs");
    public static readonly Word MailFlow = new("Settings › Mail flow", "Paramètres › Flux de courrier");
    public static readonly Word TurnOffSmtp = new("Turn off SMTP AUTH protocol for your organization", "Désactiver le protocole SMTP AUTH pour votre organisation");
    public static readonly Word TurnOffNote = new("A mailbox with a setting of its own under Manage email apps is not touched by this.", "Une boîte qui a son propre réglage sous Gérer les applications de messagerie n'est pas concernée.");
    public static readonly Word LegacyTls = new("Turn on use of legacy TLS clients", "Activer l'utilisation de clients TLS hérités");
    public static readonly Word LegacyTlsLeft = new("left out: .NET on this machine speaks no TLS below 1.2", "laissé de côté : .NET sur cette machine ne parle pas TLS en dessous de 1.2");
    public static readonly Word RemoteDomains = new("Remote domains", "Domaines distants");
    public static readonly Word RemoteNote = new("Where automatic forwarding is off, forwarded mail to that domain is dropped without a report.", "Là où le transfert automatique est désactivé, le courrier transféré vers ce domaine est abandonné sans avis.");
    public static readonly Word Domain = new("Remote domain", "Domaine distant");
    public static readonly Word AutoForward = new("Allow automatic forwarding", "Autoriser le transfert automatique");
    public static readonly Word SetDomain = new("Add or change a remote domain", "Ajouter ou modifier un domaine distant");
    public static readonly Word Rules = new("Rules", "Règles");
    public static readonly Word NewRule = new("Add a rule", "Ajouter une règle");
    public static readonly Word AutoForwardOnly = new("The message type is Auto-forward", "Le type de message est Transfert automatique");
    public static readonly Word Reject = new("Reject the message with the explanation", "Rejeter le message avec l'explication");
    public static readonly Word RuleNote = new("Other conditions and actions are set by the control API or New-TransportRule.", "Les autres conditions et actions se règlent par l'API de contrôle ou New-TransportRule.");
    public static readonly Word Account = new("Account", "Compte");
    public static readonly Word Devices = new("Devices", "Appareils");
    public static readonly Word Licenses = new("Licenses and apps", "Licences et applications");
    public static readonly Word TabsLeft = new("left out: no step of the guide uses them", "laissés de côté : aucune étape du guide ne les utilise");
    public static readonly Word Allowed = new("Sign-in allowed", "Connexion autorisée");
    public static readonly Word Blocked = new("Sign-in blocked", "Connexion bloquée");
    public static readonly Word ResetPassword = new("Reset password", "Réinitialiser le mot de passe");
    public static readonly Word NewPassword = new("New password", "Nouveau mot de passe");
    public static readonly Word ResetNote = new("Revokes what was granted before: the next refresh is answered AADSTS50173.", "Révoque ce qui a été accordé auparavant : la prochaine actualisation reçoit AADSTS50173.");
    public static readonly Word RevokeSessions = new("Sign out of all sessions", "Déconnecter toutes les sessions");
    public static readonly Word RevokeNote = new("Revoke sessions: refresh tokens of this person are answered AADSTS50173 from now on.", "Révoquer les sessions : les jetons d'actualisation de cette personne reçoivent désormais AADSTS50173.");
    public static readonly Word BlockSignIn = new("Block sign-in", "Bloquer la connexion");
    public static readonly Word BlockThis = new("Block this user from signing in (AADSTS50057)", "Empêcher cet utilisateur de se connecter (AADSTS50057)");
    public static readonly Word Storage = new("Mailbox storage", "Stockage de la boîte aux lettres");
    public static readonly Word MailboxPermissions = new("Mailbox permissions", "Autorisations de boîte aux lettres");
    public static readonly Word ReadAndManage = new("Read and manage permissions ({0})", "Autorisations de lecture et de gestion ({0})");
    public static readonly Word SendAs = new("Send as permissions ({0})", "Autorisations « Envoyer en tant que » ({0})");
    public static readonly Word OnBehalf = new("Send on behalf of permissions ({0})", "Autorisations « Envoyer de la part de » ({0})");
    public static readonly Word AddressList = new("Show in global address list", "Afficher dans la liste d'adresses globale");
    public static readonly Word AutomaticReplies = new("Automatic replies", "Réponses automatiques");
    public static readonly Word ManageReplies = new("Manage automatic replies", "Gérer les réponses automatiques");
    public static readonly Word ExchangeProperties = new("Edit Exchange properties", "Modifier les propriétés Exchange");
    public static readonly Word EmailApps = new("Email apps", "Applications de messagerie");
    public static readonly Word AllApps = new("All apps allowed", "Toutes les applications autorisées");
    public static readonly Word SomeApps = new("{0} apps allowed", "{0} applications autorisées");
    public static readonly Word Forwarding = new("Email forwarding", "Transfert d'e-mails");
    public static readonly Word NoneYet = new("There are none.", "Il n'y en a pas.");
    public static readonly Word None = new("None", "Aucun");
    public static readonly Word Applied = new("Applied", "Appliqué");
}
