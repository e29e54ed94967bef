using System.Collections;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Passerelle.Lab.Exchange;
using Passerelle.Lab.State;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;
using YamlDotNet.Serialization;

namespace Passerelle.Lab.Control;

/// <summary>A lab's state as one YAML document: the same names and shape as its JSON. A person may leave out whatever has a
/// default, every id, and write a secret as <c>value</c>.</summary>
internal static class LabYaml
{
    private const int MostNodes = 200_000;

    private static readonly JsonSerializerOptions Strict = new(LabFiles.Format) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    public static string Write(LabState state)
    {
        var plain = Plain(JsonSerializer.SerializeToNode(state, LabFiles.Format));
        return new SerializerBuilder().WithQuotingNecessaryStrings().DisableAliases().Build().Serialize(plain);
    }

    /// <param name="now">Dates that are left out count from here.</param>
    /// <exception cref="FormatException">It is no YAML, or no lab; the message is for the person who wrote it.</exception>
    public static LabState Read(string yaml, string name, DateTimeOffset now)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(yaml));
            var left = MostNodes;
            JsonNode? root = stream.Documents is [var only] ? Json(only.RootNode, ref left) : null;
            if (root is not JsonObject lab) throw new FormatException("A lab is one YAML document with names and values.");
            lab["name"] = name;
            FillIn(lab, now);
            return lab.Deserialize<LabState>(Strict) ?? throw new FormatException("The document is empty.");
        }
        catch (YamlException wrong)
        {
            throw new FormatException($"Line {wrong.Start.Line}: this is no YAML.", wrong);
        }
        catch (JsonException wrong)
        {
            throw new FormatException($"This is no lab (at {wrong.Path}): {wrong.Message}", wrong);
        }
    }

    /// <summary>What only a machine would write.</summary>
    private static void FillIn(JsonObject lab, DateTimeOffset now)
    {
        var number = 0;
        foreach (JsonObject directory in Items(lab, "directories"))
        {
            Id(directory, "id", now);
            directory["signingKey"] ??= number++;
            directory["displayName"] ??= (directory["domains"] as JsonArray)?.FirstOrDefault()?.ToString();
            directory["domains"] ??= new JsonArray(InitialDomain.For(directory["displayName"]?.ToString() ?? ""));
            directory["submissionLimits"] ??= new JsonObject();
            if (directory["submissionLimits"] is JsonObject limits && !limits.ContainsKey("since")) limits["since"] = now; // null: long ago
            foreach (JsonObject user in Items(directory, "users"))
            {
                Id(user, "id", now);
                user["displayName"] ??= user["address"]?.ToString();
                if (!user.ContainsKey("mailbox")) user["mailbox"] = new JsonObject();
            }

            foreach (JsonObject app in Items(directory, "registrations")) FillInApp(directory, app, now);
            foreach (JsonObject app in Items(directory, "enterpriseApps")) Id(app, "objectId", now);
        }

        foreach (JsonObject fault in Items(lab, "faults")) Id(fault, "id", now);
    }

    private static void FillInApp(JsonObject directory, JsonObject app, DateTimeOffset now)
    {
        Id(app, "clientId", now);
        Id(app, "objectId", now);
        app["createdAt"] ??= now;
        foreach (JsonObject secret in Items(app, "secrets"))
        {
            Id(secret, "keyId", now);
            secret["description"] ??= "";
            secret["startsAt"] ??= now;
            secret["endsAt"] ??= now.AddMonths(6);
            if (!secret.Remove("value", out JsonNode? value) || value is null) continue;
            var text = value.ToString();
            secret["sha256"] = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
            secret["hint"] = text[..Math.Min(3, text.Length)];
        }

        var known = Items(directory, "enterpriseApps").Any(e => e["clientId"]?.ToString() == app["clientId"]?.ToString());
        if (known) return;
        var twins = directory["enterpriseApps"] as JsonArray ?? [];
        directory["enterpriseApps"] = twins;
        twins.Add(new JsonObject { ["clientId"] = app["clientId"]?.ToString(), ["displayName"] = app["displayName"]?.ToString() });
    }

    private static void Id(JsonObject item, string name, DateTimeOffset now) => item[name] ??= Guid.CreateVersion7(now).ToString();

    private static IEnumerable<JsonObject> Items(JsonObject owner, string name) =>
        (owner[name] as JsonArray ?? []).OfType<JsonObject>().ToArray(); // a copy: filling in may add

    private static JsonNode? Json(YamlNode node, ref int left)
    {
        if (--left < 0) throw new FormatException("The document is too large.");
        switch (node)
        {
            case YamlMappingNode map:
                var names = new JsonObject();
                foreach ((YamlNode key, YamlNode value) in map.Children) names[key.ToString()] = Json(value, ref left);
                return names;
            case YamlSequenceNode list:
                var items = new JsonArray();
                foreach (YamlNode item in list.Children) items.Add(Json(item, ref left));
                return items;
            case YamlScalarNode { Style: ScalarStyle.Plain, Value: var text }:
                return Scalar(text ?? "");
            default:
                return ((YamlScalarNode)node).Value; // quoted: a text
        }
    }

    /// <summary>The core schema of YAML 1.2 (§10.3): so "no" and "on" are texts.</summary>
    private static JsonValue? Scalar(string text) => text switch
    {
        "" or "~" or "null" => null,
        "true" => JsonValue.Create(true),
        "false" => JsonValue.Create(false),
        _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(whole),
        _ when text[0] is >= '0' and <= '9' or '-' && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) => JsonValue.Create(real),
        _ => JsonValue.Create(text),
    };

    private static object? Plain(JsonNode? node) => node switch
    {
        null => null,
        JsonObject names => names.ToDictionary(n => n.Key, n => Plain(n.Value)),
        JsonArray items => new ArrayList(items.Select(Plain).ToArray()),
        _ => node.GetValueKind() switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Number => node.AsValue().TryGetValue(out long whole) ? whole : node.GetValue<double>(),
            _ => node.ToString(),
        },
    };
}
