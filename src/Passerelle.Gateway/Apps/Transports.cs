namespace Passerelle.Gateway.Apps;

/// <summary>How an app's letters leave; words of column <c>transport</c>.</summary>
internal static class Transports
{
    /// <summary>SMTP AUTH submission (RFC 6409), as the guide sets it up.</summary>
    public const string Smtp = "smtp";

    /// <summary>Microsoft Graph and nothing else (https://learn.microsoft.com/graph/api/user-sendmail).</summary>
    public const string Graph = "graph";

    /// <summary>SMTP, and Graph for a letter whose sign-in is refused because SMTP AUTH is switched off: then nothing was sent.</summary>
    public const string SmtpThenGraph = "smtp-then-graph";

    public static IReadOnlyList<string> All { get; } = [Smtp, Graph, SmtpThenGraph];

    /// <summary>The name of the resource, wherever its server is.</summary>
    public const string GraphResource = "https://graph.microsoft.com/";

    /// <summary>Of Microsoft Graph, which is not Exchange Online's of the same name (facts/microsoft365.md §3.4).</summary>
    public const string MailSend = "Mail.Send";

    /// <summary>The delegated permission: a delegate's is another one than the mailbox's own.</summary>
    public static string GraphPermission(string signsInAs) => signsInAs.Trim().Length > 0 ? "Mail.Send.Shared" : MailSend;

    /// <summary>What is asked for so that letters may leave by Graph, and nothing else is.</summary>
    public static string GraphScope(string signsInAs) => $"openid profile offline_access {GraphResource}{GraphPermission(signsInAs)}";

    public const string GraphAppScope = $"{GraphResource}.default";
}
