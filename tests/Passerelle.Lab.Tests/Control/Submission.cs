using System.Text;
using Passerelle.Lab.Tests.Exchange;

namespace Passerelle.Lab.Tests.Control;

/// <summary>AUTH by hand against the fixture's submission port.</summary>
internal static class Submission
{
    public static Task<string> SignInAsync(Dialogue smtp, string mailbox, string token) =>
        smtp.SayAsync("AUTH XOAUTH2 " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"user={mailbox}\u0001auth=Bearer {token}\u0001\u0001")));
}
