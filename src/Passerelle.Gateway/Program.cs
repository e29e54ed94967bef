using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Store;

var builder = WebApplication.CreateBuilder(args);
builder.AddStore().AddApps().AddQueue();
await builder.Build().RunAsync();
