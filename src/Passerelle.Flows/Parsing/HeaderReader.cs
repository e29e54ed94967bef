using System.Text.Json;
using System.Text.RegularExpressions;
using Passerelle.Flows.Liquid;

namespace Passerelle.Flows.Parsing;

/// <summary>Reads the headers of a call.</summary>
internal sealed partial class HeaderReader(Fields fields, List<FlowError> errors)
{
    private const int Most = 30;

    /// <summary>Those that frame the request or name its target belong to the connection, not to a flow.</summary>
    private static readonly HashSet<string> Forbidden = new(
        ["Host", "Content-Length", "Transfer-Encoding", "Connection", "Upgrade", "TE", "Trailer", "Expect", "Proxy-Authorization"],
        StringComparer.OrdinalIgnoreCase);

    public Dictionary<string, LiquidText> Read(Located headers)
    {
        var read = new Dictionary<string, LiquidText>(StringComparer.OrdinalIgnoreCase);
        if (headers.Kind is not JsonValueKind.Object)
        {
            errors.Add(headers.Error("Headers are an object: write { \"Name\": \"value\" }"));
            return read;
        }
        if (headers.Members.Count > Most) errors.Add(headers.Error($"A call has at most {Most} headers: remove some"));
        foreach (var (name, value) in headers.Members)
        {
            if (!Token().IsMatch(name)) errors.Add(value.Error($"“{Running.OneLine.Of(name, 50)}” is not a header name: use letters, digits and hyphens"));
            else if (Forbidden.Contains(name)) errors.Add(value.Error($"The header {name} is set by the connection: remove it"));
            else if (fields.Liquid(value) is { } liquid && !read.TryAdd(name, liquid)) errors.Add(value.Error($"The header {name} stands here twice: keep one of them"));
        }
        return read;
    }

    [GeneratedRegex(@"\A[!#$%&'*+.^_`|~A-Za-z0-9-]{1,100}\z")]
    private static partial Regex Token();
}
