using System.CommandLine;
using Passerelle.Lab.Hosting;
using Passerelle.Lab.Tests.Exchange;

namespace Passerelle.Lab.Tests.Hosting;

public class StartTests
{
    [Fact]
    public async Task A_second_lab_on_the_same_folder_is_refused_with_one_sentence()
    {
        await using var first = await ExchangeHost.StartAsync();
        var lab = Path.Combine(first.Folder, "lab.json");
        var before = await File.ReadAllTextAsync(lab, first.Cancel);

        Assert.Equal($"Another lab uses the folder {first.Folder}: stop it, or give this one a folder of its own with --data.",
            await RefusedAsync("--data", first.Folder));

        Assert.Equal(before, await File.ReadAllTextAsync(lab, first.Cancel));
    }

    [Theory]
    [InlineData(LabListeners.Https, "--http-port")]
    [InlineData(LabListeners.Http, "--https-port")]
    [InlineData(LabListeners.Mx, "--smtp-port")]
    [InlineData(LabListeners.Smtp, "--mx-port")]
    [InlineData(LabListeners.Dns, "--dns-port")]
    public async Task A_taken_port_is_told_with_the_option_that_chooses_it(string taken, string option)
    {
        await using var first = await ExchangeHost.StartAsync();
        var folder = Directory.CreateTempSubdirectory("lab-second-").FullName;
        try
        {
            var port = first.Port(taken);
            Assert.Equal($"Port {port} is taken: choose another with {option}, or 0 for any.",
                await RefusedAsync("--data", folder, option, port.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> RefusedAsync(params string[] arguments)
    {
        using var said = new StringWriter();
        var parsed = ServeCommand.Root().Parse(["serve", .. arguments]);
        Assert.Equal(1, await parsed.InvokeAsync(new InvocationConfiguration { Error = said }, TestContext.Current.CancellationToken));
        TestContext.Current.SendDiagnosticMessage(said.ToString()); // whole: a comparison shows where it begins
        return said.ToString().TrimEnd();
    }
}
