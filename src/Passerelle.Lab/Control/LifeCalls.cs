using System.Text;
using Passerelle.Lab.Exchange;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Control;

/// <summary>A lab as a whole: described by YAML, photographed, set back, removed.</summary>
internal static class LifeCalls
{
    private const int LargestYaml = 4 * 1024 * 1024;

    public static void MapLife(this RouteGroupBuilder control)
    {
        control.MapDelete("/labs/{lab}", (string lab, Labs labs, LabLife life) => On(labs, lab, known =>
        {
            life.Remove(known);
            return new Change.Done();
        }));
        control.MapGet("/labs/{lab}/snapshots", (string lab, Labs labs, LabLife life) => On(labs, lab, known => new Change.Done(life.NamesOf(known))));
        control.MapPut("/labs/{lab}/snapshots/{snapshot}", (string lab, string snapshot, Labs labs, LabLife life) => On(labs, lab, known =>
        {
            life.Take(known, snapshot);
            return new Change.Done();
        }));
        control.MapPost("/labs/{lab}/reset", (string lab, string? snapshot, Labs labs, LabLife life) => On(labs, lab, known =>
            life.Reset(known, snapshot ?? LabLife.Start) is { } fault ? new Change.Taken(fault) : new Change.Done()));
        control.MapGet("/labs/{lab}/yaml", (string lab, Labs labs) => labs.Named(lab) is { } known
            ? Results.Text(LabYaml.Write(known.State), "application/yaml", Encoding.UTF8)
            : LabCommands.NoLab(lab).ToResult());
        control.MapPut("/labs/{lab}/yaml", PutAsync);
    }

    private static async Task<IResult> PutAsync(string lab, HttpRequest request, LabCommands commands, CancellationToken cancel)
    {
        using var body = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int read; (read = await request.Body.ReadAsync(buffer, cancel)) > 0;)
        {
            if (body.Length + read > LargestYaml) return new Change.Refused("A lab's YAML has at most 4 MiB.").ToResult();
            body.Write(buffer, 0, read);
        }

        return commands.Describe(lab, Encoding.UTF8.GetString(body.ToArray())).ToResult();
    }

    private static IResult On(Labs labs, string lab, Func<Twin, Change> give) =>
        (labs.Named(lab) is { } known ? give(known) : LabCommands.NoLab(lab)).ToResult();
}
