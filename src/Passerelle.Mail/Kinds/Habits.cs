using System.Text.RegularExpressions;

namespace Passerelle.Mail.Kinds;

/// <summary>Subjects by which machines give themselves away when their headers do not. They make a kind likely, never sure.</summary>
internal static partial class Habits
{
    [GeneratedRegex(
        """
        undeliver|unzustellbar|nicht\s+zustellbar|non\s+remis|non\s+distribu|delivery\s+(?:status|failure|has\s+failed|problem|report|error|notification)|
        mail\s+(?:delivery\s+)?(?:failed|failure|error|system\s+error)|failure\s+notice|delivery\s+failed|returned\s+(?:mail|to\s+sender)|
        message\s+(?:could\s+not\s+be\s+delivered|not\s+delivered|undeliverable|delivery\s+failure|bounced|rejected)|could\s*n[o']t\s+be\s+delivered|
        mailsystem\s+error|nondeliverable|non[-\s]?delivery|rejected\s+mail|bounce|unable\s+to\s+deliver|could\s+not\s+send|user\s+unknown|
        mail\s+could\s+not\s+be|permanent\s+(?:delivery|error)|address\s+not\s+found|warning:\s+could\s+not\s+send|delayed|
        the\s+mail\s+was\s+not\s+deliver|dsn|zustellung|impossible\s+de\s+(?:remettre|distribuer)
        """,
        RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace | RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    public static partial Regex BounceSubject();

    [GeneratedRegex(@"\(delay\)|delivery\s+incomplete|\b(delayed|warning:\s+(could\s+not\s+send|message\s+.*delayed)|will\s+retry|still\s+trying)|verz(?:ö|oe)gert|versp(?:ä|ae)tete\s+zustellung|remise\s+retard|entrega\s+(?:retrasada|demorada|aplazada)|consegna\s+(?:ritardata|in\s+ritardo)|bezorging\s+(?:is\s+)?vertraagd|entrega\s+atrasada|opóźnion|\(retard\)|\(verz(?:ö|oe)gerung\)|\((?:retraso|ritardo|atraso|vertraging)\)", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    public static partial Regex DelaySubject();

    /// <summary>A report's text that says the mail is not given up.</summary>
    [GeneratedRegex(@"has\s+been\s+delayed|will\s+retry\s+for|will\s+be\s+retried|not\s+yet\s+been\s+delivered|no\s+action\s+is\s+required\s+on\s+your\s+part|will\s+continue\s+to\s+be\s+attempted|wird\s+weiter\s+versucht|weitere\s+zustellversuche|sera\s+retent|nouvelles\s+tentatives|se\s+seguir[aá]\s+intentando|tentativi\s+continueranno|nur\s+eine\s+warnung|ceci\s+est\s+(?:uniquement|seulement)\s+un\s+avertissement|não\s+é\s+necess[aá]rio\s+reenviar", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    public static partial Regex StillTrying();

    /// <summary>Abuse complaints of providers that do not use the report format (RFC 5965).</summary>
    [GeneratedRegex(@"^complaint about message from \d", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    public static partial Regex ComplaintSubject();

    /// <summary>RFC 7489 §7.2.1.1 (subject of an aggregate report).</summary>
    [GeneratedRegex(@"report\s+domain:.*submitter:|^\s*\[?dmarc\b.*report|dmarc\s+(aggregate|failure|forensic)", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    public static partial Regex DmarcSubject();
}
