namespace Passerelle.Mail.Bounces.Reasons;

/// <summary>The tables of <see cref="ReasonJudge"/>, in the order in which they are asked. See <see cref="ReasonRow"/> for their form.</summary>
internal static class ReasonRows
{
    public static IReadOnlyList<string> All => [ProviderRows.Table, Words, Codes, Commands];

    /// <summary>What servers say in words, most telling first: a mail from a server without reverse DNS is refused for that, whatever
    /// else the sentence speaks of.</summary>
    private const string Words = """
        mailboxfull     | x.2.2        |
        requireptr      |              | ptr record
        requireptr      |              | dns ptr
        requireptr      |              | no ptr
        requireptr      |              | reverse dns
        requireptr      |              | reverse lookup
        requireptr      |              | rdns
        requireptr      |              | ip name lookup failed
        requireptr      |              | cannot resolve your
        requireptr      |              | cannot find your hostname
        requireptr      |              | unverifyable sending ip
        requireptr      |              | mismatches client ip
        requireptr      |              | from servers without a valid sender domain
        requireptr      |              | does not resolve * client host
        requireptr      | x.7.25       |
        authfailure     |              | dmarc
        authfailure     |              | spf record
        authfailure     |              | spf check
        authfailure     |              | spf fail
        authfailure     |              | fails spf
        authfailure     |              | failed spf
        authfailure     |              | sender policy framework
        authfailure     |              | pass either spf or dkim
        authfailure     |              | dkim signature
        authfailure     |              | authentication checks fail
        authfailure     |              | unauthenticated email
        authfailure     |              | does not have authentication information
        authfailure     |              | fails to pass authentication
        authfailure     | x.7.26       |
        authfailure     | x.7.23       |
        authfailure     | x.7.509      |
        badreputation   |              | reputation
        badreputation   |              | unexpected volume or user complaints
        notcompliantrfc |              | multiple addresses in from: header
        notcompliantrfc |              | duplicate header
        notcompliantrfc |              | rfc 5322
        notcompliantrfc |              | rfc5322
        notcompliantrfc |              | rfc 2822
        notcompliantrfc |              | not rfc compliant
        notcompliantrfc |              | missing * header
        notcompliantrfc |              | bare lf
        speeding        |              | too many recipients this hour
        speeding        |              | at a rate that prevents
        speeding        |              | submission quota exceeded
        speeding        |              | exceeded permitted limits within
        speeding        |              | message receive limit
        speeding        |              | sending rate
        speeding        |              | rate that exceeds
        speeding        |              | mail is being sent too quickly
        toomanyconn     |              | connection rate
        toomanyconn     |              | too many connections
        toomanyconn     |              | too many concurrent
        toomanyconn     |              | too many simultaneous
        toomanyconn     |              | too many sessions
        toomanyconn     |              | frequency limited
        toomanyconn     |              | thread limit exceeded
        failedstarttls  |              | starttls
        failedstarttls  |              | tls required
        failedstarttls  |              | tls is required
        virusdetected   |              | virus
        virusdetected   |              | malware
        norelaying      |              | relay access denied
        norelaying      |              | relaying denied
        norelaying      |              | relaying * not allowed
        norelaying      |              | relay not permitted
        norelaying      |              | not permitted to relay
        norelaying      |              | not configured to relay
        norelaying      |              | unable to relay
        norelaying      |              | cannot relay
        norelaying      |              | we do not relay
        norelaying      |              | no relaying
        norelaying      |              | mail relay
        norelaying      |              | relay denied
        norelaying      |              | email address is not verified
        blocked         |              | open relay
        blocked         |              | spamhaus
        blocked         |              | spamcop
        blocked         |              | client host rejected
        blocked         |              | client host blocked
        blocked         |              | blocked using
        blocked         |              | ip address * blacklisted
        blocked         |              | ip address * blocked
        blocked         |              | ip * is blocked
        blocked         |              | banned sending ip
        blocked         |              | blocked for abuse
        blocked         |              | blocked for spam
        blocked         |              | weren't sent. please contact your
        blocked         |              | weren't sent. we recommend
        blocked         |              | unfortunately, messages from * weren't sent
        blocked         |              | use the smtp server of your isp
        blocked         |              | invalid ip for sending mail
        blocked         |              | daily relay quota
        blocked         |              | (bl)
        blocked         |              | /rbl
        blocked         |              | dnsbl
        blocked         |              | block list
        blocked         |              | blocklist
        blocked         |              | connection refused by
        blocked         |              | not accepting connections
        blocked         |              | you cannot send e-mail to yourself
        blocked         |              | unsolicited mail originating from your ip
        blocked         | EHLO         | name was rejected
        blocked         | EHLO         | invalid domain
        hasmoved        |              | not our user
        hasmoved        |              | not our customer
        hasmoved        |              | no longer on server
        hasmoved        |              | has moved
        hasmoved        |              | been replaced by
        hasmoved        | 5.1.6        |
        rejected        | MAIL         | no such domain
        rejected        | MAIL         | not exist
        rejected        | x.1.8        |
        rejected        | x.1.7        |
        rejected        |              | sender address * not exist
        rejected        |              | sender address rejected
        rejected        |              | sender domain * not exist
        rejected        |              | sender denied
        rejected        |              | banned sender
        rejected        |              | bad outbound sender
        rejected        |              | unroutable sender
        rejected        |              | sender verify failed
        rejected        |              | invalid sender
        rejected        |              | valid from
        rejected        |              | purported responsible address
        rejected        |              | not a member of this
        rejected        |              | are not member
        rejected        |              | not a registered gateway user
        rejected        |              | you are sending to/from an address that has been blacklisted
        rejected        |              | sender not in allowed-senders
        rejected        |              | sender is * blacklist
        exceedlimit     | x.2.3        |
        mesgtoobig      |              | message too big
        mesgtoobig      |              | message too large
        mesgtoobig      |              | message is too large
        mesgtoobig      |              | too large for
        mesgtoobig      |              | mail size limit
        mesgtoobig      |              | message size exceeds maximum
        mesgtoobig      |              | maximum message size
        mesgtoobig      |              | message size * exceeds size limit
        mesgtoobig      |              | message size exceeds
        mesgtoobig      |              | size exceeds
        mesgtoobig      |              | exceeds the maximum size
        mesgtoobig      |              | line limit exceeded
        mesgtoobig      | x.3.4        |
        exceedlimit     |              | message length exceeds
        contenterror    |              | 8-bit data in
        contenterror    |              | headers too large
        contenterror    |              | media error
        contenterror    |              | invalid characters
        contenterror    |              | conversion required
        spamdetected    |              | spam
        spamdetected    |              | unsolicited bulk
        spamdetected    |              | message content rejected
        spamdetected    |              | content rejected
        spamdetected    |              | blacklisted url
        spamdetected    |              | looks like junk
        policyviolation |              | local policy
        policyviolation |              | denied by policy
        policyviolation |              | policy reasons
        policyviolation |              | protocol violation
        policyviolation |              | header error
        policyviolation |              | content presents a potential
        policyviolation |              | external forwarding
        policyviolation |              | security policies
        policyviolation |              | host network not allowed
        policyviolation |              | attachment type * not allowed
        mailboxfull     |              | mailbox full
        mailboxfull     |              | mailbox is full
        mailboxfull     |              | mail box full
        mailboxfull     |              | mailbox * is full
        mailboxfull     |              | folder is full
        mailboxfull     |              | inbox is full
        mailboxfull     |              | over quota
        mailboxfull     |              | over the quota
        mailboxfull     |              | overquota
        mailboxfull     |              | quota exceeded
        mailboxfull     |              | quota is exceeded
        mailboxfull     |              | exceeded * quota
        mailboxfull     |              | exceeds * quota
        mailboxfull     |              | quota full
        mailboxfull     |              | mailbox exceeds
        mailboxfull     |              | mailbox has exceeded
        mailboxfull     |              | mailbox exceeded
        mailboxfull     |              | mailbox size limit
        mailboxfull     |              | out of storage
        mailboxfull     |              | storage limit
        mailboxfull     |              | recipient's mailbox exceeded the local limit
        mailboxfull     |              | boîte * pleine
        mailboxfull     |              | boite * pleine
        mailboxfull     |              | postfach * voll
        mailboxfull     |              | buzón * lleno
        mailboxfull     |              | boîte * saturée
        mailboxfull     |              | casella * piena
        mailboxfull     |              | caixa * cheia
        mailboxfull     |              | mailbox * vol 
        mailboxfull     |              | skrzynka * pełna
        mailboxfull     |              | ящик * переполнен
        mailboxfull     |              | 邮箱已满
        mailboxfull     |              | 信箱已滿
        mailboxfull     |              | メールボックスがいっぱい
        mailboxfull     |              | 容量を超え
        mailboxfull     |              | 사서함이 가득
        mailboxfull     |              | 메일함 * 초과
        systemfull      |              | insufficient disk space
        systemfull      |              | no space left
        systemfull      |              | insufficient system storage
        systemfull      |              | disk full
        userunknown     | 5.1.1        |
        userunknown     | 5.1.10       |
        userunknown     | 5.1.351      |
        suspend         |              | disabled
        suspend         |              | account is locked
        suspend         |              | account * suspended
        suspend         |              | account * inactive
        suspend         |              | account * expired
        suspend         |              | mailbox * inactive
        suspend         |              | inactive account
        suspend         |              | user is inactive
        suspend         |              | that you tried to reach is inactive
        suspend         |              | mailbox is frozen
        suspend         |              | mailbox * blocked
        suspend         |              | recipient account is blocked
        suspend         |              | compte * bloqu
        suspend         |              | discontinued
        suspend         |              | deactivated
        suspend         |              | suspended
        suspend         | 5.7.13       |
        notaccept       |              | null mx
        notaccept       |              | not accept mail
        notaccept       |              | not accepting mail
        notaccept       |              | doesn't receive email
        notaccept       |              | does not receive email
        notaccept       |              | no smtp service
        notaccept       |              | no mx found
        notaccept       |              | no mx record
        notaccept       |              | couldn't find a mail exchanger
        notaccept       |              | not accepting network messages
        notaccept       | 5.7.27       |
        notaccept       | 5.3.2        |
        networkerror    |              | too many hops
        networkerror    |              | hop count exceeded
        networkerror    |              | maximum hop
        networkerror    |              | routing loop
        networkerror    |              | mail loop
        networkerror    |              | loops back
        networkerror    |              | lookup failure: temporary
        userunknown     |              | mailbox not found
        hostunknown     |              | host not found,try
        networkerror    |              | host not found, try again
        networkerror    |              | host name lookup failure
        hostunknown     |              | host or domain name not found
        hostunknown     |              | host unknown
        hostunknown     |              | unknown host
        hostunknown     |              | no such host
        hostunknown     |              | no such domain
        hostunknown     |              | domain does not exist
        hostunknown     |              | domain not found
        hostunknown     |              | domain is not reachable
        hostunknown     |              | unrouteable address
        hostunknown     |              | unroutable address
        hostunknown     |              | invalid domain
        hostunknown     |              | any host named
        hostunknown     |              | illegal host
        hostunknown     |              | host * not found
        hostunknown     |              | bad destination system
        hostunknown     |              | name or service not known
        networkerror    |              | dns error
        networkerror    |              | name service error
        networkerror    |              | name server
        networkerror    |              | network error
        networkerror    |              | network is unreachable
        networkerror    |              | no route to host
        networkerror    |              | lost connection
        networkerror    |              | broken pipe
        systemerror     |              | internal system error
        systemerror     |              | internal error
        systemerror     |              | service currently unavailable
        systemerror     |              | local configuration error
        systemerror     |              | insufficient permission
        systemerror     |              | ldap server
        systemerror     |              | ldap * attribute
        systemerror     |              | system config error
        systemerror     |              | duplicated message-id
        mailererror     |              | unknown mailer error
        mailererror     |              | mailer error
        mailererror     |              | pipe to
        mailererror     |              | procmail: 
        mailererror     |              | lock failure
        mailererror     |              | operating system error
        mailererror     |              | exit status
        mailererror     |              | command died
        systemerror     |              | ... service unavailable
        syntaxerror     |              | malformed address
        syntaxerror     |              | command parameter not implemented
        syntaxerror     |              | syntax error
        securityerror   |              | authentication required
        securityerror   |              | turn on smtp authentication
        securityerror   |              | unauthenticated senders not allowed
        securityerror   |              | not authenticated
        securityerror   |              | delivery not authorized
        securityerror   |              | not authorized
        securityerror   |              | policy violation
        filtered        |              | recipients was rejected by a remote
        filtered        |              | message filtered
        filtered        |              | rejected by recipient
        """;

