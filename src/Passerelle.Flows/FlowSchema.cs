namespace Passerelle.Flows;

/// <summary>The JSON Schema (draft 2020-12) of a flow, for editors. <see cref="FlowParser"/> is the judge; a test keeps both equal.</summary>
public static class FlowSchema
{
    public static string Json { get; } = Load();

    private static string Load()
    {
        using Stream stream = typeof(FlowSchema).Assembly.GetManifestResourceStream("Passerelle.Flows.flow.schema.json")!; // embedded by the project file
        return new StreamReader(stream).ReadToEnd();
    }
}
