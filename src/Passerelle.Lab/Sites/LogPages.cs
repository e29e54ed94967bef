using System.Globalization;
using Passerelle.Lab.Control;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Sites;

/// <summary>The lab's log: newest first, filtered, live where scripts run, and one attempt alone.</summary>
internal static class LogPages
{
    private const int Shown = 200;
    private static readonly string[] Areas = ["oauth", "smtp", "mail", "graph", "imap", "dns", "control", "fault"];

    public static IResult Show(Twin lab, HttpContext call, Speech t)
    {
        JournalQuestion asked = Asked(call);
        var follow = call.Request.Query["follow"].ToString();
        IReadOnlyList<JournalEntry> entries = follow.Length > 0 ? lab.Journal.Follow(follow) : [.. lab.Journal.Entries.Where(asked.Fits)];
        return new Page($"{t[LogWords.Log]} · {lab.Name}", _ => Html.Of($"""
        <form method="get" id="filter"><label for="area">{t[LogWords.Area]}</label><select id="area" name="area"><option value="">{t[LogWords.Everything]}</option>
        {Html.Each(Areas, a => Html.Of($"""<option value="{a}" {Html.When(asked.Area == a, Html.Of($"selected"))}>{a}</option>"""))}</select>
        <label for="who">{t[LogWords.Who]}</label><input id="who" name="who" type="search" value="{asked.Who}">
        <label for="text">{t[FaultWords.Answer]}</label><input id="text" name="text" type="search" value="{asked.Text}">
        <button class="primary">{t[LogWords.Filter]}</button><a class="button" href="/log/{lab.Name}/download{call.Request.QueryString}">{t[LogWords.Download]}</a></form>
        {Html.When(follow.Length > 0, Html.Of($"""<p class="done">{t.Say(LogWords.Following, follow)} <a href="/log/{lab.Name}">{t[LogWords.ShowAll]}</a></p>"""))}
        <table class="log"><thead><tr>{Html.Each(Columns(t), c => Html.Of($"""<th scope="col">{c}</th>"""))}</tr></thead>
        <tbody {Html.When(follow.Length == 0, Html.Of($"data-live=\"/log/{lab.Name}/live{Live(call, entries)}\""))}>{Html.Each(entries.Reverse().Take(Shown), e => Row(lab.Name, e, t))}</tbody></table>
        """))
        { Path = [(t[LogWords.Log], "/log")] };
    }

    public static IResult Download(Twin lab, HttpContext call) => Results.File(
        JournalCalls.Lines(call.Request.Query["follow"].ToString() is { Length: > 0 } id ? lab.Journal.Follow(id) : lab.Journal.Entries.Where(Asked(call).Fits)),
        "application/x-ndjson", $"{lab.Name}-log.jsonl");

    public static IResult Live(Twin lab, HttpContext call, Speech t) => JournalCalls.Live(
        lab.Journal, Asked(call), call, entry => System.Text.Json.JsonSerializer.Serialize(Row(lab.Name, entry, t).ToString()));

    private static Html Row(string lab, JournalEntry entry, Speech t) => Html.Of($"""
        <tr>{Html.Each(new[]
        {
            Table.Text(entry.At.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)), Html.Of($"{entry.Area}<br><code>{entry.Kind}</code>"),
            Table.Text(entry.Who), Table.Text(entry.Answer), Ids(lab, entry, t),
        }.Zip(Columns(t)), cell => Html.Of($"""<td data-label="{cell.Second}">{cell.First}</td>"""))}</tr>
        """);

    private static Html Ids(string lab, JournalEntry entry, Speech t) =>
        (entry.CorrelationId ?? entry.Token?.Uti ?? entry.MessageId) is { } id
            ? Html.Of($"""<a href="/log/{lab}?follow={Uri.EscapeDataString(id)}" aria-label="{t[LogWords.Follow]} {entry.Number}">{t[LogWords.Follow]}</a>""")
            : Html.Empty;

    private static string[] Columns(Speech t) => [t[SiteWords.LabTimeShort], t[LogWords.Area], t[LogWords.Who], t[FaultWords.Answer], t[LogWords.Attempt]];

    /// <summary>The same question, from the last entry that the page has.</summary>
    private static string Live(HttpContext call, IReadOnlyList<JournalEntry> entries) => QueryString.Create(
        call.Request.Query.Where(q => q.Key is "area" or "who" or "text")
            .Append(new("after", (entries.Count > 0 ? entries[^1].Number : 0).ToString(CultureInfo.InvariantCulture)))).ToString();

    private static JournalQuestion Asked(HttpContext call) => new(
        Given(call, "area"), null, Given(call, "who"), Given(call, "text"), null,
        long.TryParse(call.Request.Query["after"], NumberStyles.None, CultureInfo.InvariantCulture, out var after) ? after : null);

    private static string? Given(HttpContext call, string name) => call.Request.Query[name].ToString() is { Length: > 0 } text ? text : null;
}

internal static class LogWords
{
    public static readonly Word Log = new("Log", "Journal");
    public static readonly Word Area = new("Area", "Domaine");
    public static readonly Word Everything = new("Everything", "Tout");
    public static readonly Word Who = new("Who", "Qui");
    public static readonly Word Filter = new("Filter", "Filtrer");
    public static readonly Word Download = new("Download", "Télécharger");
    public static readonly Word Following = new("Everything that belongs to {0}.", "Tout ce qui appartient à {0}.");
    public static readonly Word ShowAll = new("Show all", "Tout afficher");
    public static readonly Word Follow = new("Follow", "Suivre");
    public static readonly Word Attempt = new("Attempt", "Tentative");
}