    /// <summary>"There is no such user", in the ways it is said. A server that says it at RCPT knows its users; one that says it later,
    /// or a report that does not tell when, speaks of a filter as well.</summary>
    public static readonly string[] UnknownUser =
    [
        "user unknown", "unknown user", "no such user", "no such recipient", "no such mailbox", "no mailbox here", "no such address",
        "user not found", "user not exist", "user does not exist", "does not exist", "doesn't exist", "not exist", "user doesn't have",
        "unknown recipient", "recipient unknown", "recipient not found", "unknown or illegal", "unknown local part", "unknown address",
        "invalid recipient", "invalid mailbox", "invalid address", "invalid user", "mailbox not found", "mailbox unavailable",
        "mailbox does not exist", "address not found", "no valid recipients", "recipient name is not recognized", "not listed in",
        "user not listed", "invalid final delivery userid", "check if address is correct", "recipient address rejected: access denied", "couldn't be found", "could not be found", "destinataire invalide", "utilisateur inconnu",
        "adresse inconnue", "destinataire inconnu", "unbekannt", "existiert nicht", "no existe", "desconocido", "sconosciut", "inesistente",
        "desconhecido", "onbekend", "unable to deliver message to", "not a valid mailbox", "unrecognized recipient",
        "no longer available", "no longer valid", "no account", "is not a known user", "delivery error: dd", "introuvable", "nicht gefunden", "nicht vorhanden", "no se encontró", "no se encuentra", "non trovato", "non esiste",
        "niet gevonden", "não encontrado", "não existe", "nie istnieje", "не найден", "не существует", "不存在", "見つかりません", "존재하지 않",
    ];

