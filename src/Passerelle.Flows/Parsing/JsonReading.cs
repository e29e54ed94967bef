using System.Text;
using System.Text.Json;

namespace Passerelle.Flows.Parsing;

/// <summary>A JSON value that knows where it stands.</summary>
internal sealed record Located(JsonValueKind Kind, int Line, int Column, string Path)
{
    /// <summary>Text of a string, raw text of a number, true, false.</summary>
    public string Text { get; init; } = "";
    public Dictionary<string, Located> Members { get; init; } = [];
    public List<Located> Items { get; init; } = [];

    public FlowError Error(string message) => new(Line, Column, Path, message);
}

/// <summary>Reads JSON into <see cref="Located"/> values; comments and trailing commas are errors, as in every editor.</summary>
internal sealed class JsonReading
{
    private readonly byte[] _json;
    private readonly List<FlowError> _errors;
    private int _line = 1, _lineStart, _seen;

    private JsonReading(string json, List<FlowError> errors)
    {
        _json = Encoding.UTF8.GetBytes(json);
        _errors = errors;
    }

    public static Located? Read(string json, List<FlowError> errors)
    {
        var reading = new JsonReading(json, errors);
        try
        {
            var reader = new Utf8JsonReader(reading._json, new JsonReaderOptions { MaxDepth = 64 });
            reader.Read();
            Located value = reading.Value(ref reader, "");
            while (reader.Read()) { } // anything behind the value is an error, thrown by the reader
            return value;
        }
        catch (JsonException broken)
        {
            errors.Add(reading.Syntax(broken));
            return null;
        }
    }

    private Located Value(ref Utf8JsonReader reader, string path)
    {
        var (line, column) = Place((int)reader.TokenStartIndex);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var holder = new Located(JsonValueKind.Object, line, column, path);
                while (reader.Read() && reader.TokenType is not JsonTokenType.EndObject) Member(ref reader, holder);
                return holder;
            case JsonTokenType.StartArray:
                var list = new Located(JsonValueKind.Array, line, column, path);
                while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray) list.Items.Add(Value(ref reader, $"{path}[{list.Items.Count}]"));
                return list;
            case JsonTokenType.String:
                return new Located(JsonValueKind.String, line, column, path) { Text = reader.GetString()! }; // a string token has a string
            case JsonTokenType.Number:
                return new Located(JsonValueKind.Number, line, column, path) { Text = Encoding.UTF8.GetString(reader.ValueSpan) };
            case JsonTokenType.True or JsonTokenType.False:
                return new Located(reader.TokenType is JsonTokenType.True ? JsonValueKind.True : JsonValueKind.False, line, column, path) { Text = Encoding.UTF8.GetString(reader.ValueSpan) };
            default:
                return new Located(JsonValueKind.Null, line, column, path);
        }
    }

    private void Member(ref Utf8JsonReader reader, Located holder)
    {
        string name = reader.GetString()!; // a property name is a string
        var (line, column) = Place((int)reader.TokenStartIndex);
        string path = holder.Path.Length == 0 ? name : $"{holder.Path}.{name}";
        reader.Read();
        Located value = Value(ref reader, path) with { };
        if (!holder.Members.TryAdd(name, value)) _errors.Add(new FlowError(line, column, path, $"“{name}” stands here twice: keep one of them"));
    }

    /// <summary>Tokens come in order, so lines are counted once over the whole document.</summary>
    private (int Line, int Column) Place(int offset)
    {
        for (; _seen < offset; _seen++)
        {
            if (_json[_seen] is not (byte)'\n') continue;
            _line++;
            _lineStart = _seen + 1;
        }
        return (_line, Encoding.UTF8.GetCharCount(_json, _lineStart, offset - _lineStart) + 1);
    }

    private FlowError Syntax(JsonException broken)
    {
        int line = (int)(broken.LineNumber ?? 0) + 1;
        int column = (int)(broken.BytePositionInLine ?? 0) + 1;
        string what = broken.Message.Split(" LineNumber:")[0].TrimEnd('.', ' ');
        return new FlowError(line, column, "", $"This is not JSON: {what}. Check quotes, commas and brackets here");
    }
}
