using System.Globalization;
using System.Text.Json;
using Passerelle.Lab.Testing;

namespace Passerelle.Dev.Run;

/// <summary>Prints a journey and where to look.</summary>
internal static class Story
{
    public static void Print(JsonElement journey, DevSettings settings, LabAddresses lab, TimeSpan elapsed)
    {
        Console.WriteLine();
        Console.WriteLine("The journey of one mail");
        foreach (var hop in journey.GetProperty("hops").EnumerateArray()) Console.WriteLine(Line(hop));
        if (journey.TryGetProperty("roundTrip", out var took) && took.ValueKind == JsonValueKind.String)
        {
            Console.WriteLine($"  received, read, routed and answered within {TimeSpan.Parse(took.GetString()!, CultureInfo.InvariantCulture).TotalMilliseconds:0} ms"); // it is a string
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""

            Ready after {elapsed.TotalSeconds:0.0} s. Look around:
              Portal         {settings.PublicUrl}   {GatewayProcess.AdminEmail} / {settings.AdminPassword}
              API reference  {settings.PublicUrl}/api/docs
              Lab            {lab.Http}   every account's password: {Contoso.Password}
              Lab webmail    {new Uri(lab.Http, "/webmail")}
            Ctrl+C stops everything; the next ./dev run keeps the data.
            """));
    }

    private static string Line(JsonElement hop)
    {
        var mark = hop.GetProperty("result").GetString() switch { "right" => "+", "wrong" => "!", "waiting" => ".", _ => "?" };
        var at = hop.GetProperty("at") is { ValueKind: JsonValueKind.String } instant
            ? instant.GetDateTimeOffset().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture)
            : "            ";
        var words = hop.GetProperty("words").GetString() ?? "";
        return $"  {mark} {at}  {hop.GetProperty("code").GetString(),-9} {hop.GetProperty("subject").GetString()}{(words.Length == 0 ? "" : $"  | {(words.Length > 110 ? words[..110] + "…" : words)}")}";
    }
}
