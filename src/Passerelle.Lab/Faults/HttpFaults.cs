using System.Text.Json.Nodes;
using Passerelle.Lab.Identity;
using Passerelle.Lab.Identity.Catalogue;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Faults;

/// <summary>Stands before the endpoints of the sign-in and of Graph and answers instead of them while a fault says so.</summary>
internal sealed class HttpFaults(Labs labs, FaultBook book, AuthorizeReader authorize, TimeProvider time)
{
    public async Task PassAsync(HttpContext context, RequestDelegate next)
    {
        if (HttpPlace.Of(context.Request) is not { } place || await TakeAsync(context, place) is not { } taken)
        {
            await next(context);
            return;
        }

        (Twin lab, Fault fault) = taken;
        await book.WaitAsync(fault, context.RequestAborted);
        if (fault.Silent) context.Abort();
        else if (fault.Http is { } reply) await PlayAsync(context.Response, reply, context.RequestAborted);
        else if (fault.Code is { } code) await Answer(context, place, lab, code).ExecuteAsync(context);
        else await next(context); // only late
    }

    private async Task<(Twin Lab, Fault Fault)?> TakeAsync(HttpContext context, HttpPlace place)
    {
        if (labs.All.All(lab => lab.State.Faults.IsEmpty)) return null; // the form is not read for nothing
        FaultSubject subject = await place.SubjectAsync(context.Request);
        foreach (Twin lab in LabsOf(place, subject))
        {
            if (FaultBook.Take(lab, place.Where, subject) is { } fault) return (lab, fault);
        }

        return null;
    }

    /// <summary>The lab of the directory that is named; on a shared endpoint that of the application, else every lab.</summary>
    private IEnumerable<Twin> LabsOf(HttpPlace place, FaultSubject subject) =>
        place.Directory is { } directory && labs.Directory(directory) is { } known ? [known.Lab]
        : subject.ClientId is { } client && Clients.FindAnywhere(labs, client) is { } found ? [found.Home.Lab]
        : place.IsShared ? labs.All
        : [];

    private IResult Answer(HttpContext context, HttpPlace place, Twin lab, string code)
    {
        StsTrace trace = StsTrace.Of(context.Request, lab.Time);
        if (place.Where is FaultPlace.Graph) return new GraphRefusal(FaultCatalogue.Find(code, FaultPlace.Graph)!, trace, time); // judged when it was armed
        StsError error = StsCatalogue.Find(int.Parse(code, System.Globalization.CultureInfo.InvariantCulture))!.Say();
        if (place.Where is not FaultPlace.Authorize)
        {
            StsHeaders.Write(context.Response, trace, context.Request);
            return Results.Json(StsErrorBody.Of(error, trace), statusCode: error.Status);
        }

        return StsCatalogue.Find(error.Code) is { Page: false } && Return(context, place) is { } address
            ? ReturnAnswer.Refusing(address, error, trace)
            : IdentityPages.ErrorPage(error, trace);
    }

    /// <summary>Where the application wants its answer; null when it cannot have one.</summary>
    private ReturnAddress? Return(HttpContext context, HttpPlace place) =>
        authorize.Read(place.Directory ?? "common", AuthorizeRequest.Of(context.Request, ErrandOf(context.Request)), userCode: null) switch
        {
            AuthorizeReading.Ready ready => ready.Asked.Return,
            AuthorizeReading.SentBack back => back.Address,
            _ => null,
        };

    private static Errand ErrandOf(HttpRequest request) =>
        request.Path.Value?.Contains("/v2.0/", StringComparison.Ordinal) == true ? Errand.SignIn : Errand.OldSignIn;

    private static async Task PlayAsync(HttpResponse response, HttpReply reply, CancellationToken cancel)
    {
        response.StatusCode = reply.Status;
        response.ContentType = reply.ContentType;
        if (reply.RetryAfterSeconds is { } seconds) response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (reply.Body is { } body) await response.WriteAsync(body, cancel);
        var filler = new byte[16 * 1024];
        filler.AsSpan().Fill((byte)'x');
        for (var left = reply.Bytes; left > 0; left -= filler.Length)
            await response.Body.WriteAsync(filler.AsMemory(0, Math.Min(left, filler.Length)), cancel);
    }
}

/// <summary>An error as Graph gives it (facts §4.2).</summary>
internal sealed class GraphRefusal(FaultRow row, StsTrace trace, TimeProvider time) : IResult
{
    public Task ExecuteAsync(HttpContext context)
    {
        HttpResponse response = context.Response;
        response.StatusCode = row.Status ?? StatusCodes.Status500InternalServerError;
        response.Headers["request-id"] = trace.TraceId.ToString();
        response.Headers["client-request-id"] = trace.CorrelationId.ToString();
        if (row.RetryAfterSeconds is { } seconds) response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return response.WriteAsJsonAsync(new JsonObject
        {
            ["error"] = new JsonObject
            {
                ["code"] = row.Code,
                ["message"] = row.Answer,
                ["innerError"] = new JsonObject
                {
                    ["date"] = time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture),
                    ["request-id"] = trace.TraceId.ToString(),
                    ["client-request-id"] = trace.CorrelationId.ToString(),
                },
            },
        }, context.RequestAborted);
    }
}
