namespace Passerelle.Lab.Sites;

/// <summary>A page whose texts wait for the language of the request.</summary>
internal sealed record SpokenPage(Func<Speech, Page> In) : IResult
{
    public Task ExecuteAsync(HttpContext context) => In(Speech.Of(context)).ExecuteAsync(context);
}
