using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Store;

var builder = WebApplication.CreateBuilder(args);
builder.AddStore().AddQueue();
await builder.Build().RunAsync();
