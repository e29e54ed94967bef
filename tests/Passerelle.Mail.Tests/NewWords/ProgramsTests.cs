namespace Passerelle.Mail.Tests.NewWords;

/// <summary>What mail programs of the world put below an answer, by the program that does it.</summary>
public class ProgramsTests
{
    private const string Own = "Yes, that works for me.\n\nCould you send it on Thursday?";
    private const string Old = "Dear Ann,\nwhen shall we send it?\n\nBob";
    private const string Oh = "<p>Yes, that works for me.</p><p>Could you send it on Thursday?</p>", Od = "<p>Dear Ann,</p><p>when shall we send it?</p>";

    public static TheoryData<string, string> Texts => new()
    {
        { "outlook en", "-----Original Message-----\nFrom: Bob Bell <bob@contoso.example>\nSent: Monday, March 2, 2026 10:00 AM\nTo: ann@fabrikam.example\nSubject: Re: Order\n\n" + Old },
        { "outlook de", "-----Ursprüngliche Nachricht-----\nVon: Bob Bell <bob@contoso.example>\nGesendet: Montag, 2. März 2026 10:00\nAn: ann@fabrikam.example\nBetreff: AW: Order\n\n" + Old },
        { "thunderbird de", "Am 02.03.26 um 10:00 schrieb Bob Bell:\n" + Q(Old) },
        { "samsung en", "-------- Original message --------\nFrom: Bob Bell <bob@contoso.example>\nDate: 02/03/2026 10:00 (GMT+01:00)\nTo: ann@fabrikam.example\nSubject: Re: Order\n\n" + Old },
        { "samsung fr", "-------- Message d'origine --------\nDe : Bob Bell <bob@contoso.example>\nDate : 02/03/2026 10:00 (GMT+01:00)\nÀ : ann@fabrikam.example\nObjet : Re: Order\n\n" + Old },
        { "samsung de", "-------- Ursprüngliche Nachricht --------\nVon: Bob Bell <bob@contoso.example>\nDatum: 02.03.26 10:00 (GMT+01:00)\nAn: ann@fabrikam.example\nBetreff: Re: Order\n\n" + Old },
        { "samsung pl", "-------- Oryginalna wiadomość --------\nOd: Bob Bell <bob@contoso.example>\nData: 02.03.2026 10:00 (GMT+01:00)\nDo: ann@fabrikam.example\nTemat: Re: Order\n\n" + Old },
        { "samsung ko", "-------- 원본 이메일 --------\n발신: Bob Bell <bob@contoso.example>\n날짜: 26/3/2 오전 10:00 (GMT+09:00)\n수신: ann@fabrikam.example\n제목: Re: Order\n\n" + Old },
        { "samsung es", "-------- Mensaje original --------\nDe: Bob Bell <bob@contoso.example>\nFecha: 2/3/26 10:00 (GMT+01:00)\nA: ann@fabrikam.example\nAsunto: Re: Order\n\n" + Old },
        { "samsung it", "-------- Messaggio originale --------\nDa: Bob Bell <bob@contoso.example>\nData: 02/03/26 10:00 (GMT+01:00)\nA: ann@fabrikam.example\nOggetto: Re: Order\n\n" + Old },
        { "samsung nl", "-------- Oorspronkelijk bericht --------\nVan: Bob Bell <bob@contoso.example>\nDatum: 02-03-2026 10:00 (GMT+01:00)\nAan: ann@fabrikam.example\nOnderwerp: Re: Order\n\n" + Old },
        { "samsung pt", "-------- Mensagem original --------\nDe: Bob Bell <bob@contoso.example>\nData: 02/03/2026 10:00 (GMT-03:00)\nPara: ann@fabrikam.example\nAssunto: Re: Order\n\n" + Old },
        { "samsung sv", "-------- Ursprungligt meddelande --------\nFrån: Bob Bell <bob@contoso.example>\nDatum: 2026-03-02 10:00 (GMT+01:00)\nTill: ann@fabrikam.example\nÄmne: Re: Order\n\n" + Old },
        { "samsung da", "-------- Oprindelig besked --------\nFra: Bob Bell <bob@contoso.example>\nDato: 02.03.2026 10.00 (GMT+01:00)\nTil: ann@fabrikam.example\nEmne: Re: Order\n\n" + Old },
        { "samsung no", "-------- Opprinnelig melding --------\nFra: Bob Bell <bob@contoso.example>\nDato: 02.03.2026 10:00 (GMT+01:00)\nTil: ann@fabrikam.example\nEmne: Re: Order\n\n" + Old },
        { "samsung fi", "-------- Alkuperäinen viesti --------\nLähettäjä: Bob Bell <bob@contoso.example>\nPäivämäärä: 2.3.2026 10.00 (GMT+02:00)\nSaaja: ann@fabrikam.example\nAihe: Re: Order\n\n" + Old },
        { "samsung cs", "-------- Původní zpráva --------\nOd: Bob Bell <bob@contoso.example>\nDatum: 02.03.26 10:00 (GMT+01:00)\nKomu: ann@fabrikam.example\nPředmět: Re: Order\n\n" + Old },
        { "samsung ru", "-------- Исходное сообщение --------\nОт: Bob Bell <bob@contoso.example>\nДата: 02.03.2026 10:00 (GMT+03:00)\nКому: ann@fabrikam.example\nТема: Re: Order\n\n" + Old },
        { "samsung zh", "-------- 原始邮件 --------\n发件人： Bob Bell <bob@contoso.example>\n日期： 2026/3/2 10:00 (GMT+08:00)\n收件人： ann@fabrikam.example\n主题： Re: Order\n\n" + Old },
        { "samsung ja", "-------- 元のメッセージ --------\nFrom: Bob Bell <bob@contoso.example>\n日付: 2026/03/02 10:00 (GMT+09:00)\n宛先: ann@fabrikam.example\n件名: Re: Order\n\n" + Old },
        { "yahoo en", "    On Monday, March 2, 2026 at 10:00:00 AM GMT+1, Bob Bell <bob@contoso.example> wrote:  \n \n " + Old.Replace("\n","\n ") },
        { "yahoo fr", "    Le lundi 2 mars 2026 à 10:00:00 UTC+1, Bob Bell <bob@contoso.example> a écrit :  \n \n " + Old.Replace("\n","\n ") },
        { "yahoo de", "    Am Montag, 2. März 2026 um 10:00:00 MEZ hat Bob Bell <bob@contoso.example> Folgendes geschrieben:  \n \n " + Old.Replace("\n","\n ") },
        { "yahoo es", "    El lunes, 2 de marzo de 2026, 10:00:00 CET, Bob Bell <bob@contoso.example> escribió:  \n \n " + Old.Replace("\n","\n ") },
        { "yahoo it", "    Il lunedì 2 marzo 2026 alle ore 10:00:00 CET, Bob Bell <bob@contoso.example> ha scritto:  \n \n " + Old.Replace("\n","\n ") },
        { "yahoo pt", "    Em segunda-feira, 2 de março de 2026 10:00:00 BRT, Bob Bell <bob@contoso.example> escreveu:  \n \n " + Old.Replace("\n","\n ") },
        { "proton", "Sent with Proton Mail secure email.\n\n------- Original Message -------\nOn Monday, March 2nd, 2026 at 10:00 AM, Bob Bell <bob@contoso.example> wrote:\n\n\n" + Q(Old) },
        { "proton new", "Sent with [Proton Mail](https://proton.me/) secure email.\n\nOn Monday, March 2nd, 2026 at 10:00 AM, Bob Bell <bob@contoso.example> wrote:\n\n" + Q(Old) },
        { "qq", "------------------ 原始邮件 ------------------\n发件人: \"Bob Bell\" <bob@contoso.example>;\n发送时间: 2026年3月2日(星期一) 上午10:00\n收件人: \"Ann\"<ann@fabrikam.example>;\n主题: Re: Order\n\n" + Old },
        { "163", "在 2026-03-02 10:00:00，\"Bob Bell\" <bob@contoso.example> 写道：\n\n" + Q(Old) },
        { "163 en", "At 2026-03-02 10:00:00, \"Bob Bell\" <bob@contoso.example> wrote:\n" + Q(Old) },
        { "naver", "-----Original Message-----\nFrom: \"Bob Bell\"<bob@contoso.example>\nTo: ann@fabrikam.example\nCc:\nSent: 2026-03-02 (월) 10:00:00 (GMT+09:00)\nSubject: Re: Order\n\n" + Old },
        { "daum", "--------- 원본 메일 ---------\n보낸사람: Bob Bell <bob@contoso.example>\n받는사람 : ann@fabrikam.example\n날짜: 2026년 3월 02일 월요일, 10시 00분 00초 +0900\n제목: Re: Order\n\n" + Old },
        { "mail.ru", "Понедельник, 2 марта 2026, 10:00 +03:00 от Bob Bell <bob@contoso.example>:\n\n" + Q(Old) },
        { "yandex", "02.03.2026, 10:00, \"Bob Bell\" <bob@contoso.example>:\n" + Q(Old) },
        { "wp", "Dnia 2 marca 2026 10:00 Bob Bell <bob@contoso.example> napisał(a):\n\n" + Old },
        { "onet", "W dniu 2026-03-02 10:00:00 użytkownik Bob Bell <bob@contoso.example> napisał:\n" + Q(Old) },
        { "seznam", "---------- Původní e-mail ----------\nOd: Bob Bell <bob@contoso.example>\nKomu: ann@fabrikam.example\nDatum: 2. 3. 2026 10:00:00\nPředmět: Re: Order\n\"" + Old + "\"" },
        { "t-online", "-----Original-Nachricht-----\nBetreff: Re: Order\nDatum: 2026-03-02T10:00:00+0100\nVon: \"Bob Bell\" <bob@contoso.example>\nAn: \"ann@fabrikam.example\" <ann@fabrikam.example>\n\n" + Old },
        { "gmx", "Gesendet: Montag, 02. März 2026 um 10:00 Uhr\nVon: \"Bob Bell\" <bob@contoso.example>\nAn: ann@fabrikam.example\nBetreff: Re: Order\n\n" + Old },
        { "gmx new", "Gesendet: Montag, 2. März 2026 um 10:00\nVon: \"Bob Bell\" <bob@contoso.example>\nAn: ann@fabrikam.example\nBetreff: Re: Order\n" + Old },
        { "libero", "Il 2 marzo 2026 alle 10.00 Bob Bell <bob@contoso.example> ha scritto:\n" + Q(Old) },
        { "orange", "> Message du 02/03/26 10:00\n> De : \"Bob Bell\" <bob@contoso.example>\n> A : ann@fabrikam.example\n> Copie à : \n> Objet : Re: Order\n> \n" + Q(Old) },
        { "blackberry", "From: Bob Bell [mailto:bob@contoso.example]\nSent: Monday, March 02, 2026 10:00 AM\nTo: Ann Bell\nSubject: Re: Order\n\n" + Old },
        { "zoho", "---- On Mon, 02 Mar 2026 10:00:00 +0100 Bob Bell <bob@contoso.example> wrote ----\n\n" + Q(Old) },
        { "zoho 2", "---- On Mon, 02 Mar 2026 10:00:00 +0100 bob@contoso.example wrote ----\n\n " + Old },
        { "lotus", "From:        Bob Bell/Contoso\nTo:        ann@fabrikam.example\nDate:        02/03/2026 10:00\nSubject:        Re: Order\n\n\n\n" + Old },
        { "hey", "On March 2, 2026, Bob Bell <bob@contoso.example> wrote:\n" + Q(Old) },
        { "spark", "On 2 Mar 2026, 10:00 +0100, Bob Bell <bob@contoso.example>, wrote:\n" + Q(Old) },
        { "fastmail", "On Mon, Mar 2, 2026, at 10:00 AM, Bob Bell wrote:\n" + Q(Old) },
        { "em client", "------ Original Message ------\nFrom \"Bob Bell\" <bob@contoso.example>\nTo \"Ann Bell\" <ann@fabrikam.example>\nDate 02/03/2026 10:00:00\nSubject Re: Order\n\n" + Old },
        { "em client de", "------ Originalnachricht ------\nVon \"Bob Bell\" <bob@contoso.example>\nAn \"Ann Bell\" <ann@fabrikam.example>\nDatum 02.03.2026 10:00:00\nBetreff Re: Order\n\n" + Old },
        { "em client fr", "------ Message d'origine ------\nDe \"Bob Bell\" <bob@contoso.example>\nÀ \"Ann Bell\" <ann@fabrikam.example>\nDate 02/03/2026 10:00:00\nObjet Re: Order\n\n" + Old },
        { "mailbird", "On 2/03/2026 10:00:00 AM, Bob Bell <bob@contoso.example> wrote:\n" + Old },
        { "evolution", "On Mon, 2026-03-02 at 10:00 +0100, Bob Bell wrote:\n" + Q(Old) },
        { "evolution de", "Am Montag, dem 02.03.2026 um 10:00 +0100 schrieb Bob Bell:\n" + Q(Old) },
        { "kmail", "On Monday, 2 March 2026 10:00:00 CET Bob Bell wrote:\n" + Q(Old) },
        { "mutt", "* Bob Bell <bob@contoso.example> [2026-03-02 10:00]:\n" + Q(Old) },
        { "roundcube", "On 2026-03-02 10:00, Bob Bell wrote:\n" + Q(Old) },
        { "roundcube de", "Am 2026-03-02 10:00, schrieb Bob Bell:\n" + Q(Old) },
        { "roundcube fr", "Le 2026-03-02 10:00, Bob Bell a écrit :\n" + Q(Old) },
        { "roundcube pl", "W dniu 2026-03-02 10:00, Bob Bell napisał(a):\n" + Q(Old) },
        { "roundcube nl", "Bob Bell schreef op 2026-03-02 10:00:\n" + Q(Old) },
        { "roundcube es", "El 2026-03-02 10:00, Bob Bell escribió:\n" + Q(Old) },
        { "yahoo jp", "----- Original Message -----\n\nFrom: Bob Bell <bob@contoso.example>\nTo: ann@fabrikam.example\nDate: 2026/3/2, Mon 10:00\nSubject: Re: Order\n\n" + Old },
        { "becky", "On Mon, 2 Mar 2026 10:00:00 +0900\nBob Bell <bob@contoso.example> wrote:\n\n" + Q(Old) },
        { "iphone ja", "iPhoneから送信\n\n2026/03/02 10:00、Bob Bell <bob@contoso.example>のメール:\n\n" + Q(Old) },
        { "outlook ja", "________________________________\n差出人: Bob Bell <bob@contoso.example>\n送信日時: 2026年3月2日 10:00\n宛先: ann@fabrikam.example <ann@fabrikam.example>\n件名: Re: Order\n\n" + Old },
        { "front", "On March 2, 2026 at 10:00 AM GMT+1 Bob Bell <bob@contoso.example> wrote:\n\n" + Q(Old) },
        { "zendesk", "##- Please type your reply above this line -##\n\nYou are registered as a CC on this support request (4711).\n\nBob Bell (Contoso)\nMar 2, 2026, 10:00 GMT+1\n\n" + Old },
        { "replyline", "--- Please reply above this line ---\n\n" + Old },
        { "replyline de", "-- Bitte antworten Sie oberhalb dieser Linie --\n\n" + Old },
        { "apple forward de", "Anfang der weitergeleiteten Nachricht:\n\nVon: Bob Bell <bob@contoso.example>\nBetreff: Order\nDatum: 2. März 2026 um 10:00:00 MEZ\nAn: ann@fabrikam.example\n\n" + Old },
        { "gmail forward", "---------- Forwarded message ---------\nFrom: Bob Bell <bob@contoso.example>\nDate: Mon, Mar 2, 2026 at 10:00 AM\nSubject: Order\nTo: <ann@fabrikam.example>\n\n\n" + Old },
        { "outlook nb", "________________________________\nFra: Bob Bell <bob@contoso.example>\nSendt: mandag 2. mars 2026 10:00\nTil: ann@fabrikam.example <ann@fabrikam.example>\nEmne: SV: Order\n\n" + Old },
        { "gmail tr", "Bob Bell <bob@contoso.example>, 2 Mar 2026 Pzt, 10:00 tarihinde şunu yazdı:\n\n" + Q(Old) },
        { "apple en time", "> On 2 Mar 2026, at 10:00, Bob Bell <bob@contoso.example> wrote:\n> \n" + Q(Old) },
        { "apple ru", "> 2 марта 2026 г., в 10:00, Bob Bell <bob@contoso.example> написал(а):\n> \n" + Q(Old) },
        { "outlook mobile", "Get Outlook for iOS<https://aka.ms/o0ukef>\n________________________________\nFrom: Bob Bell <bob@contoso.example>\nSent: Monday, March 2, 2026 10:00:00 AM\nTo: ann@fabrikam.example <ann@fabrikam.example>\nSubject: Re: Order\n\n" + Old },
        { "sig then quote", "-- \nAnn Bell\nFabrikam Ltd\n\nOn Mon, Mar 2, 2026 at 10:00 AM Bob Bell <bob@contoso.example> wrote:\n\n" + Q(Old) },
    };

