namespace Passerelle.Gateway.Templates;

internal static class TemplatesRoom
{
    public static WebApplicationBuilder AddTemplates(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<TemplateLibrary>();
        return builder;
    }
}
