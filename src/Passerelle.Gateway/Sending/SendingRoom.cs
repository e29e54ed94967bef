using Microsoft.Extensions.Options;
using Passerelle.Gateway.Cluster;
using Passerelle.Gateway.Sending.Budgets;
using Passerelle.Gateway.Sending.Devices;
using Passerelle.Gateway.Sending.Graph;
using Passerelle.Gateway.Sending.Hosts;
using Passerelle.Gateway.Sending.Orders;

namespace Passerelle.Gateway.Sending;

internal static class SendingRoom
{
    public static WebApplicationBuilder AddSending(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<SendingOptions>().BindConfiguration("Sending").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<SendingOptions>, SendingOptionsValidator>();
        builder.Services.AddSingleton<SendingBudgets>();
        builder.Services.AddSingleton<SendingHistory>();
        builder.Services.AddSingleton<HostGates>();
        builder.Services.AddSingleton<Submission>().AddSingleton<GraphSubmission>().AddSingleton<Departure>();
        builder.Services.AddSingleton<SubmissionProbe>();
        builder.Services.AddSingleton<Dispatch>();
        builder.Services.AddSingleton<Connect>();
        builder.Services.AddSingleton<Uploads>();
        builder.Services.AddSingleton<OrderedFiles>();
        builder.Services.AddSingleton<LetterOrders>();
        builder.Services.AddSingleton<DeviceSignIns>();
        builder.Services.AddOnOneNode<DevicePolling>();
        builder.Services.AddHostedService<Senders>();
        builder.Services.AddOnOneNode<Repairs>();
        return builder;
    }
}
