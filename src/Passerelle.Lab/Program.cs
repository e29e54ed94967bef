using Passerelle.Lab.Hosting;

return await ServeCommand.Root().Parse(args).InvokeAsync();
