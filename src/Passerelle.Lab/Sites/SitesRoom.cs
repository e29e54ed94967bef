namespace Passerelle.Lab.Sites;

/// <summary>The lab's own pages, for a person who plays the administrator.</summary>
internal static class SitesRoom
{
    public static IHostApplicationBuilder AddSites(this IHostApplicationBuilder builder)
    {
        builder.Services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "lab-forgery";
            options.FormFieldName = "forgery";
        });
        return builder;
    }

    public static void MapSites(this IEndpointRouteBuilder routes)
    {
    }
}
