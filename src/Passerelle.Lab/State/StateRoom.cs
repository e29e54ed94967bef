namespace Passerelle.Lab.State;

internal static class StateRoom
{
    /// <summary>Labs as data, their files, and the keys that sign their tokens. <c>TimeProvider</c> and
    /// <c>DataFolder</c> are given by the host.</summary>
    public static IHostApplicationBuilder AddState(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<LabFiles>().AddHostedService(services => services.GetRequiredService<LabFiles>());
        builder.Services.AddSingleton<Labs>().AddSingleton<SigningKeys>().AddSingleton<TokenReader>();
        return builder;
    }
}
