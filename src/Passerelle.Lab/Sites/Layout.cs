namespace Passerelle.Lab.Sites;

/// <summary>What surrounds every page.</summary>
internal static class Layout
{
    public const string StylePath = "/assets/lab.css";

    public static Html Around(Page page, Html body, Speech speech) => Html.Of($"""
        <!doctype html>
        <html lang="{speech.Code}">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{page.Title} · Passerelle Lab</title>
        <link rel="stylesheet" href="{StylePath}">
        </head>
        <body class="{(page.Alone ? "alone" : "framed")}">
        <header><a class="home" href="/">Passerelle Lab</a><span class="note">{speech[CommonWords.NotMicrosoft]}</span>
        <nav aria-label="{speech[CommonWords.Language]}"><a href="?lang=en" lang="en">English</a> <a href="?lang=fr" lang="fr">Français</a></nav></header>
        {Html.When(page.Path.Count > 0, Crumbs(page, speech))}
        <main>
        <h1>{page.Title}</h1>
        {body}
        </main>
        </body>
        </html>
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
    public static readonly Word NotFound = new("Not found", "Introuvable");
}