    [Theory, MemberData(nameof(Texts))]
    public void What_a_program_puts_below_an_answer_is_not_of_it(string program, string below) => Assert.True(ReplyText.Of($"{Own}\n\n{below}\n") == Own, program);

    public static TheoryData<string, string> Documents => new()
    {
        { "gmail", "<br><div class=\"gmail_quote gmail_quote_container\"><div dir=\"ltr\" class=\"gmail_attr\">On Mon, Mar 2, 2026 at 10:00 AM Bob Bell &lt;<a href=\"mailto:bob@contoso.example\">bob@contoso.example</a>&gt; wrote:<br></div><blockquote class=\"gmail_quote\" style=\"margin:0px 0px 0px 0.8ex\">" + Od + "</blockquote></div>" },
        { "owa", "<div id=\"appendonsend\"></div><hr style=\"display:inline-block;width:98%\" tabindex=\"-1\"><div id=\"divRplyFwdMsg\" dir=\"ltr\"><font face=\"Calibri\"><b>From:</b> Bob Bell &lt;bob@contoso.example&gt;<br><b>Sent:</b> Monday, March 2, 2026 10:00 AM<br><b>To:</b> Ann<br><b>Subject:</b> Re: Order</font><div>&nbsp;</div></div><div>" + Od + "</div>" },
        { "hotmail", "<hr id=\"stopSpelling\">Date: Mon, 2 Mar 2026 10:00:00 +0100<br>From: bob@contoso.example<br>To: ann@fabrikam.example<br>Subject: Re: Order<br><br>" + Od },
        { "yahoo", "<div id=\"ydp12345678yahoo_quoted_1\" class=\"yahoo_quoted\"><div>On Monday, March 2, 2026 at 10:00:00 AM GMT+1, Bob Bell &lt;bob@contoso.example&gt; wrote:</div><div>" + Od + "</div></div>" },
        { "apple", "<div><br><blockquote type=\"cite\"><div>On 2 Mar 2026, at 10:00, Bob Bell &lt;bob@contoso.example&gt; wrote:</div><br class=\"Apple-interchange-newline\"><div>" + Od + "</div></blockquote></div>" },
        { "thunderbird", "<div class=\"moz-cite-prefix\">On 02/03/2026 10:00, Bob Bell wrote:<br></div><blockquote type=\"cite\" cite=\"mid:one@contoso.example\">" + Od + "</blockquote>" },
        { "proton", "<div class=\"protonmail_signature_block\"><div class=\"protonmail_signature_block-proton\">Sent with <a>Proton Mail</a> secure email.</div></div><div class=\"protonmail_quote\">On Monday, March 2nd, 2026 at 10:00 AM, Bob Bell &lt;bob@contoso.example&gt; wrote:<br><blockquote class=\"protonmail_quote\" type=\"cite\">" + Od + "</blockquote></div>" },
        { "zoho", "<div class=\"zmail_extra\"><div>---- On Mon, 02 Mar 2026 10:00:00 +0100 Bob Bell &lt;bob@contoso.example&gt; wrote ----</div><blockquote>" + Od + "</blockquote></div>" },
        { "qq", "<div><includetail><div>------------------ 原始邮件 ------------------</div><div style=\"font-size:12px\"><div><b>发件人:</b> \"Bob\" &lt;bob@contoso.example&gt;;</div><div><b>发送时间:</b> 2026年3月2日(星期一) 上午10:00</div><div><b>收件人:</b> \"Ann\"&lt;ann@fabrikam.example&gt;;</div><div><b>主题:</b> Re: Order</div></div>" + Od + "</includetail></div>" },
        { "163", "<pre>At 2026-03-02 10:00:00, \"Bob\" &lt;bob@contoso.example&gt; wrote:\n</pre><blockquote id=\"isReplyContent\" style=\"PADDING-LEFT: 1ex\">" + Od + "</blockquote>" },
        { "mail.ru", "<blockquote style=\"border-left:1px solid #0857A6;margin:10px\">Понедельник, 2 марта 2026, 10:00 +03:00 от Bob &lt;bob@contoso.example&gt;:<br><div>" + Od + "</div></blockquote>" },
        { "yandex", "<div>02.03.2026, 10:00, \"Bob Bell\" &lt;bob@contoso.example&gt;:</div><blockquote>" + Od + "</blockquote>" },
        { "outlook word", "<div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p class=MsoNormal><b>Von:</b> Bob Bell &lt;bob@contoso.example&gt; <br><b>Gesendet:</b> Montag, 2. März 2026 10:00<br><b>An:</b> Ann<br><b>Betreff:</b> AW: Order<o:p></o:p></p></div>" + Od },
        { "outlook ios", "<div id=\"ms-outlook-mobile-signature\"><div></div>Get <a href=\"https://aka.ms/o0ukef\">Outlook for iOS</a></div><div id=\"mail-editor-reference-message-container\"><hr><div id=\"divRplyFwdMsg\"><b>From:</b> Bob &lt;bob@contoso.example&gt;<br><b>Sent:</b> Monday<br><b>To:</b> Ann<br><b>Subject:</b> Order</div>" + Od + "</div>" },
        { "spark", "<div name=\"messageSignatureSection\">Sent from Spark</div><div name=\"messageReplySection\">On 2 Mar 2026, 10:00 +0100, Bob &lt;bob@contoso.example&gt;, wrote:<br><blockquote type=\"cite\" style=\"margin:5px\">" + Od + "</blockquote></div>" },
        { "fastmail", "<div>On Mon, Mar 2, 2026, at 10:00 AM, Bob Bell wrote:<br></div><blockquote type=\"cite\" id=\"qt\">" + Od + "</blockquote>" },
        { "front", "<blockquote type=\"cite\" class=\"front-blockquote\">On March 2, 2026 at 10:00 AM GMT+1 <a>bob@contoso.example</a> wrote:<br>" + Od + "</blockquote>" },
        { "tutanota", "<div><br></div><div>2 Mar 2026, 10:00 by bob@contoso.example:<br></div><blockquote class=\"tutanota_quote\" style=\"border-left:1px solid #93A3B8\">" + Od + "</blockquote>" },
        { "zimbra", "<hr id=\"zwchr\" data-marker=\"__DIVIDER__\"><div data-marker=\"__HEADERS__\"><blockquote style=\"border-left:2px solid #1010FF\"><b>From: </b>\"Bob\" &lt;bob@contoso.example&gt;<br><b>To: </b>ann<br><b>Sent: </b>Monday<br><b>Subject: </b>Re: Order<br></blockquote></div><div data-marker=\"__QUOTED_TEXT__\"><blockquote>" + Od + "</blockquote></div>" },
        { "airmail", "<p class=\"airmail_on\">On March 2, 2026 at 10:00:00, Bob (<a>bob@contoso.example</a>) wrote:</p><blockquote type=\"cite\" class=\"clean_bq\"><div>" + Od + "</div></blockquote>" },
        { "em client", "<div id=\"x1234\">------ Original Message ------</div><div>From \"Bob Bell\" &lt;<a>bob@contoso.example</a>&gt;</div><div>To \"Ann\" &lt;ann@fabrikam.example&gt;</div><div>Date 02/03/2026 10:00:00</div><div>Subject Re: Order</div><div><br></div><blockquote cite=\"x\" class=\"cite2\">" + Od + "</blockquote>" },
        { "samsung", "<div id=\"composer_signature\"><div style=\"font-size:85%\">Sent from my Galaxy</div></div><div><br></div><div style=\"font-size:100%;color:#000000\"><!-- originalMessage --><div>-------- Original message --------</div><div>From: Bob &lt;bob@contoso.example&gt; </div><div>Date: 02/03/2026  10:00  (GMT+01:00) </div><div>To: ann@fabrikam.example </div><div>Subject: Re: Order </div><div><br></div></div>" + Od },
        { "gmx", "<div class=\"signature\"></div><div name=\"quote\" style=\"margin:10px 5px 5px 10px\"><div style=\"margin:0 0 10px 0;\"><b>Gesendet:</b>&nbsp;Montag, 02. März 2026 um 10:00 Uhr<br/><b>Von:</b>&nbsp;\"Bob\" &lt;bob@contoso.example&gt;<br/><b>An:</b>&nbsp;ann@fabrikam.example<br/><b>Betreff:</b>&nbsp;Re: Order</div><div name=\"quoted-content\">" + Od + "</div></div>" },
        { "lotus", "<font size=1 color=#5f5f5f face=\"sans-serif\">From: </font><font size=1>Bob Bell &lt;bob@contoso.example&gt;</font><br><font size=1>To: </font><font size=1>ann@fabrikam.example</font><br><font size=1>Date: </font><font size=1>02/03/2026 10:00</font><br><font size=1>Subject: </font><font size=1>Re: Order</font><hr noshade>" + Od },
        { "naver", "<div class=\"__se_signature\"></div><div style=\"margin:10px 0\">-----Original Message-----<br><b>From:</b> \"Bob\"&lt;bob@contoso.example&gt;<br><b>To:</b> ann<br><b>Cc:</b><br><b>Sent:</b> 2026-03-02 (월) 10:00:00 (GMT+09:00)<br><b>Subject:</b> Re: Order<br><br></div>" + Od },
        { "k9", "<div class=\"gmail_quote\">Am 2. März 2026 10:00:00 MEZ schrieb Bob &lt;bob@contoso.example&gt;:<blockquote class=\"gmail_quote\">" + Od + "</blockquote></div><br>-- <br>Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet." },
    };

