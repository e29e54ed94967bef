using Passerelle.Gateway.Commands;

return await PasserelleCommand.RunAsync(args, Console.Out, Console.Error);
