using System.Globalization;
using Passerelle.Lab.Faults;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Sites;

/// <summary>What goes wrong on purpose: found by code or by a step of the guide, armed once, so many times or by chance.</summary>
internal static class FaultPages
{
    private const int Shown = 40;

    public static IResult Labs(Labs labs, Speech t, Word title, string root) => new Page(t[title], _ => Html.Of($"""
        <ul>{Html.Each(labs.All, lab => Html.Of($"""<li><a href="{root}/{lab.Name}">{lab.Name}</a></li>"""))}</ul>
        """));

    public static IResult Show(Twin lab, HttpContext call, Speech t)
    {
        var wanted = call.Request.Query["q"].ToString();
        FaultRow[] found = [.. FaultCatalogue.Search(wanted)];
        return new Page($"{t[FaultWords.Faults]} · {lab.Name}", field => Html.Of($"""
        {SiteForms.Done(call, t)}
        <h2>{t[FaultWords.ArmedNow]}</h2>
        {(lab.State.Faults.IsEmpty ? Html.Of($"""<p class="quiet">{t[FaultWords.NothingArmed]}</p>""") : Table.Of(
            [t[FaultWords.Where], t[FaultWords.What], t[FaultWords.HowOften], t[FaultWords.Whom], t[SiteWords.Action]],
            lab.State.Faults.Select(f => new[]
            {
                Table.Code(FaultBook.Name(f.Where)), Table.Code(f.Code ?? f.Reply ?? (f.Http is { } http ? $"HTTP {http.Status}" : f.Silent ? t[FaultWords.Silent] : $"{f.DelayMilliseconds} ms")),
                Table.Text(Often(f, t)), Table.Text(f.Only.Mailbox ?? f.Only.ClientId ?? f.Only.Domain ?? t[FaultWords.Anybody]),
                Html.Of($"""<form method="post" class="inline" action="/faults/{lab.Name}/disarm">{field}<input type="hidden" name="fault" value="{f.Id}"><button aria-label="{t[FaultWords.Disarm]} {f.Code} {FaultBook.Name(f.Where)}">{t[FaultWords.Disarm]}</button></form>"""),
            })))}
        {Html.When(!lab.State.Faults.IsEmpty, Html.Of($"""<form method="post" id="clear" action="/faults/{lab.Name}/clear">{field}<button>{t[FaultWords.Clear]}</button></form>"""))}
        <h2>{t[FaultWords.Catalogue]}</h2>
        <form method="get" id="find"><label for="q">{t[FaultWords.SearchBy]}</label><input id="q" name="q" type="search" value="{wanted}" placeholder="7000215, 535 5.7.139, E4"><button>{t[PickerWords.Search]}</button></form>
        <p class="quiet">{t.Say(FaultWords.Found, found.Length, Math.Min(found.Length, Shown))}</p>
        {Table.Of([t[FaultWords.Code], t[FaultWords.Answer], t[FaultWords.Step], t[FaultWords.Where]],
            found.Take(Shown).Select(row => new[]
            {
                Table.Code(row.Code), Table.Text(row.Answer), Table.Text(row.Step),
                Html.Each(row.Places, place => Html.Of($"""<a href="/faults/{lab.Name}/arm?where={place}&amp;code={Uri.EscapeDataString(row.Code)}">{FaultBook.Name(place)}</a> """)),
            }))}
        """))
        { Path = [(t[FaultWords.Faults], "/faults")] };
    }

