using Passerelle.Flows.Liquid;

namespace Passerelle.Gateway.Templates;

/// <summary>A text that letters are written from.</summary>
internal sealed record Template
{
    public required Guid OrganisationId { get; init; }
    public required Guid Id { get; init; }

    /// <summary>Lower case, digits, hyphens: how orders and flows call it.</summary>
    public required string Name { get; init; }

    /// <summary>Liquid; empty: the order gives one, or it is an answer.</summary>
    public required string Subject { get; init; }

    /// <summary>Liquid; empty: made from <see cref="Html"/>.</summary>
    public required string Text { get; init; }

    /// <summary>Liquid, what is filled in is escaped; empty: made from <see cref="Text"/>.</summary>
    public required string Html { get; init; }

    /// <summary>JSON to look at it with.</summary>
    public required string Sample { get; init; }

    /// <summary>Raised by each who saves it.</summary>
    public required long Version { get; init; }

    /// <summary>Who saved it last; null: a program, or the operator of the machine.</summary>
    public Guid? PersonId { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ChangedAt { get; init; }

    public TemplateSource Source => new(Subject, Text, Html);
}

/// <summary>What a person or a program says of a template.</summary>
internal sealed record TemplateForm(string Name, string Subject, string Text, string Html, string Sample)
{
    public TemplateSource Source => new(Subject, Text, Html);
}

/// <summary>What became of such a form.</summary>
internal abstract record TemplateOutcome
{
    private TemplateOutcome() { }

    public sealed record Saved(Template Template) : TemplateOutcome;

    /// <param name="Faults">By the part that is wrong: name, subject, text, html or sample.</param>
    public sealed record Refused(IReadOnlyList<TemplateFault> Faults) : TemplateOutcome;

    /// <summary>Somebody else saved it meanwhile.</summary>
    public sealed record Stale(Template Current) : TemplateOutcome;

    public sealed record Unknown : TemplateOutcome;
}
