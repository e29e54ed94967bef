namespace Passerelle.Clients.Tests.Senders;

/// <summary>Postfix of Debian, with configuration and queue of its own beside any that is installed.</summary>
internal sealed class PostfixServer : MailServer
{
    private string _configuration = "";

    private PostfixServer()
        : base("postfix")
    {
    }

    /// <param name="gateway">A port of loopback.</param>
    /// <param name="lmtp">It keeps the queue and hands over by LMTP (RFC 2033), as a Postfix in front of the gateway does.</param>
    public static async Task<PostfixServer> StartAsync(int gateway, bool lmtp = false)
    {
        var server = new PostfixServer();
        var queue = Path.Combine(server.Folder, "queue");
        var data = Path.Combine(server.Folder, "data");
        Directory.CreateDirectory(queue);
        Directory.CreateDirectory(data);
        server._configuration = Path.GetDirectoryName(server.Write("etc/main.cf", $"""
            compatibility_level = 3.6
            queue_directory = {queue}
            data_directory = {data}
            maillog_file = {Path.Combine(server.Folder, "log")}
            maillog_file_prefixes = {server.Folder}
            myhostname = sender.fabrikam.example
            mydestination =
            inet_interfaces = loopback-only
            {(lmtp ? $"default_transport = lmtp:inet:127.0.0.1:{gateway}" : $"relayhost = [127.0.0.1]:{gateway}")}
            lmtp_tls_security_level = encrypt
            smtp_tls_security_level = encrypt
            message_size_limit = 60000000
            alias_maps =
            alias_database =
            local_recipient_maps =

            """)) ?? server.Folder;
        server.Write("etc/master.cf", $"""
            127.0.0.1:{server.Port} inet n - n - - smtpd
            postlog unix-dgram n - n - 1 postlogd
            pickup unix n - n 60 1 pickup
            cleanup unix n - n - 0 cleanup
            qmgr unix n - n 300 1 qmgr
            tlsmgr unix - - n 1000? 1 tlsmgr
            rewrite unix - - n - - trivial-rewrite
            bounce unix - - n - 0 bounce
            defer unix - - n - 0 bounce
            trace unix - - n - 0 bounce
            verify unix - - n - 1 verify
            proxymap unix - - n - - proxymap
            smtp unix - - n - - smtp
            lmtp unix - - n - - lmtp
            error unix - - n - - error
            retry unix - - n - - error
            anvil unix - - n - 1 anvil
            scache unix - - n - 1 scache

            """);
        await Programs.RunAsync("chown", ["postfix", data]);
        (var code, var said) = await Programs.RunAsync("postfix", ["-c", server._configuration, "start"]);
        Assert.True(code == 0, said);
        await server.ListensAsync(() => File.ReadAllText(Path.Combine(server.Folder, "log")));
        return server;
    }

    public override async ValueTask DisposeAsync()
    {
        await Programs.RunAsync("postfix", ["-c", _configuration, "stop"]);
        Directory.Delete(Folder, recursive: true);
    }
}
