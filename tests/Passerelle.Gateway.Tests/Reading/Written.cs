namespace Passerelle.Gateway.Tests.Reading;

/// <summary>Mails that customers write in tests.</summary>
internal static class Written
{
    public static string Mail(
        string id = "one@fabrikam.example", string from = "Ann Bell <ann@fabrikam.example>", string subject = "A question",
        string text = "Where is my order?", string headers = "") =>
        $"""
        From: {from}
        To: support@contoso.example
        Subject: {subject}
        Date: Sun, 01 Nov 2026 11:59:00 +0000
        Message-ID: <{id}>
        MIME-Version: 1.0
        Content-Type: text/plain; charset=utf-8
        {(headers.Length > 0 ? headers + "\n" : "")}
        {text}

        """.ReplaceLineEndings("\r\n");
}
