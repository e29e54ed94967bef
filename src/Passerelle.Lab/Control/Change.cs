using Passerelle.Lab.Sites;

namespace Passerelle.Lab.Control;

/// <summary>What became of an order, whether it came by the control API or from a page.</summary>
internal abstract record Change
{
    private Change() { }

    /// <summary>Something new exists.</summary>
    public sealed record Made(object Body) : Change;

    public sealed record Done(object? Body = null) : Change;

    /// <summary>What it was to be done to does not exist.</summary>
    public sealed record Missing(string What) : Change;

    /// <summary>The order itself is wrong; the reason is for the person who gave it.</summary>
    public sealed record Refused(Word Reason) : Change
    {
        /// <summary>For an order that no page gives: programs read English.</summary>
        public Refused(string reason) : this(new Word(reason, reason)) { }

        public Refused(string english, string french) : this(new Word(english, french)) { }
    }

    /// <summary>Somebody else has it.</summary>
    public sealed record Taken(string Reason) : Change;

    public IResult ToResult() => this switch
    {
        Made made => Results.Json(made.Body, ControlJson.Format, statusCode: StatusCodes.Status201Created),
        Done { Body: { } body } => Results.Json(body, ControlJson.Format),
        Done => Results.NoContent(),
        Missing missing => Results.Problem(missing.What, statusCode: StatusCodes.Status404NotFound),
        Refused refused => Results.Problem(refused.Reason.English, statusCode: StatusCodes.Status400BadRequest),
        Taken taken => Results.Problem(taken.Reason, statusCode: StatusCodes.Status409Conflict),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
