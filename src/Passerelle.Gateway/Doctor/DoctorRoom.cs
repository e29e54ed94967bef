namespace Passerelle.Gateway.Doctor;

internal static class DoctorRoom
{
    public static WebApplicationBuilder AddDoctor(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Journeys>();
        builder.Services.AddSingleton<Verifications>();
        return builder;
    }
}
