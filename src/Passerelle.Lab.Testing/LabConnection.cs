using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Passerelle.Lab.Testing;

/// <summary>Talks to a running lab through its public doors, whichever process it lives in.</summary>
public sealed class LabConnection : IDisposable
{
    private readonly X509Certificate2 _root;

    public LabConnection(LabAddresses endpoints)
    {
        Endpoints = endpoints;
        _root = X509CertificateLoader.LoadCertificateFromFile(endpoints.CaCertificate);
        Http = Client(followRedirects: false, cookies: false);
        HttpClient control = Client(followRedirects: false, cookies: false);
        control.BaseAddress = endpoints.Control;
        control.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", endpoints.ControlBearer);
        Control = new LabControl(control);
    }

    public LabAddresses Endpoints { get; }

    /// <summary>Trusts the lab's CA and nothing else; follows no redirect; base address is the https one.</summary>
    public HttpClient Http { get; }

    /// <summary>The control API, typed.</summary>
    public LabControl Control { get; }

    /// <summary>A client of your own that trusts the lab, for instance to give to MSAL.</summary>
    public HttpClient Client(bool followRedirects, bool cookies) =>
        new(Handler(followRedirects, cookies)) { BaseAddress = Endpoints.Https };

    /// <summary>The certificate check of a handler or a mail client: the lab's CA and nothing else.</summary>
    public bool Trusts(X509Certificate2? certificate)
    {
        if (certificate is null) return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(_root);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }

    /// <summary>A browser without scripts: cookies, forms, no redirect out of the lab.</summary>
    public LabBrowser Browser() => new(Client(followRedirects: false, cookies: true));

    /// <summary>Directory Contoso with support@ and sales@, customers at an outside domain, and one registered application.
    /// SMTP AUTH is off as in a new directory, so that a caller switches on what it needs; security defaults are off too.</summary>
    /// <param name="lab">Also part of the domains, because a domain belongs to one lab of a host.</param>
    public Task<Contoso> ContosoAsync(string lab, string redirectUri, CancellationToken cancel) =>
        Contoso.MakeAsync(Control, lab, redirectUri, cancel);

    public void Dispose()
    {
        Http.Dispose();
        Control.Dispose();
        _root.Dispose();
    }

    private SocketsHttpHandler Handler(bool followRedirects, bool cookies) => new()
    {
        AllowAutoRedirect = followRedirects,
        UseCookies = cookies,
        SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
                (errors & SslPolicyErrors.RemoteCertificateNameMismatch) == 0 && Trusts(certificate as X509Certificate2),
        },
    };
}
