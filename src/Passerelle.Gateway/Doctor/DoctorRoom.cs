using Microsoft.Extensions.Options;
using Passerelle.Gateway.Cluster;

namespace Passerelle.Gateway.Doctor;

internal static class DoctorRoom
{
    public static WebApplicationBuilder AddDoctor(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<DoctorOptions>().BindConfiguration("Doctor").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<DoctorOptions>, DoctorOptionsValidator>();
        builder.Services.AddSingleton<Journeys>().AddSingleton<Verifications>().AddSingleton<TestLetters>().AddSingleton<ForwardingConfirmations>().AddSingleton<Rotations>();
        builder.Services.AddSingleton<Patients>().AddSingleton<Examination>();
        builder.Services.AddSingleton<PatientTokens>().AddSingleton<DirectoryChecks>().AddSingleton<DeviceCheck>().AddSingleton<GrantCheck>().AddSingleton<ExcessCheck>().AddSingleton<SubmissionChecks>();
        builder.Services.AddSingleton<ForwardingChecks>().AddSingleton<InboundProbe>().AddSingleton<MailExchangers>().AddSingleton<Canaries>().AddSingleton<OwnDoors>();
        builder.Services.AddOnOneNode<Retests>();
        return builder;
    }
}
