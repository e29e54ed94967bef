namespace Passerelle.Lab.Faults;

internal static class FaultsRoom
{
    /// <summary>The book that every place asks, and those that answer from it before the sign-in and Graph do.</summary>
    public static IHostApplicationBuilder AddFaults(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<FaultBook>().AddSingleton<HttpFaults>();
        return builder;
    }
}
