using Passerelle.Lab.State;

namespace Passerelle.Lab.Sites;

/// <summary>What surrounds every page.</summary>
internal static class Layout
{
    public const string StylePath = "/assets/lab.css";
    public const string ScriptPath = "/assets/lab.js";

    /// <param name="speech">The page's language.</param>
    /// <param name="languages">Query that shows this page in a language, behind its code; null where a form was answered.</param>
    public static Html Around(Page page, Html body, Speech speech, Func<string, string>? languages, HttpContext call) => Html.Of($"""
        <!doctype html>
        <html lang="{speech.Code}">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{page.Title} · Passerelle Lab</title>
        <link rel="stylesheet" href="{StylePath}">
        <link rel="icon" href="data:,">
        <script src="{ScriptPath}" defer></script>
        </head>
        <body class="{(page.Alone ? "alone" : "framed")}">
        <header><a class="home" href="/">Passerelle Lab</a><span class="note">{speech[CommonWords.NotMicrosoft]}</span>
        {Html.When(!page.Alone, Html.Of($"""<nav aria-label="{speech[CommonWords.Everywhere]}"><a href="/webmail">{speech[SiteWords.Webmail]}</a> <a href="/faults">{speech[FaultWords.Faults]}</a> <a href="/log">{speech[LogWords.Log]}</a></nav>"""))}
        {(languages is null ? Html.Empty : Languages(languages, speech))}</header>
        {Html.Each(Armed(page, call), lab => Html.Of($"""<p class="armed" role="status"><a href="/faults/{lab.Name}">{speech.Say(FaultWords.Armed, lab.State.Faults.Length, lab.Name)}</a></p>"""))}
        <div class="{(page.Place is null ? "one" : "beside")}">
        {(page.Place is { } place ? Sections.Menu(place.Directory, place.Lab.Name, call.Request.Path, speech) : Html.Empty)}
        <main>
        {Html.When(page.Path.Count > 0, Crumbs(page, speech))}
        <h1>{page.Title}</h1>
        {body}
        </main>
        </div>
        </body>
        </html>
        """);

    /// <summary>Labs where something goes wrong on purpose: nobody shall take that for the truth.</summary>
    private static IEnumerable<Twin> Armed(Page page, HttpContext call) =>
        call.RequestServices.GetRequiredService<Labs>().All.Where(lab => !lab.State.Faults.IsEmpty && (page.Place is null || page.Place.Lab == lab));

    private static Html Languages(Func<string, string> query, Speech speech) => Html.Of($"""
        <nav aria-label="{speech[CommonWords.Language]}">{Html.Each(new[] { ("en", "English"), ("fr", "Français") }, l => Html.Of($"""<a href="{query(l.Item1)}" lang="{l.Item1}" {Html.When(l.Item1 == speech.Code, Html.Of($"aria-current=\"true\""))}>{l.Item2}</a> """))}</nav>
        """);

    private static Html Crumbs(Page page, Speech speech) => Html.Of($"""
        <nav class="path" aria-label="{speech[CommonWords.Path]}"><ol>{Html.Each(page.Path, step => Html.Of($"""<li><a href="{step.Address}">{step.Text}</a></li>"""))}</ol></nav>
        """);
}

internal static class CommonWords
{
    public static readonly Word NotMicrosoft = new("A lab on this machine, not Microsoft", "Un laboratoire sur cette machine, pas Microsoft");
    public static readonly Word Language = new("Language", "Langue");
    public static readonly Word Everywhere = new("Everywhere", "Partout");
    public static readonly Word Copy = new("Copy", "Copier");
    public static readonly Word Copied = new("Copied", "Copié");
    public static readonly Word Unsaved = new("Changed, not saved: nothing has happened yet.", "Modifié, non enregistré : rien n'a encore changé.");
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
