namespace Passerelle.Lab.Hosting;

/// <summary>Marks what a browser may open without a certificate: human pages and authorize. All else answers on https only.</summary>
internal sealed class PlainHttp
{
    public static readonly PlainHttp Allowed = new();
}

internal static class PlainHttpMarks
{
    public static TBuilder AlsoOnPlainHttp<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.Add(built => built.Metadata.Add(PlainHttp.Allowed));
        return endpoint;
    }
}
