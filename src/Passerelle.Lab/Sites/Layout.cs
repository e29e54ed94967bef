namespace Passerelle.Lab.Sites;

/// <summary>What surrounds every page.</summary>
internal static class Layout
{
    public const string StylePath = "/assets/lab.css";

    /// <param name="speech">The page's language.</param>
    /// <param name="languages">Query that shows this page in a language, behind its code; null where a form was answered.</param>
    public static Html Around(Page page, Html body, Speech speech, Func<string, string>? languages) => Html.Of($"""
        <!doctype html>
        <html lang="{speech.Code}">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{page.Title} · Passerelle Lab</title>
        <link rel="stylesheet" href="{StylePath}">
        <link rel="icon" href="data:,">
        </head>
        <body class="{(page.Alone ? "alone" : "framed")}">
        <header><a class="home" href="/">Passerelle Lab</a><span class="note">{speech[CommonWords.NotMicrosoft]}</span>
        {(languages is null ? Html.Empty : Languages(languages, speech))}</header>
        {Html.When(page.Path.Count > 0, Crumbs(page, speech))}
        <main>
        <h1>{page.Title}</h1>
        {body}
        </main>
        </body>
        </html>
        """);

    private static Html Languages(Func<string, string> query, Speech speech) => Html.Of($"""
        <nav aria-label="{speech[CommonWords.Language]}">{Html.Each(new[] { ("en", "English"), ("fr", "Français") }, l => Html.Of($"""<a href="{query(l.Item1)}" lang="{l.Item1}" {Html.When(l.Item1 == speech.Code, Html.Of($"aria-current=\"true\""))}>{l.Item2}</a> """))}</nav>
        """);

    private static Html Crumbs(Page page, Speech speech) => Html.Of($"""
        <nav class="path" aria-label="{speech[CommonWords.Path]}">{Html.Each(page.Path, step => Html.Of($"""<a href="{step.Address}">{step.Text}</a>"""))}</nav>
        """);
}

internal static class CommonWords
{
    public static readonly Word NotMicrosoft = new("A lab on this machine, not Microsoft", "Un laboratoire sur cette machine, pas Microsoft");
    public static readonly Word Language = new("Language", "Langue");
    public static readonly Word Path = new("Where you are", "Où vous êtes");
    public static readonly Word Save = new("Save", "Enregistrer");
    public static readonly Word SaveChanges = new("Save changes", "Enregistrer les modifications");
    public static readonly Word Saved = new("Saved.", "Enregistré.");
    public static readonly Word Cancel = new("Cancel", "Annuler");
    public static readonly Word Add = new("Add", "Ajouter");
    public static readonly Word Yes = new("Yes", "Oui");
    public static readonly Word No = new("No", "Non");
    public static readonly Word NotSaved = new("Not saved", "Non enregistré");
    public static readonly Word Stale = new(
        "This page was open for too long. Open it again.", "Cette page est restée ouverte trop longtemps. Rouvrez-la.");
    public static readonly Word BackToForm = new("Back to the form", "Retour au formulaire");
    public static readonly Word NotFound = new("Not found", "Introuvable");
}
