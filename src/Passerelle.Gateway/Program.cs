using Passerelle.Gateway.Commands;

return await PasserelleCommand.Root().Parse(args).InvokeAsync();
