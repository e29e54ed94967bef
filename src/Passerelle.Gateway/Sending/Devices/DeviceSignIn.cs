using System.Text.Json;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Sending.Devices;

/// <summary>A sign-in under way on another device (RFC 8628): what the page shows and the polling goes by. One per app.</summary>
internal sealed record DeviceSignIn
{
    public const string Waiting = "waiting";
    public const string Connected = "connected";
    public const string Declined = "declined";
    public const string Expired = "expired";
    public const string Refused = "refused";
    public const string Stopped = "stopped";

    public required Guid OrganisationId { get; init; }
    public required Guid AppId { get; init; }

    /// <summary>Another one, begun later for the same app, has another id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Of the settings that it was begun under.</summary>
    public required long AppVersion { get; init; }

    /// <summary>Sealed.</summary>
    public required string DeviceCode { get; init; }
    public required string UserCode { get; init; }
    public required string VerificationUrl { get; init; }

    /// <summary>Empty when the provider publishes none.</summary>
    public required string Issuer { get; init; }
    public required long IntervalSeconds { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public required DateTimeOffset NextPollAt { get; init; }

    /// <summary>waiting, connected, declined, expired, refused or stopped.</summary>
    public required string State { get; init; }

    /// <summary>JSON of the finding that refused it.</summary>
    public string? Answer { get; init; }

    public Finding? Finding => Answer is { } json ? JsonSerializer.Deserialize<Finding>(json) : null;

    public static DeviceSignIn? Find(Tx tx, Guid organisationId, Guid appId) => tx.For(organisationId).One<DeviceSignIn>(
        "SELECT * FROM device_sign_in WHERE organisation_id = @organisation AND app_id = @appId", new { appId });

    /// <returns>Those whose time to ask has come, at most 50.</returns>
    public static List<DeviceSignIn> Due(Tx tx, DateTimeOffset now) => tx.Across("polling").List<DeviceSignIn>(
        """
        -- across: polling
        SELECT * FROM device_sign_in WHERE state = 'waiting' AND next_poll_at <= @now ORDER BY next_poll_at LIMIT 50
        """,
        new { now });

    /// <returns>When the next one is due; null when nobody waits.</returns>
    public static DateTimeOffset? NextDue(Tx tx) => tx.Across("polling").One<DateTimeOffset?>(
        """
        -- across: polling
        SELECT next_poll_at FROM device_sign_in WHERE state = 'waiting' ORDER BY next_poll_at LIMIT 1
        """);

    /// <summary>In the place of any earlier one of the app, whose device code is forgotten.</summary>
    public void Put(Tx tx) => tx.For(OrganisationId).Execute(
        """
        INSERT INTO device_sign_in (organisation_id, app_id, id, app_version, device_code, user_code, verification_url, issuer,
            interval_seconds, started_at, expires_at, next_poll_at, state)
        VALUES (@organisation, @AppId, @Id, @AppVersion, @DeviceCode, @UserCode, @VerificationUrl, @Issuer,
            @IntervalSeconds, @StartedAt, @ExpiresAt, @NextPollAt, @State)
        ON CONFLICT (organisation_id, app_id) DO UPDATE SET id = excluded.id, app_version = excluded.app_version,
            device_code = excluded.device_code, user_code = excluded.user_code, verification_url = excluded.verification_url,
            issuer = excluded.issuer, interval_seconds = excluded.interval_seconds, started_at = excluded.started_at,
            expires_at = excluded.expires_at, next_poll_at = excluded.next_poll_at, state = excluded.state, answer = NULL
        """,
        new { AppId, Id, AppVersion, DeviceCode, UserCode, VerificationUrl, Issuer, IntervalSeconds, StartedAt, ExpiresAt, NextPollAt, State });

    /// <returns>False when another worker took this poll, or it waits no more.</returns>
    public bool Claim(Tx tx, DateTimeOffset next) => tx.For(OrganisationId).Execute(
        """
        UPDATE device_sign_in SET next_poll_at = @next
        WHERE organisation_id = @organisation AND app_id = @AppId AND id = @Id AND state = 'waiting' AND next_poll_at = @NextPollAt
        """,
        new { AppId, Id, NextPollAt, next }) == 1;

    public void Wait(Tx tx, long interval, DateTimeOffset next) => tx.For(OrganisationId).Execute(
        """
        UPDATE device_sign_in SET interval_seconds = @interval, next_poll_at = @next
        WHERE organisation_id = @organisation AND app_id = @AppId AND id = @Id AND state = 'waiting'
        """,
        new { AppId, Id, interval, next });

    /// <summary>The device code is worthless from now on and is not kept.</summary>
    /// <returns>False when it waits no more.</returns>
    public bool End(Tx tx, string state, Finding? finding) => tx.For(OrganisationId).Execute(
        """
        UPDATE device_sign_in SET state = @state, answer = @answer, device_code = ''
        WHERE organisation_id = @organisation AND app_id = @AppId AND id = @Id AND state = 'waiting'
        """,
        new { AppId, Id, state, answer = finding is null ? null : JsonSerializer.Serialize(finding) }) == 1;
}