    [Theory, MemberData(nameof(Documents))]
    public void The_same_in_HTML(string program, string below) => Assert.True(ReplyText.CutHtml($"<html><body>{Oh}{below}</body></html>").Text == Own, program);

    [Theory]
    [InlineData("From the start: I never got it.\nSent: nothing. To: nobody.")]
    [InlineData("> 1.5 kg is too heavy\nSo please send less.")]
    [InlineData("I have two questions:\n\n1. When?\n2. Where?\n\n--\n\nAlso, is it red?")]
    [InlineData("Name: Ann\nOrder: 4711\nSubject: lamp\nDate: 2 March")]
    [InlineData("Date: 2 March 2026\nTo: Contoso\n\nI cancel my order.")]
    [InlineData("The error says:\n-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\nWhat now?")]
    [InlineData("Am Montag um 10:00 Uhr schrieb mir Ihr Kollege, es sei verschickt:\nbis heute ist nichts da.")]
    [InlineData("Please see what Bob Bell wrote:\nit is broken\nDo you agree?")]
    [InlineData("Best regards are due to Bob, he helped me.\n\nNow to the lamp: it flickers.")]
    [InlineData("_______\nSize: 3\n_______\nColour: red")]
    [InlineData("Thanks\nAnn\n\nPS: one more question - is it red?")]
    public void What_only_looks_like_it_is_the_persons_own(string words) => Assert.Equal(words, ReplyText.Of(words));

    [Fact]
    public void Answers_between_the_lines_of_a_quotation_stay()
    {
        string reply = ReplyText.Of("On Mon, Mar 2, 2026 at 10:00 AM Bob <bob@contoso.example> wrote:\n> When?\n\nOn Thursday.\n\n> Where?\n\nAt home.\n");
        Assert.Contains("On Thursday.", reply, StringComparison.Ordinal);
        Assert.Contains("At home.", reply, StringComparison.Ordinal);
    }

    private static string Q(string text) => string.Join('\n', text.Split('\n').Select(line => $"> {line}"));
}
