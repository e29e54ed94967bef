using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Npgsql;
using Passerelle.Gateway.Cluster;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Store.Sealing;

namespace Passerelle.Gateway.Hosting;

/// <summary>A start that failed for a reason the operator can mend, as one sentence that says what to do.</summary>
internal static class StartFailure
{
    /// <returns>Null: a fault of ours, to be shown with its stack.</returns>
    public static string? Sentence(Exception failure) => failure switch
    {
        DataFolderTaken or KeyFileUnusable or StoreIsNewer or BackupRefused or NodeNameTaken => OneLine(failure.Message),
        OptionsValidationException wrong => $"A setting is wrong: {string.Join("; ", wrong.Failures.Select(why => $"{SectionOf(wrong)}:{OneLine(why)}"))}",
        InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" } wrong => $"A setting is wrong: {OneLine(wrong.Message)}",
        FormatException => "A setting is wrong: an address is none. See Http:Address, Http:TrustedProxies, Receiving:Endpoints and Receiving:UnlimitedFrom.",
        AggregateException { InnerExceptions: [var first, ..] } => Sentence(first),
        IOException { InnerException: AddressInUseException or SocketException } busy =>
            $"{OneLine(busy.Message).TrimEnd('.')}. Stop what listens there, or choose another address with --Http:Port or --Receiving:Endpoints:0.",
        SocketException { SocketErrorCode: SocketError.AccessDenied } =>
            "A port below 1024 may not be opened by this user: grant CAP_NET_BIND_SERVICE, or choose a higher port.",
        CryptographicException or FileNotFoundException or DirectoryNotFoundException =>
            $"A certificate or key file cannot be read: {OneLine(failure.Message)} See Http:CertificateFile, Http:KeyFile and Receiving:CertificateFile.",
        UnauthorizedAccessException => $"{OneLine(failure.Message)} Give this user the right to it, or choose another folder with --data.",
        NpgsqlException => $"PostgreSQL cannot be used: {OneLine(failure.Message)} See Store:Postgres.",
        IOException => OneLine(failure.Message),
        _ => null,
    };

    /// <summary>Options classes are named after their sections.</summary>
    private static string SectionOf(OptionsValidationException wrong) => wrong.OptionsType.Name.Replace("Options", "", StringComparison.Ordinal);

    private static string OneLine(string text) => string.Join(' ', text.Split((char[])['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
