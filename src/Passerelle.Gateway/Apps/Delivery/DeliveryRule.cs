namespace Passerelle.Gateway.Apps.Delivery;

/// <summary>From whom an app takes its mail. Nobody is refused at the door for it: a refusal would bounce to the customer who
/// wrote, whoever it was that forwarded.</summary>
/// <param name="Mode"><see cref="Anyone"/>, <see cref="Mark"/> or <see cref="Hold"/>.</param>
/// <param name="Providers">Ids of <see cref="DelivererData"/>.</param>
/// <param name="Sources">Names and ranges beside those.</param>
internal sealed record DeliveryRule(string Mode, IReadOnlyList<string> Providers, DeliverySources Sources)
{
    /// <summary>Accepted and judged like any mail.</summary>
    public const string Anyone = "anyone";

    /// <summary>The message says that it did not come from there; flows run all the same.</summary>
    public const string Mark = "mark";

    /// <summary>An admin decides.</summary>
    public const string Hold = "hold";

    public static IReadOnlyList<string> Modes { get; } = [Anyone, Mark, Hold];

    public bool IsRestricted => Mode is Mark or Hold;

    public static DeliveryRule Of(EmailApp app) => new(
        app.Delivery, app.DeliveryProviders.Split(' ', StringSplitOptions.RemoveEmptyEntries), DeliverySources.Parse(app.DeliverySources));
}
