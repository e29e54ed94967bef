using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Passerelle.Lab.Hosting;

/// <summary>The listeners by name, so that a port of 0 can be told to others once Kestrel has bound it.</summary>
internal sealed class LabListeners
{
    public const string Https = "https";
    public const string Http = "http";
    public const string Smtp = "smtp";
    public const string Mx = "mx";
    public const string Imap = "imap";
    public const string ImapStartTls = "imap-starttls";
    public const string Dns = "dns";

    private readonly Dictionary<string, ListenOptions> _byName = [];
    private readonly Dictionary<string, int> _others = [];

    /// <summary>Opens one loopback listener; there is no way to bind anything else.</summary>
    public void Listen(KestrelServerOptions kestrel, string name, int port, Action<ListenOptions> configure) =>
        kestrel.Listen(IPAddress.Loopback, port, listen =>
        {
            configure(listen);
            _byName[name] = listen;
        });

    /// <summary>For a listener that is not Kestrel's, such as DNS.</summary>
    public void Opened(string name, int port) => _others[name] = port;

    /// <summary>The bound port; before the start the one asked for, null when there is no such listener.</summary>
    public int? PortOf(string name) =>
        _byName.TryGetValue(name, out ListenOptions? listen) ? listen.IPEndPoint!.Port // Listen() always gives an IP end point
        : _others.TryGetValue(name, out var port) ? port
        : null;
}
