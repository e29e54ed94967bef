using Microsoft.AspNetCore.Antiforgery;
using Passerelle.Lab.Control;
using Passerelle.Lab.Exchange;
using Passerelle.Lab.Hosting;
using Passerelle.Lab.Sites;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Webmail;

/// <summary>Read and write as anybody of a lab, customer or mailbox. Nobody signs in: the lab answers to this machine only,
/// and its people are invented.</summary>
internal static class WebmailRoom
{
    public const string Root = "/webmail";

    public static void MapWebmail(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup(Root).AlsoOnPlainHttp();
        pages.MapGet("", (Labs labs) => WebmailPages.People([.. labs.All.Select(lab => (lab.Name, People(lab)))]));
        var box = pages.MapGroup("/{lab}/{address}");
        box.MapGet("", (string? folder, HttpContext http) => In(http, open => List(open, folder)));
        box.MapGet("/write", (Guid? answer, HttpContext http) => In(http, open => Compose(open, answer)));
        box.MapPost("/write", SendAsync);
        box.MapGet("/settings", (HttpContext http) => In(http, open => WebmailSettings.Show(open, http.Request.Query.ContainsKey("done"), fault: null)));
        box.MapPost("/responder", RespondAsync);
        box.MapPost("/forwarding", ForwardAsync);
        box.MapGet("/{id:guid}", (Guid id, HttpContext http, CancellationToken cancel) =>
            WithMailAsync(http, id, (open, mail, view) => WebmailPages.Read(open, mail, view, open.Exchange.Mail.List(open.Address, mail.Folder)), cancel));
        box.MapGet("/{id:guid}/text", (Guid id, HttpContext http, CancellationToken cancel) =>
            WithMailAsync(http, id, (_, _, view) => new MailFrame(view), cancel));
    }

    private static IReadOnlyList<Person> People(Twin lab) => [.. Person.All(lab)];

    /// <summary>The box that the path names; null when the lab or the person does not exist.</summary>
    private static Box? Find(HttpContext http)
    {
        var services = http.RequestServices;
        var labs = services.GetRequiredService<Labs>();
        var address = http.GetRouteValue("address") as string ?? "";
        return Submitter.Find(labs, address) is { } owner && owner.Lab.Name == http.GetRouteValue("lab") as string
            ? new Box(services.GetRequiredService<Exchanges>().Of(owner.Lab), owner)
            : null;
    }

    private static IResult In(HttpContext http, Func<Box, IResult> page) => Find(http) is { } box ? page(box) : WebmailPages.NotFound();

    private static IResult List(Box box, string? folder)
    {
        var shown = folder switch { "sent-items" => MailFolder.SentItems, "junk" => MailFolder.Junk, "deleted" => MailFolder.Deleted, _ => MailFolder.Inbox };
        return WebmailPages.List(box, shown, box.Exchange.Mail.List(box.Address, shown));
    }

    private static IResult Compose(Box box, Guid? answer)
    {
        var answered = Answered(box, answer);
        var draft = answered is null ? new Draft { To = [] } : Draft.Answer(answered, "");
        return WebmailPages.Write(box, draft, answered?.Id, fault: null);
    }

    private static async Task<IResult> SendAsync(HttpContext http, IAntiforgery antiforgery, Composer composer, CancellationToken cancel)
    {
        if (Find(http) is not { } box) return WebmailPages.NotFound();
        if (!http.Request.HasFormContentType) return TypedResults.BadRequest();
        var form = await http.Request.ReadFormAsync(cancel);
        var answered = Guid.TryParse(form["answer"], out var id) ? Answered(box, id) : null;
        var draft = (answered is null ? new Draft { To = [] } : Draft.Answer(answered, "")) with
        {
            To = form["to"].ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
            Subject = form["subject"].ToString(),
            Text = form["text"].ToString(),
        };
        if (!await antiforgery.IsRequestValidAsync(http)) return WebmailPages.Write(box, draft, answered?.Id, WebmailWords.Stale);
        return await composer.SendAsync(box.Owner, draft, cancel) is null
            ? WebmailPages.Write(box, draft, answered?.Id, WebmailWords.CannotSend)
            : new SeeOther($"{box.Path}?folder=sent-items");
    }

    private static async Task<IResult> RespondAsync(HttpContext http, IAntiforgery antiforgery, CancellationToken cancel)
    {
        if (Find(http) is not { } box) return WebmailPages.NotFound();
        if (!http.Request.HasFormContentType || !await antiforgery.IsRequestValidAsync(http)) return TypedResults.BadRequest();
        var form = await http.Request.ReadFormAsync(cancel);
        if (!Enum.TryParse(form["responder"], out AutoResponder responder)) return TypedResults.BadRequest();
        box.Exchange.Settings.Respond(box.Address, responder);
        return new SeeOther($"{box.Path}/settings?done=1");
    }

    private static async Task<IResult> ForwardAsync(HttpContext http, IAntiforgery antiforgery, UserCommands users, CancellationToken cancel)
    {
        if (Find(http) is not { } box || http.RequestServices.GetRequiredService<Labs>().User(box.Address) is not { } owner) return WebmailPages.NotFound();
        if (!http.Request.HasFormContentType || !await antiforgery.IsRequestValidAsync(http)) return TypedResults.BadRequest();
        var form = await http.Request.ReadFormAsync(cancel);
        return users.SetForwarding(owner, SiteForms.Forwarding(form)) switch
        {
            Change.Refused refused => WebmailSettings.Show(box, saved: false, refused.Reason),
            _ => new SeeOther($"{box.Path}/settings?done=1"),
        };
    }

    private static async Task<IResult> WithMailAsync(
        HttpContext http, Guid id, Func<Box, StoredMail, MailView, IResult> page, CancellationToken cancel)
    {
        if (Find(http) is not { } box || Answered(box, id) is not { } mail) return WebmailPages.NotFound();
        return page(box, mail, MailView.Of(await box.Exchange.Mail.ReadAsync(mail, cancel)));
    }

    /// <summary>Only mail of this very box: an id of somebody else's is as good as none.</summary>
    private static StoredMail? Answered(Box box, Guid? id) =>
        id is { } known && box.Exchange.Mail.Find(known) is { } mail && mail.Mailbox == MailAddress.Key(box.Address) ? mail : null;

    /// <summary>After a form was taken: a reload must not send it again (RFC 9110 §15.4.4).</summary>
    private sealed record SeeOther(string Address) : IResult
    {
        public Task ExecuteAsync(HttpContext context)
        {
            context.Response.StatusCode = StatusCodes.Status303SeeOther;
            context.Response.Headers.Location = Address;
            return Task.CompletedTask;
        }
    }
}