    /// <summary>What codes say where words do not (RFC 3463 §3; Exchange: NDR codes of its own).</summary>
    private static readonly string Codes = $"""
        {string.Join('\n', UnknownUser.Select(words => $"userunknown | RCPT | {words}"))}
        {string.Join('\n', UnknownUser.Select(words => $"userunknown | 5.5.0 | {words}"))}
        {string.Join('\n', UnknownUser.Select(words => $"userunknown | 5.1.x | {words}"))}
        {string.Join('\n', UnknownUser.Select(words => $"userunknown | 5.3.0 RCPT | {words}"))}
        {string.Join('\n', UnknownUser.Select(words => $"userunknown | 5.4.1 | {words}"))}
        {string.Join('\n', UnknownUser.Select(words => $"filtered | | {words}"))}
        userunknown     | 5.1.0        | address
        userunknown     | 5.1.3        |
        hostunknown     | 5.1.2        |
        rejected        | 5.1.7        |
        rejected        | 5.1.8        |
        rejected        | 4.1.8        |
        notaccept       | 5.1.9        |
        filtered        | 5.2.0        |
        suspend         | 5.2.1        |
        speeding        | 5.2.121      |
        speeding        | 5.2.122      |
        systemfull      | x.3.1        |
        systemerror     | 5.3.5        |
        hostunknown     | 5.4.4        |
        networkerror    | x.4.6        |
        networkerror    | 5.4.14       |
        networkerror    | x.4.3        |
        networkerror    | 5.4.312      |
        """;

    /// <summary>The last resort: when it was said.</summary>
    private const string Commands = """
        expired         |              | did not accept our requests to connect
        expired         |              | in the queue too long
        expired         |              | timed out
        expired         |              | timeout
        expired         |              | retry time not reached
        expired         |              | giving up
        expired         |              | could not be delivered for
        expired         |              | could not deliver for
        expired         |              | not delivered within
        expired         |              | envelope expired
        expired         |              | message expired
        expired         |              | failing for a long time
        expired         |              | been delayed
        expired         |              | unable to deliver * after
        expired         |              | unable to connect successfully
        expired         |              | delivery failed * attempts
        expired         |              | host not reachable
        expired         |              | could not find a gateway
        expired         |              | connection refused
        expired         |              | failed to connect
        expired         |              | has been delayed
        expired         | x.4.7        |
        expired         | x.4.1        |
        expired         | x.4.2        |
        expired         | x.4.316      |
        expired         | x.4.300      |
        blocked         | CONN         |
        blocked         | EHLO         |
        rejected        | MAIL         |
        contenterror    | x.6.x        |
        mailererror     | 5.3.0        |
        securityerror   | 5.7.x        |
        policyviolation | DATA 5.0.0   | policy
        """;
}
