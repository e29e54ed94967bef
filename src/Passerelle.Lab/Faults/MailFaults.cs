using Passerelle.Lab.State;

namespace Passerelle.Lab.Faults;

/// <summary>Replies of Exchange Online as recorded (facts §5.4 to §5.6).</summary>
internal static class MailFaults
{
    private const string Visit = " Visit https://aka.ms/smtp_auth_disabled for more information.";
    private const string Fails = "; Failed to process message due to a permanent exception with message [BeginDiagnosticData]Cannot submit message.";
    private static readonly FaultPlace[] Auth = [FaultPlace.SmtpAuth];
    private static readonly FaultPlace[] Sending = [FaultPlace.SmtpData, FaultPlace.SmtpMail, FaultPlace.SmtpRcpt];
    private static readonly FaultPlace[] Anywhere = [.. Sending, FaultPlace.SmtpAuth, FaultPlace.Mx, FaultPlace.Relay];
    private static readonly FaultPlace[] Receiving = [FaultPlace.Mx, FaultPlace.Relay, .. Sending];

    public static IReadOnlyList<FaultRow> Rows { get; } =
    [
        // §5.4: AUTH
        new("535-5.7.3", Auth, "535 5.7.3 Authentication unsuccessful", "E5/E6/X4/G2", "5.4:535-5.7.3-Authentication-unsuccessful"),
        Refused("tenant", $"SmtpClientAuthentication is disabled for the Tenant.{Visit}", "X3/X2", "SmtpClie"),
        Refused("mailbox", $"SmtpClientAuthentication is disabled for the Mailbox.{Visit}", "X2", "SmtpClie~2"),
        Refused("basic", "basic authentication is disabled.", "E10", "basic-au"),
        Refused("security-defaults", "user is locked by your organization's security defaults policy. Contact your administrator.", "E10", "user-is-"),
        Refused("criteria", "the request did not meet the criteria to be authenticated successfully. Contact your administrator.", "E10", "the-requ"),
        Refused("credentials", "the user credentials were incorrect.", "E10", "the-user"),
        new("550-5.7.30", Auth, "550 5.7.30 Basic authentication is not supported for Client Submission.", "E10",
            "5.4:550-5.7.30-Basic-authentication-is-not-supported"),
        new("530-5.7.57", [.. Auth, FaultPlace.SmtpMail], "530 5.7.57 Client not authenticated to send mail.", "G2/G4",
            "5.4:530-5.7.57-Client-not-authenticated-to-send-mail"),
        new("454-4.7.0", Anywhere, "454 4.7.0 Temporary authentication failure", "G4", "5.4:454-4.7.0-Temporary-authentication-failure-421-4"),
        new("421-4.7.0", Anywhere, "421 4.7.0 Service not available, closing transmission channel", "G4",
            "5.4:454-4.7.0-Temporary-authentication-failure-421-4"),
        new("421-4.7.66", Auth, "421 4.7.66 TLS 1.0 and 1.1 are not supported. Please upgrade/update your client to support TLS 1.2.", "G4",
            "5.4:454-4.7.0-Temporary-authentication-failure-421-4"),

        // §5.5: sending
        Row("554-5.2.252", "554 5.2.252 SendAsDenied; support@contoso.example not allowed to send as sales@contoso.example;"
            + $" STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied{Fails}", "X5", "5.5:554-5.2.252-SendAsDenied-mailbox-not-allowed-to-"),
        Row("554-5.2.0-send-as", $"554 5.2.0 STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied{Fails}", "X5",
            "5.5:554-5.2.0-STOREDRV.Submission.Exception-SendAsDe"),
        Row("550-5.7.60", "550 5.7.60 SMTP; Client does not have permissions to send as this sender", "X5",
            "5.5:554-5.2.0-STOREDRV.Submission.Exception-SendAsDe"),
        Row("430-4.2.0", "430 4.2.0 STOREDRV; mailbox logon failure; STOREDRV.Submission.Exception:ConnectionFailedTransientException"
            + ".MapiExceptionLogonFailed; Failed to process message due to a transient exception with message Cannot open mailbox.", "X4",
            "5.5:430-4.2.0-STOREDRV-mailbox-logon-failure-STOREDR"),
        new("432-4.3.2", [.. Sending, FaultPlace.SmtpAuth], "432 4.3.2 Concurrent connections limit exceeded. Visit https://aka.ms/concurrent_sending for more"
            + " information. [Hostname=LAB01PR06MB3510.apcprd06.prod.outlook.com]", "X6", "5.5:432-4.3.2-Concurrent-connections-limit-exceeded."),
        Row("432-4.3.2-threads", "432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded", "X6", "5.5:432-4.3.2-Concurrent-connections-limit-exceeded."),
        Row("554-5.2.0-quota", $"554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException{Fails}", "X6",
            "5.5:554-5.2.0-STOREDRV.Submission.Exception-Submissi"),
        Row("554-5.2.2", $"554 5.2.2 mailbox full; STOREDRV.Submission.Exception:QuotaExceededException.MapiExceptionShutoffQuotaExceeded{Fails}", "X1",
            "5.5:554-5.2.2-mailbox-full-STOREDRV.Submission.Excep"),
        Row("554-5.2.0-spam", $"554 5.2.0 STOREDRV.Submission.Exception:OutboundSpamException{Fails}", "X6",
            "5.5:554-5.2.0-STOREDRV.Submission.Exception-Outbound"),
        Row("550-5.1.8", "550 5.1.8 Access denied, bad outbound sender AS(42004)", "X6", "5.5:550-5.1.8-Access-denied-bad-outbound-sender-AS-4"),
        Row("550-5.1.90", "550 5.1.90 Your message can't be sent because you've reached your daily limit for message recipients", "X6",
            "5.5:550-5.1.90-Your-message-can-t-be-sent-because-yo"),
        Row("550-5.7.233", "550 5.7.233 - Your message can't be sent because your tenant has exceeded its daily limit for sending email to"
            + " external recipients (tenant external recipient rate limit).", "X6", "5.5:550-5.7.233-Your-message-can-t-be-sent-because-y"),
        Row("550-5.7.232", "550 5.7.232 - Your message can't be sent because your trial tenant has exceeded its daily limit for sending email to"
            + " external recipients (tenant external recipient rate limit).", "X6", "5.5:5.7.232-because-your-trial-tenant-has-exceeded-i"),
        Row("550-5.7.236", "550 5.7.236 - Your message can't be sent because your tenant has exceeded its daily limit for sending email to"
            + " external recipients from onmicrosoft.com addresses.", "X6", "5.5:550-5.7.236"),
        Row("552-5.3.4", "552 5.3.4 Message size exceeds fixed maximum message size", "G4", "5.5:552-5.3.4-Message-size-exceeds-fixed-maximum-mes"),
        Row("552-5.3.4-header", "552 5.3.4 Header size exceeds fixed maximum size", "G4", "5.5:552-5.3.4-Message-size-exceeds-fixed-maximum-mes"),
        Row("452-4.5.3", "452 4.5.3 Too many recipients", "G4", "5.5:452-4.5.3-Too-many-recipients-reply-text-unverif"),
        new("451-4.7.500", Receiving, "451 4.7.500 Server busy. Please try again later from [127.0.0.1]. (S77)", "-",
            "5.5:451-4.7.500-Server-busy.-Please-try-again-later-"),
        new("550-5.7.501", Receiving, "550 5.7.501 Access denied, spam abuse detected", "X6", "5.5:550-5.7.501-5.7.503-Access-denied-spam-abuse-det"),
        new("550-5.7.502", Receiving, "550 5.7.502 Access denied, banned sender", "X6", "5.5:550-5.7.501-5.7.503-Access-denied-spam-abuse-det"),
        new("550-5.7.503", Receiving, "550 5.7.503 Access denied, banned sender", "X6", "5.5:550-5.7.501-5.7.503-Access-denied-spam-abuse-det"),
        new("550-5.7.511", Receiving, "550 5.7.511 Access denied, banned sending IP", "X6", "5.5:550-5.7.501-5.7.503-Access-denied-spam-abuse-det"),
        new("550-5.7.509", Receiving, "550 5.7.509 Access denied, sending domain contoso.example does not pass DMARC verification and has a DMARC policy"
            + " of reject.", "-", "5.5:550-5.7.509-Access-denied-sending-domain-d-does-"),
        new("550-5.7.512", Receiving, "550 5.7.512 Access denied, message must be RFC 5322 section 3.6.2 compliant and include a valid From address", "G4",
            "5.5:550-5.7.512"),
        Block("550-5.7.703", "Your message can't be delivered because your tenant exceeded a sending threshold"),
        Block("550-5.7.705", "Access denied, tenant has exceeded threshold"),
        Block("550-5.7.708", "Access denied, traffic not accepted from this IP"),
        Block("550-5.7.750", "Service unavailable. Client blocked from sending from unregistered domains"),
        Block("550-5.7.64", "TenantAttribution; Relay Access Denied"),
        new("550-5.4.300", Receiving, "550 5.4.300 Message expired", "-", "5.5:550-5.4.300-5.4.312-5.4.316-4.4.316"),
        new("550-5.4.312", Receiving, "550 5.4.312 Message expired, DNS query failed", "-", "5.5:550-5.4.300-5.4.312-5.4.316-4.4.316"),
        new("550-5.4.316", Receiving, "550 5.4.316 Message expired, connection refused(Socket error code 10061)", "-", "5.5:550-5.4.300-5.4.312-5.4.316-4.4.316"),
        new("451-4.4.316", Receiving, "451 4.4.316 Connection refused [Message=Socket error code 10061]", "-", "5.5:550-5.4.300-5.4.312-5.4.316-4.4.316"),
        new("550-5.1.1", Receiving, "550 5.1.1 The email account that you tried to reach does not exist", "G4",
            "5.5:550-5.1.1-5.1.10-RESOLVER.ADR.RecipientNotFound-"),
        new("550-5.1.10", Receiving, "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup", "G4",
            "5.5:550-5.1.1-5.1.10-RESOLVER.ADR.RecipientNotFound-"),
        new("550-5.1.351", Receiving, "550 5.1.351 Remote server returned unknown recipient or mailbox unavailable", "G4",
            "5.5:550-5.1.1-5.1.10-RESOLVER.ADR.RecipientNotFound-"),
        new("554-5.4.14", Receiving, "554 5.4.14 Hop count exceeded - possible mail loop ATTR34", "F5", "5.5:5.4.14-5.4.6-hop-count-exceeded-20-mail-loop"),
        new("554-5.4.6", Receiving, "554 5.4.6 Hop count exceeded - possible mail loop", "F5", "5.5:5.4.14-5.4.6-hop-count-exceeded-20-mail-loop"),
        Tls("550-5.7.321", "starttls-not-supported: Destination mail server must support TLS to receive mail"),
        Tls("550-5.7.322", "certificate-expired: Destination mail server's certificate is expired"),
        Tls("550-5.7.323", "tlsa-invalid: The domain failed DANE validation"),
        Tls("550-5.7.324", "dnssec-invalid: Destination domain returned invalid DNSSEC records"),
        Tls("550-5.7.325", "certificate-host-mismatch: Remote certificate did not match the host name"),

        // §5.6: the receiving side
        new("550-5.4.1", [FaultPlace.Mx, FaultPlace.Relay], "550 5.4.1 Recipient address rejected: Access denied. AS(201806281)", "-",
            "5.6:Unknown-recipient-directory-based-edge-blocking-"),
        new("550-5.7.711", [FaultPlace.Mx, FaultPlace.Relay], "550 5.7.711 Access denied, bad inbound connector. AS(2204)", "-",
            "5.6:Throttled-451-4.7.500-Server-busy-.-Connector"),
    ];

    private static FaultRow Row(string code, string reply, string step, string fact) => new(code, Sending, reply, step, fact);

    private static FaultRow Refused(string code, string words, string step, string fact) => new("535-5.7.139-" + code, Auth,
        $"535 5.7.139 Authentication unsuccessful, {words}", step, "5.4:535-5.7.139-Authentication-unsuccessful-" + fact);

    private static FaultRow Block(string code, string words) =>
        new(code, Receiving, $"{code.Replace('-', ' ')} {words}", "X6", "5.5:550-5.7.703-5.7.705-tenant-exceeded-threshold-5.");

    private static FaultRow Tls(string code, string words) => new(code, Receiving, $"{code.Replace('-', ' ')} {words}", "F6", "5.5:5.7.321-5.7.325");
}
