namespace Passerelle.Mail.Bounces.Reasons;

/// <summary>Codes that single providers print beside their words, and words that mean something of their own there. Asked before the
/// general ones.</summary>
internal static class ProviderRows
{
    /// <summary>Orange and La Poste number their refusals OFR_nnn and LPNnnn_nnn; Microsoft's are its published NDR codes; Japanese
    /// carriers answer for a filter and for an unknown number with the same words, at different commands.</summary>
    public const string Table = """
        rejected        |              | sender address rejected
        userunknown     |              | ofr_416
        userunknown     |              | lpn007_416
        mailboxfull     |              | ofr_417
        spamdetected    |              | ofr_506
        blocked         |              | ofr006_
        blocked         |              | ofr_999
        systemerror     |              | ofr005_
        suspend         |              | lpn007_426
        blocked         |              | lpn001_
        blocked         |              | lpn006_
        policyviolation |              | lpn000_
        rejected        |              | yahoodns.net*[tss
        userunknown     |              | delivery error: dd
        userunknown     |              | address not found **
        securityerror   |              | zoho.com*policy violation
        securityerror   |              | zoho.com*flagged as spam
        virusdetected   |              | mimecast.com*rejected due to security policies
        rejected        | DATA         | docomo.ne.jp*unknown user
        userunknown     |              | 542 * rejected
        userunknown     |              | not listed in
        suspend         |              | bouncecategory: inactive-mailbox
        mailboxfull     |              | bouncecategory: quota-issues
        hostunknown     |              | bouncecategory: bad-domain
        norelaying      |              | bouncecategory: relaying-issues
        expired         |              | bouncecategory: message-expired
        filtered        |              | 550 : user unknown
        filtered        |              | 550: : user unknown
        userunknown     |              | ezweb.ne.jp>: user unknown
        userunknown     |              | au.com>: user unknown
        userunknown     |              | uqmobile.jp>: user unknown
        notaccept       |              | not accept mail
        spamdetected    |              | spam classification
        userunknown     |              | because the address couldn't be found
        filtered        |              | (state 17)
        filtered        |              | (state 18)
        filtered        |              | due to recipient preferences
        toomanyconn     |              | aup#in-13
        blocked         |              | aup#
        rejected        |              | all recipient addresses rejected
        rejected        | 5.7.124      |
        securityerror   | 5.7.12       |
        securityerror   | 5.7.133      |
        securityerror   | 5.7.134      |
        securityerror   | 5.7.136      |
        securityerror   | 5.7.57       |
        securityerror   | 5.7.515      |
        norelaying      | 5.7.64       |
        rejected        | 5.7.501      | spam abuse detected
        rejected        | 5.7.502      |
        rejected        | 5.7.503      |
        rejected        | 5.7.511      |
        filtered        | 5.7.505      |
        filtered        | 5.7.507      |
        blocked         | 5.7.506      |
        speeding        | 5.7.508      |
        blocked         | 5.7.510      |
        notcompliantrfc | 5.7.512      |
        blocked         | 5.7.513      |
        blocked         | 5.7.606-649  |
        speeding        | 5.7.705      |
        blocked         | 5.7.700-749  |
        rejected        | 5.7.750      |
        blocked         | 4.7.500-699  |
        blocked         | 4.7.850-899  |
        speeding        | 5.7.232      |
        speeding        | 5.7.233      |
        speeding        | 5.7.236      |
        speeding        | 5.1.90       |
        rejected        | 5.2.252      |
        rejected        | 5.7.60       |
        systemerror     | 5.3.190      |
        contenterror    | 5.0.350      | header is too long
        policyviolation | 5.7.520      |
        speeding        | 5.2.121      |
        speeding        | 5.2.122      |
        toomanyconn     | 4.3.2        | thread limit
        toomanyconn     | 4.5.3        |
        networkerror    | 5.4.312      |
        hostunknown     | 5.4.310      |
        expired         | 5.4.300      |
        expired         | x.4.316      |
        """;
}
