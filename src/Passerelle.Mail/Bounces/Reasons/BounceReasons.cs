namespace Passerelle.Mail.Bounces.Reasons;

/// <summary>The words for why a mail came back: those that Sisimai made common, so that a flow written for one works with the other.</summary>
internal static class BounceReasons
{
    public static readonly IReadOnlySet<string> All = new HashSet<string>(StringComparer.Ordinal)
    {
        "userunknown", "mailboxfull", "filtered", "expired", "rejected", "blocked", "hostunknown", "networkerror", "authfailure",
        "policyviolation", "requireptr", "suspend", "spamdetected", "securityerror", "notaccept", "systemerror", "mailererror",
        "mesgtoobig", "norelaying", "onhold", "hasmoved", "toomanyconn", "contenterror", "exceedlimit", "badreputation",
        "notcompliantrfc", "virusdetected", "syntaxerror", "speeding", "systemfull", "failedstarttls", "feedback", "delivered",
        "vacation", "undefined",
    };
}
