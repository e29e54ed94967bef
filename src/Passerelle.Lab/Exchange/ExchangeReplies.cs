using Passerelle.Smtp;

namespace Passerelle.Lab.Exchange;

/// <summary>The words of Exchange Online, as recorded (facts/microsoft365.md §5.2 to §5.6).</summary>
internal static class ExchangeReplies
{
    public static readonly SmtpReply TooLarge = new(552, "3.4", "Message size exceeds fixed maximum message size");
    public const string FrontEnd = "LAB01P282CA0097.outlook.office365.com";
    public const string BackEnd = "LAB01PR06MB3510.apcprd06.prod.outlook.com";
    public const string Edge = "LAB01EUR05FT012.mail.protection.outlook.com";
    public const string Unsuccessful = "Authentication unsuccessful";
    public const string DisabledForTenant = "Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant."
        + " Visit https://aka.ms/smtp_auth_disabled for more information.";
    public const string DisabledForMailbox = "Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox."
        + " Visit https://aka.ms/smtp_auth_disabled for more information.";
    public const string BasicDisabled = "Authentication unsuccessful, basic authentication is disabled.";
    public const string WrongPassword = "Authentication unsuccessful, the user credentials were incorrect.";
    public const string NotAuthenticated = "Client not authenticated to send mail.";
    public const string UnknownRecipient = "Recipient address rejected: Access denied. AS(201806281)";
    public const string TooManyConnections = "Concurrent connections limit exceeded."
        + $" Visit https://aka.ms/concurrent_sending for more information. [Hostname={BackEnd}]";
    public const string BasicRetired = "Basic authentication is not supported for Client Submission.";
    public const string SecurityDefaults = "Authentication unsuccessful, user is locked by your organization's security defaults policy."
        + " Contact your administrator.";
    public const string LogonFailure = "STOREDRV; mailbox logon failure; STOREDRV.Submission.Exception:"
        + "ConnectionFailedTransientException.MapiExceptionLogonFailed; Failed to process message due to a transient exception with"
        + " message [BeginDiagnosticData]Cannot open mailbox.";
    public const string QuotaExceeded = "STOREDRV.Submission.Exception:SubmissionQuotaExceededException; Failed to process message due to a"
        + " permanent exception with message [BeginDiagnosticData]The message can't be submitted because the sender's submission quota"
        + " was exceeded.";
    public const string OutboundSpam = "STOREDRV.Submission.Exception:OutboundSpamException; Failed to process message due to a permanent"
        + " exception with message [BeginDiagnosticData]WASCL UserAction verdict is not None.";
    public const string SenderFull = "mailbox full; STOREDRV.Submission.Exception:QuotaExceededException.MapiExceptionShutoffQuotaExceeded;"
        + " Failed to process message due to a permanent exception with message [BeginDiagnosticData]Cannot submit message.";
    public const string ExternalLimit = "- Your message can't be sent because your tenant has exceeded its daily limit for sending email to"
        + " external recipients (tenant external recipient rate limit).";
    public const string TrialLimit = "- Your message can't be sent because your trial tenant has exceeded its daily limit for sending email"
        + " to external recipients (tenant external recipient rate limit).";
    public const string InitialDomainLimit = "- Your message can't be sent because your organization has exceeded its daily limit for"
        + " sending email to external recipients from its onmicrosoft.com domain.";
    public static readonly SmtpReply TooManyRecipients = new(452, "5.3", "Too many recipients");
    public const string RecipientNotFound = "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup";
    public const string HopCount = "554 5.4.14 Hop count exceeded - possible mail loop ATTR34";
    public const string MailboxFull = "554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException.MapiExceptionShutoffQuotaExceeded;"
        + " Failed to process message due to a permanent exception with message [BeginDiagnosticData]Cannot open mailbox.";
    public const string MailboxDisabled = "554 5.2.1 mailbox disabled; STOREDRV.Deliver.Exception:AccountDisabledException.MapiExceptionAccountDisabled;"
        + " Failed to process message due to a permanent exception with message [BeginDiagnosticData]Cannot open mailbox.";
    public const string DirectSendRejected =
        "TenantInboundAttribution; Direct Send not allowed for this organization from unauthorized sources";
    public const string BadFrom = "Access denied, message must be RFC 5322 section 3.6.2 compliant and include a valid From address";
    public const string NoSuchDomain = "550 5.4.310 DNS domain does not exist";
    public const string ForwardingForbidden = "550 5.7.520 Access denied, Your organization does not allow external forwarding."
        + " Please contact your administrator for further assistance. AS(7555)";
    public const string ExpiredAfterDns = "550 5.4.312 Message expired, DNS query failed";
    public const string Expired = "550 5.4.316 Message expired, connection refused(Socket error code 10061)";

    /// <summary>The receiver answered, but never took it.</summary>
    public static string ExpiredAfter(string reply) => $"550 5.4.300 Message expired -> {reply}";

    public static string DmarcRejected(string domain) =>
        $"Access denied, sending domain {domain} does not pass DMARC verification and has a DMARC policy of reject.";

    public static readonly SmtpReply BadOutboundSender = new(550, "1.8", "Access denied, bad outbound sender AS(42004)");
    public static readonly SmtpReply OlderTooManyConnections = new(432, "3.2", "STOREDRV.ClientSubmit; sender thread limit exceeded");
    public static readonly SmtpReply OlderSendAsDenied = new(554, "2.0", "STOREDRV.Submission.Exception:SendAsDeniedException."
        + "MapiExceptionSendAsDenied; Failed to process message due to a permanent exception with message [BeginDiagnosticData]Cannot"
        + " submit message.");
    public static readonly SmtpReply OldestSendAsDenied = new(550, "7.60", "SMTP; Client does not have permissions to send as this sender");
    public const string CriteriaNotMet = "Authentication unsuccessful, the request did not meet the criteria to be authenticated"
        + " successfully. Contact your administrator.";

    /// <summary>Not recorded; the facts know only that such mail stays inside (§5.1, §5.8).</summary>
    public static readonly SmtpReply HighVolumeIsInternal = new(550, "7.1", "High Volume Email accepts recipients of the organization only");

    public static string SendAsDenied(string mailbox, string from) =>
        $"SendAsDenied; {mailbox} not allowed to send as {from};"
        + " STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied; Failed to process message due to a"
        + " permanent exception with message [BeginDiagnosticData]Cannot submit message.";
}
