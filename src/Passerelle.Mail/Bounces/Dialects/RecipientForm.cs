using System.Text.RegularExpressions;

namespace Passerelle.Mail.Bounces.Dialects;

/// <summary>The ways in which reports write down for whom a mail failed. Group <c>to</c> is the address, <c>why</c> the words beside it.
/// From one to the next lies what the report says of that recipient.</summary>
internal static partial class RecipientForm
{
    /// <summary>"&lt;ann@x&gt;: why" and "ann@x:" with the words on the next line: qmail, Postfix, Exim, Yahoo.</summary>
    [GeneratedRegex($@"^[ \t>]*[<""]{{0,2}}{Address}["">]{{0,2}}:[ \t]*(?<why>[^\n]*)$", Lines)]
    public static partial Regex Colon();

    /// <summary>The address alone on its line, with bullets or brackets; Outlook repeats it as a link.</summary>
    [GeneratedRegex($@"^[ \t>*\-]*[<""]{{0,2}}{Address}["">]{{0,2}}(?:<mailto:[^\n>]*>)?(?:[ \t]+<[^\s<>@]+@[^\s<>]+>)?[ \t]*$", Lines)]
    public static partial Regex Alone();

    /// <summary>"ann@x on Thu, 29 Apr": Exchange 5.5 and 2003.</summary>
    [GeneratedRegex($@"^[ \t]*{Address} on [^\n]*\d[^\n]*$", Lines)]
    public static partial Regex OnDate();

    /// <summary>"ann@x [why]" and "ann@x why".</summary>
    [GeneratedRegex($@"^[ \t]*<?{Address}>?,?[ \t]+\[?(?<why>[^\n]+)$", Lines)]
    public static partial Regex ThenWords();

    /// <summary>"why: ann@x": SMTP32.</summary>
    [GeneratedRegex($@"^(?<why>[^\n:]{{5,100}}):[ \t]*<?{Address}>?[ \t]*$", Lines)]
    public static partial Regex AfterWords();

    /// <summary>"Recipient: ann@x", "Final-Recipient: rfc822; ann@x", "RCPT TO:&lt;ann@x&gt;".</summary>
    [GeneratedRegex($@"(?:final-recipient|original-recipient|recipient address|following recipient|recipients?|rcpt to|address|delivery failed|failed recipient|unable to deliver message to|to):[ \t]*(?:rfc822;)?[ \t]*<?{Address}>?", Lines)]
    public static partial Regex Labelled();

    /// <summary>The address beside its label in another language, with a colon or in the next cell of a table: QQ, NetEase, Naver, localised Exchange and Postfix.</summary>
    [GeneratedRegex($@"(?:(?:无法发送到|無法發送到|无法送达|收件人(?:邮件)?(?:地址)?|收件者|受信者|宛先|送信先|받는\s?사람|수신(?:자|인)|destinataires?|empf(?:ä|ae)nger|destinat[aá]rios?|destinatarios?|destinatari[oa]?|geadresseerden?|ontvangers?|odbiorc[ay]|adresat|mottagare|modtagere?|mottakere?|vastaanottajat?|p(?:ř|r)íjemce|adres(?:á|a)t|получател[ья]|адресат|одержувач|címzett|al(?:ı|i)c(?:ı|i))[ \t]*[:：(（]?[ \t\n]*<?{Address}>?)", Lines)]
    public static partial Regex OtherLabel();

    /// <summary>Gmail's sentence in its many languages: the address stands within a sentence below the line between two pairs of asterisks.</summary>
    [GeneratedRegex($@"^\*\* [^\n]{{3,100}} \*\*[ \t]*\n+[^\n@]{{0,200}}[ \t\n«""'„]{Address}", Lines)]
    public static partial Regex Starred();

    /// <summary>"Failed to deliver to 'ann@x'": CommuniGate.</summary>
    [GeneratedRegex($@"failed to deliver to[ \t\n]+['""<]{Address}['"">]", Lines)]
    public static partial Regex Quoted();

    /// <summary>"[SMTP:ann@x]: why": MailEnable.</summary>
    [GeneratedRegex($@"^[ \t]*\[SMTP:{Address}\]:?[ \t]*(?<why>[^\n]*)$", Lines)]
    public static partial Regex Typed();

    /// <summary>Within a sentence.</summary>
    [GeneratedRegex($@"(?:undeliverable to|your mail to|your message to|message to|delivered to:?|reach|rejected recipient|errors:|email to group|mailing list|Message-ID in|mailbox is full:|recipient|group)[ \t\n]+<?{Address}>?", Lines)]
    public static partial Regex Sentence();

    /// <summary>The transcript of a session: "554 &lt;ann@x&gt;... why", "550 ann@x... why", and without a code while it waits: "&lt;ann@x&gt;... Deferred: why".</summary>
    [GeneratedRegex($@"^[ \t<]*(?:[45]\d\d[ -](?:[45]\.\d+\.\d+ )?<?{Address}>?(?<why>[^\n]*)|<?{Address}>?\.\.\. (?<why>deferred[^\n]*))$", Lines)]
    public static partial Regex Transcript();

    /// <summary>What a server answered, with the address at its end: "550 Address not known here: ann@x" (Mercury).</summary>
    [GeneratedRegex($@"^[ \t]*(?<why>[45]\d\d[ -][^\n@]{{3,150}}[ :])<?{Address}>?[ \t.]*$", Lines)]
    public static partial Regex Said();

    private const string Address = @"(?<to>(?:[^\s<>""(),:;@\[\]\\\u201c\u201d\u3000-\u303f\uff00-\uffef]{1,100}|""[^""\n]{1,100}"")@[^\s<>""(),:;@\[\]\\\u201c\u201d\u3000-\u303f\uff00-\uffef]{1,255})";
    private const RegexOptions Lines = RegexOptions.IgnoreCase | RegexOptions.Multiline;
}
