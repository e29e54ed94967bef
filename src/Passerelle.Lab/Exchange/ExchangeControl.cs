using Microsoft.AspNetCore.Http.HttpResults;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Exchange;

/// <summary>The mail of a lab by HTTP. Who may call is the business of the group that it hangs below.</summary>
internal static class ExchangeControl
{
    private const int LongestWaitSeconds = 300;

    public static RouteGroupBuilder MapExchangeControl(this RouteGroupBuilder group)
    {
        var exchange = group.MapGroup("/labs/{lab}/exchange").AddEndpointFilter(NeedsLabAsync);
        exchange.MapGet("/people", People);
        exchange.MapPost("/people/{address}/send", SendAsync);
        exchange.MapGet("/people/{address}/mail", List);
        exchange.MapPut("/people/{address}/responder", Respond);
        exchange.MapGet("/mail", Search);
        exchange.MapGet("/mail/wait", WaitAsync);
        exchange.MapGet("/mail/{id:guid}", Show);
        exchange.MapGet("/mail/{id:guid}/raw", RawAsync);
        exchange.MapGet("/routes", Routes);
        exchange.MapPut("/routes/{domain}", Route);
        exchange.MapDelete("/routes/{domain}", Unroute);
        exchange.MapGet("/queue", Queue);
        exchange.MapPost("/queue/retry", RetryNow);
        exchange.MapGet("/log", Log);
        return group;
    }