    public static IResult? Arm(Twin lab, HttpContext call, Speech t) =>
        Enum.TryParse(call.Request.Query["where"], out FaultPlace place) && FaultCatalogue.Find(call.Request.Query["code"].ToString(), place) is { } row
        ? new Page($"{t[FaultWords.Arm]} {row.Code}", field => Html.Of($"""
        <dl class="facts"><dt>{t[FaultWords.Where]}</dt><dd><code>{FaultBook.Name(place)}</code></dd><dt>{t[FaultWords.Answer]}</dt><dd>{row.Answer}</dd><dt>{t[FaultWords.Step]}</dt><dd>{row.Step}</dd></dl>
        <form method="post" id="arm" action="/faults/{lab.Name}/arm">{field}<input type="hidden" name="where" value="{place}"><input type="hidden" name="code" value="{row.Code}">
        <fieldset><legend>{t[FaultWords.HowOften]}</legend>
        <label class="tick"><input type="radio" name="often" value="once" checked> {t[FaultWords.Once]}</label>
        <label class="tick"><input type="radio" name="often" value="times"> {t[FaultWords.Several]}</label>
        <label class="tick"><input type="radio" name="often" value="always"> {t[FaultWords.Always]}</label>
        <label for="times">{t[FaultWords.Times]}</label><input id="times" name="times" type="text" inputmode="numeric" value="3">
        <label for="probability">{t[FaultWords.Probability]}</label><input id="probability" name="probability" type="text" inputmode="numeric" value="100"></fieldset>
        <label for="mailbox">{t[FaultWords.OnlyMailbox]}</label><input id="mailbox" name="mailbox" type="text">
        <button class="primary">{t[FaultWords.Arm]}</button><a class="button" href="/faults/{lab.Name}">{t[CommonWords.Cancel]}</a></form>
        """))
        { Path = [(t[FaultWords.Faults], "/faults"), (lab.Name, $"/faults/{lab.Name}")] }
        : null;

    private static string Often(Fault fault, Speech t) =>
        (fault.Left is { } left ? t.Say(FaultWords.Left, left) : t[FaultWords.Always])
        + (fault.Probability < 1 ? string.Create(CultureInfo.InvariantCulture, $", {fault.Probability * 100:0} %") : "");
}

internal static class FaultWords
{
    public static readonly Word Faults = new("Faults", "Pannes");
    public static readonly Word Armed = new("{0} fault(s) are on in lab {1}: what you see may be wrong on purpose.", "{0} panne(s) active(s) dans le laboratoire {1} : ce que vous voyez peut être faux exprès.");
    public static readonly Word ArmedNow = new("Armed now", "Actives maintenant");
    public static readonly Word NothingArmed = new("Nothing goes wrong on purpose.", "Rien ne va mal exprès.");
    public static readonly Word Where = new("Where", "Où");
    public static readonly Word What = new("What", "Quoi");
    public static readonly Word HowOften = new("How often", "Combien de fois");
    public static readonly Word Whom = new("Whom", "Qui");
    public static readonly Word Anybody = new("anybody", "tout le monde");
    public static readonly Word Silent = new("no answer", "pas de réponse");
    public static readonly Word Disarm = new("Disarm", "Désactiver");
    public static readonly Word Clear = new("Disarm all", "Tout désactiver");
    public static readonly Word Catalogue = new("Everything that can go wrong", "Tout ce qui peut aller mal");
    public static readonly Word SearchBy = new("Search by code, words or step of the guide", "Rechercher par code, mots ou étape du guide");
    public static readonly Word Found = new("{0} found, the first {1} shown.", "{0} trouvées, les {1} premières affichées.");
    public static readonly Word Code = new("Code", "Code");
    public static readonly Word Answer = new("Answer", "Réponse");
    public static readonly Word Step = new("Step", "Étape");
    public static readonly Word Arm = new("Arm", "Activer");
    public static readonly Word Once = new("Once", "Une fois");
    public static readonly Word Several = new("Several times", "Plusieurs fois");
    public static readonly Word Always = new("Until disarmed", "Jusqu'à la désactivation");
    public static readonly Word Times = new("Times", "Nombre de fois");
    public static readonly Word Left = new("{0} more", "encore {0}");
    public static readonly Word Probability = new("Probability in percent of each time", "Probabilité en pour cent à chaque fois");
    public static readonly Word OnlyMailbox = new("Only for this mailbox (empty: anybody)", "Pour cette boîte seulement (vide : toutes)");
    public static readonly Word BadNumber = new("Times and probability are whole numbers; probability is 1 to 100.", "Le nombre de fois et la probabilité sont des nombres entiers ; la probabilité va de 1 à 100.");
}
