using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Passerelle.Gateway.Apps;

/// <summary>One app as a file says it: keys are the form's fields in camel case; an absent key keeps what is stored.</summary>
/// <param name="Line">Where it begins, from 1.</param>
/// <param name="Id">Null: it is found by its asset name.</param>
/// <param name="Flow">Name of its flow; "" for none; null keeps what is stored.</param>
/// <param name="Lines">Where each key stands that the file names.</param>
internal sealed record AppEntry(
    long Line, Guid? Id, string? Flow, IReadOnlyDictionary<string, string> Fields, IReadOnlyDictionary<string, long> Lines)
{
    /// <returns>Of the app itself where the file does not name the field.</returns>
    public long LineOf(string key) => Lines.GetValueOrDefault(key, Line);
}

/// <summary>One app on its way into a file.</summary>
/// <param name="Flow">Name; empty for none.</param>
/// <param name="Fields">In order, without secrets.</param>
/// <param name="Secrets">Names of those that are stored.</param>
internal sealed record WrittenApp(Guid Id, string Flow, IReadOnlyList<(string Name, string Text)> Fields, IReadOnlyList<string> Secrets);

/// <summary>The file cannot be understood; the reason says where and what to write instead.</summary>
internal sealed class UnreadableDocument(AppliedReason reason) : Exception(reason.Sentence)
{
    public UnreadableDocument(Phrase says) : this(AppliedReason.File(says)) { }

    public UnreadableDocument(YamlNode at, Phrase says) : this(AppliedReason.At(at.Start.Line, says)) { }

    public AppliedReason Reason => reason;
}

/// <summary>
/// Email apps as YAML. A secret is never in it: where one is stored stands <see cref="Placeholder"/>, and a file that holds
/// anything else there is refused.
/// </summary>
internal static class AppDocument
{
    public const string Placeholder = "(entered in the portal)";
    public const int LongestDocument = 1024 * 1024;
    private const string Version = "1";

    public static string Write(IEnumerable<WrittenApp> apps)
    {
        var list = new YamlSequenceNode();
        foreach (var app in apps)
        {
            var entry = new YamlMappingNode { { "id", app.Id.ToString() } };
            foreach (var (name, text) in app.Fields) entry.Add(Key(name), Scalar(text));
            foreach (var name in app.Secrets) entry.Add(Key(name), Scalar(Placeholder));
            if (app.Flow.Length > 0) entry.Add("flow", Scalar(app.Flow));
            list.Add(entry);
        }
        var root = new YamlMappingNode { { "passerelle", Version }, { "apps", list } };
        using var yaml = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        new YamlStream(new YamlDocument(root)).Save(yaml, assignAnchors: false);
        return $"{yaml.ToString().TrimEnd('.', '\n')}\n"; // the stream ends its document with dots
    }

    /// <exception cref="UnreadableDocument">It is not such a file.</exception>
    public static IReadOnlyList<AppEntry> Read(string yaml)
    {
        if (yaml.Length > LongestDocument) throw new UnreadableDocument(Phrase.Of("The file is longer than 1 MiB: split it"));
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(yaml));
            if (stream.Documents is not [{ RootNode: YamlMappingNode root }]) throw new UnreadableDocument(Phrase.Of("The file is no list of apps: it begins with passerelle: 1, then apps:"));
            return Apps(root);
        }
        catch (YamlException broken)
        {
            throw new UnreadableDocument(AppliedReason.At(Math.Max(broken.Start.Line, 1), Phrase.Of("this is not YAML: {0}", broken.Message)));
        }
    }

    private static List<AppEntry> Apps(YamlMappingNode root)
    {
        IReadOnlyList<YamlNode>? apps = null;
        foreach (var (key, value) in root.Children)
        {
            switch (Text(key))
            {
                case "passerelle" when Text(value) == Version: break;
                case "passerelle": throw new UnreadableDocument(value, Phrase.Of("this release reads passerelle: {0}", Version));
                case "apps" when value is YamlSequenceNode list: apps = [.. list.Children]; break;
                case "apps": throw new UnreadableDocument(value, Phrase.Of("apps is a list, each beginning with a dash"));
                case var other: throw new UnreadableDocument(key, Phrase.Of("there is no {0} here, only passerelle and apps", other));
            }
        }
        if (apps is null) throw new UnreadableDocument(Phrase.Of("The file names no apps"));
        return [.. apps.Select(Entry)];
    }

    private static AppEntry Entry(YamlNode node)
    {
        if (node is not YamlMappingNode map) throw new UnreadableDocument(node, Phrase.Of("an app is a list of field: value"));
        Guid? id = null;
        string? flow = null;
        var (fields, lines) = (new Dictionary<string, string>(), new Dictionary<string, long>());
        foreach (var (key, value) in map.Children)
        {
            lines[Text(key)] = key.Start.Line;
            if (value is not YamlScalarNode) throw new UnreadableDocument(value, Phrase.Of("{0} is one value", Text(key)));
            switch (Text(key))
            {
                case "id" when Guid.TryParse(Text(value), out var given): id = given; break;
                case "id": throw new UnreadableDocument(value, Phrase.Of("the id is not one; leave it out to find the app by its assetName"));
                case "flow": flow = Text(value); break;
                case var name: fields[FieldOf(name, key)] = ValueOf(name, value); break;
            }
        }
        return new(node.Start.Line, id, flow, fields.Where(field => !AppChanges.IsSecret(field.Key)).ToDictionary(), lines);
    }

    private static string FieldOf(string name, YamlNode key) =>
        AppChanges.Names.FirstOrDefault(field => Key(field) == name)
        ?? throw new UnreadableDocument(key, Phrase.Of("an app has no {0}; it has {1}", name, string.Join(", ", AppChanges.Names.Select(Key).Append("flow"))));

    private static string ValueOf(string name, YamlNode value)
    {
        var text = Text(value);
        var isSecret = AppChanges.Names.Any(field => Key(field) == name && AppChanges.IsSecret(field));
        return isSecret && text.Length > 0 && text != Placeholder
            ? throw new UnreadableDocument(value, Phrase.Of("secrets are not taken from a file; write {0}: {1} and enter it there", name, Placeholder))
            : text;
    }

    private static string Text(YamlNode node) => node is YamlScalarNode { Value: { } text } ? text : "";

    private static YamlScalarNode Scalar(string text) => new(text)
    {
        Style = text.Contains('\n', StringComparison.Ordinal) ? ScalarStyle.Literal : text.Length == 0 || text.Trim() != text ? ScalarStyle.DoubleQuoted : ScalarStyle.Any,
    };

    /// <returns>The field as a file writes it.</returns>
    public static string Key(string field) => char.ToLowerInvariant(field[0]) + field[1..];
}