    private static async ValueTask<object?> NeedsLabAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var services = context.HttpContext.RequestServices;
        var name = context.HttpContext.GetRouteValue("lab") as string ?? "";
        if (services.GetRequiredService<Labs>().Named(name) is not { } lab)
            return TypedResults.Problem($"There is no lab {name}", statusCode: StatusCodes.Status404NotFound);
        context.HttpContext.Items[typeof(LabExchange)] = services.GetRequiredService<Exchanges>().Of(lab);
        return await next(context);
    }

    private static LabExchange Of(HttpContext http) => (LabExchange)http.Items[typeof(LabExchange)]!; // the filter put it there

    private static JsonHttpResult<T> Json<T>(T value) => TypedResults.Json(value, LabJson.Options);

    private static ProblemHttpResult Bad(string sentence) =>
        TypedResults.Problem(sentence, statusCode: StatusCodes.Status400BadRequest);

    private static JsonHttpResult<IEnumerable<Person>> People(HttpContext http) => Json(Person.All(Of(http).Lab));

    /// <summary>Writes as a mailbox or customer. 400 when an address cannot be read.</summary>
    private static async Task<IResult> SendAsync(
        string address, Draft draft, HttpContext http, Labs labs, Composer composer, CancellationToken cancel) =>
        Submitter.Find(labs, address) is not { } submitter || submitter.Lab != Of(http).Lab ? TypedResults.NotFound()
        : await composer.SendAsync(submitter, draft, cancel) is { } id ? Json(new { messageId = id })
        : Bad($"Name 1 to {Composer.MostRecipients} recipients, each a plain address");

    private static IResult List(string address, string? folder, HttpContext http) =>
        FolderNamed(folder ?? "inbox") is { } known ? Json(Of(http).Mail.List(address, known))
        : Bad("folder is inbox, sent-items, junk, deleted or quarantine");

    private static JsonHttpResult<IReadOnlyList<StoredMail>> Search(string messageId, HttpContext http) =>
        Json(Of(http).Mail.FindByMessageId(messageId));

    /// <summary>The first mail, here or to come, that fits everything that is asked; 204 when none came in time.</summary>
    private static async Task<IResult> WaitAsync([AsParameters] MailQuestion question, HttpContext http, TimeProvider time, CancellationToken cancel)
    {
        var seconds = Math.Clamp(question.Seconds ?? 30, 1, LongestWaitSeconds);
        if (question.Folder is not null && FolderNamed(question.Folder) is null) return Bad("folder is inbox, sent-items, junk, deleted or quarantine");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(seconds), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        try
        {
            return Json(await Of(http).Mail.WaitForAsync(question.Fits, either.Token));
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            return TypedResults.NoContent();
        }
    }

    private static IResult Show(Guid id, HttpContext http) =>
        Of(http).Mail.Find(id) is { } mail ? Json(mail) : TypedResults.NotFound();

    private static async Task<IResult> RawAsync(Guid id, HttpContext http, CancellationToken cancel) =>
        Of(http).Mail.Find(id) is { } mail
            ? TypedResults.Bytes(await Of(http).Mail.ReadAsync(mail, cancel), "message/rfc822")
            : TypedResults.NotFound();

    private static JsonHttpResult<IReadOnlyDictionary<string, string>> Routes(HttpContext http) =>
        Json(Of(http).Settings.Current.Routes);

    /// <summary>Where mail for a gateway's inbound domain goes: a loopback host:port, anything else is 400.</summary>
    private static IResult Route(string domain, RouteChange change, HttpContext http)
    {
        if (LoopbackTarget.TryParse(change.Target) is not { } target)
            return Bad("target is host:port with a loopback address; a lab connects to nothing else");
        Of(http).Settings.Route(domain, target);
        Of(http).Settings.RequireTls(domain, change.TlsRequired);
        Of(http).Settings.UseBdat(domain, change.Bdat);
        Of(http).Relay.RetryNow();
        return TypedResults.NoContent();
    }

    private static NoContent Unroute(string domain, HttpContext http)
    {
        Of(http).Settings.Route(domain, null);
        return TypedResults.NoContent();
    }

    private static IResult Respond(string address, ResponderChange change, HttpContext http)
    {
        if (!Person.All(Of(http).Lab).Any(person => MailAddress.Key(person.Address) == MailAddress.Key(address)))
            return TypedResults.NotFound();
        if (ResponderNamed(change.Responder) is not { } responder) return Bad("responder is off, out-of-office or naive");
        Of(http).Settings.Respond(address, responder);
        return TypedResults.NoContent();
    }

    private static JsonHttpResult<QueueState> Queue(HttpContext http) => Json(new QueueState(Of(http).Relay.Count));

    private static NoContent RetryNow(HttpContext http)
    {
        Of(http).Relay.RetryNow();
        return TypedResults.NoContent();
    }

    private static JsonHttpResult<IEnumerable<JournalEntry>> Log(string? kind, string? messageId, HttpContext http) =>
        Json(Of(http).Log.Entries.Where(entry =>
            (kind is null || entry.Kind == kind) && (messageId is null || entry.MessageId == messageId.Trim('<', '>'))));

    private static MailFolder? FolderNamed(string name) => name switch
    {
        "inbox" => MailFolder.Inbox,
        "sent-items" => MailFolder.SentItems,
        "junk" => MailFolder.Junk,
        "deleted" => MailFolder.Deleted,
        "quarantine" => MailFolder.Quarantine,
        _ => null,
    };

    private static AutoResponder? ResponderNamed(string? name) => name switch
    {
        "off" => AutoResponder.Off,
        "out-of-office" => AutoResponder.OutOfOffice,
        "naive" => AutoResponder.Naive,
        _ => null,
    };

    /// <param name="TlsRequired">As if the domain published MTA-STS.</param>
    /// <param name="Bdat">Content by BDAT where the receiver offers CHUNKING; false: always by DATA.</param>
    internal sealed record RouteChange(string? Target, bool TlsRequired = false, bool Bdat = true);

    internal sealed record ResponderChange(string? Responder);

    internal sealed record QueueState(int Waiting);

    /// <summary>What a caller waits for; everything absent fits.</summary>
    internal sealed record MailQuestion(
        string? Mailbox, string? Folder, string? Subject, string? MessageId, string? InReplyTo, Guid? After, int? Seconds)
    {
        public bool Fits(StoredMail mail) =>
            (Mailbox is null || mail.Mailbox == MailAddress.Key(Mailbox))
            && (Folder is null || mail.Folder == FolderNamed(Folder))
            && (Subject is null || mail.Subject.Contains(Subject, StringComparison.OrdinalIgnoreCase))
            && (MessageId is null || mail.MessageId == MessageId.Trim('<', '>'))
            && (InReplyTo is null || mail.InReplyTo == InReplyTo.Trim('<', '>'))
            && (After is null || mail.Id.CompareTo(After.Value) > 0);
    }
}
