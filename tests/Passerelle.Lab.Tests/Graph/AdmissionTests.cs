using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using Passerelle.Lab.Testing;
using Passerelle.Lab.Tests.Identity;

namespace Passerelle.Lab.Tests.Graph;

/// <summary>Whose token opens Graph, and the errors of facts §4.2.</summary>
public sealed class AdmissionTests(LabUnderTest lab)
{
    private const string Code = "InvalidAuthenticationToken";

    [Fact, Shows("4.2:401")]
    public async Task No_token_an_expired_one_and_one_for_Exchange_are_each_refused_in_their_words()
    {
        GraphLab graph = await GraphLab.OfAppAsync(lab, "User.Read.All");
        (await graph.With("").GetAsync("/users")).IsRefused(401, Code, "Access token is empty.");
        (await graph.With("not.a.token").GetAsync("/users")).IsRefused(401, Code, "Access token validation failure.");
        (await graph.With(graph.Token[..^4] + "AAAA").GetAsync("/users")).IsRefused(401, Code, "Access token validation failure.");
        (await graph.With((await lab.AppTokenAsync(graph.Contoso)).Text("access_token")).GetAsync("/users"))
            .IsRefused(401, Code, "Access token validation failure. Invalid audience.");
        await lab.Fixture.Control.AdvanceAsync(graph.Contoso.Lab, TimeSpan.FromMinutes(61), GraphLab.Cancel);
        (await graph.GetAsync("/users")).IsRefused(401, Code, "Lifetime validation failed, the token is expired.");
    }

    [Fact, Shows("4.2:401")]
    public async Task A_token_that_the_directory_did_not_sign_as_it_stands_is_refused_and_logged()
    {
        GraphLab graph = await GraphLab.OfAppAsync(lab, "User.Read.All");
        GraphLab other = await GraphLab.OfAppAsync(lab, "User.Read.All");
        var parts = graph.Token.Split('.');
        using var signer = new Signer(lab.Now.AddDays(-1), lab.Now.AddDays(1));
        JsonObject header = Json(parts[0]);
        JsonObject unsigned = Json(parts[0]);
        unsigned["alg"] = "none";
        JsonObject more = Json(parts[1]);
        more["roles"] = new JsonArray("Directory.ReadWrite.All");
        JsonObject abroad = Json(parts[1]);
        abroad["tid"] = other.Contoso.DirectoryId.ToString();
        string[] forged =
        [
            $"{Part(unsigned)}.{parts[1]}.", // alg none
            $"{Part(unsigned)}.{parts[1]}.{parts[2]}",
            $"{parts[0]}.{Part(more)}.{parts[2]}", // tampered
            $"{parts[0]}.{Part(abroad)}.{parts[2]}", // another directory's signature
            signer.Sign(header, Json(parts[1])), // the right key's name, the wrong key
        ];
        foreach (var token in forged) (await graph.With(token).GetAsync("/users")).IsRefused(401, Code, "Access token validation failure.");

        Assert.Equal(3, (await RefusedAsync(graph)).Count); // the first has no signature at all: it names no lab
        Assert.Equal(graph.Contoso.ClientId.ToString(), Assert.Single(await RefusedAsync(other)).Who);
    }

    [Theory]
    [InlineData("GET", "/applications")]
    [InlineData("POST", "/applications")]
    [InlineData("GET", "/servicePrincipals")]
    [InlineData("POST", "/servicePrincipals")]
    [InlineData("GET", "/oauth2PermissionGrants")]
    [InlineData("POST", "/oauth2PermissionGrants")]
    [InlineData("GET", "/policies/authorizationPolicy")]
    [InlineData("PATCH", "/policies/authorizationPolicy")]
    [InlineData("GET", "/policies/identitySecurityDefaultsEnforcementPolicy")]
    [InlineData("GET", "/identity/conditionalAccess/policies")]
    [InlineData("GET", "/users")]
    [InlineData("POST", "/users")]
    [InlineData("GET", "/organization")]
    [Shows("4.2:403~2")]
    public async Task A_call_about_the_directory_without_its_role_is_denied(string verb, string path)
    {
        GraphLab graph = await GraphLab.OfAppAsync(lab, "Mail.Send");
        (await graph.SendAsync(new HttpMethod(verb), path))
            .IsRefused(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.");
    }

    [Fact]
    public async Task The_directory_of_the_token_is_the_one_that_answers()
    {
        GraphLab one = await GraphLab.OfAppAsync(lab, "User.Read.All");
        GraphLab other = await GraphLab.OfAppAsync(lab, "User.Read.All");
        (await one.GetAsync($"/users/{one.Contoso.Support}")).Is(200);
        (await one.GetAsync($"/users/{other.Contoso.Support}")).Is(404);
    }

    [Fact]
    public async Task The_callers_own_request_id_comes_back_and_is_in_the_log()
    {
        GraphLab graph = await GraphLab.OfAppAsync(lab, "User.Read.All");
        const string id = "0193a000-0000-7000-8000-0000000000aa";
        Answer answer = (await graph.SendAsync(HttpMethod.Get, "/users", null, ("client-request-id", id))).Is(200);
        Assert.Equal(id, Assert.Single(answer.Headers.GetValues("client-request-id")));
        var log = await new LabMail(lab.Fixture.Control, graph.Contoso.Lab).LogAsync("graph", GraphLab.Cancel);
        Assert.Contains(log, line => line.Answer == "200 GET /users" && line.Who == graph.Contoso.ClientId.ToString());
    }

    [Fact]
    public async Task An_armed_fault_is_answered_in_the_same_shape()
    {
        GraphLab graph = await GraphLab.OfAppAsync(lab, "User.Read.All");
        await new LabFaults(lab.Fixture.Control, graph.Contoso.Lab).ArmAsync(new LabFault("graph") { Code = "ApplicationThrottled" }, GraphLab.Cancel);
        Answer refused = await graph.GetAsync("/users");
        refused.IsRefused(429, "ApplicationThrottled", "Application is over its MailboxConcurrency limit.");
        Assert.Equal("10", Assert.Single(refused.Headers.GetValues("Retry-After")));
        (await graph.GetAsync("/users")).Is(200);
    }

    [Fact]
    public async Task What_does_not_exist_is_named()
    {
        GraphLab graph = await GraphLab.OfAppAsync(lab, "User.Read.All");
        (await graph.GetAsync("/madeUp")).IsRefused(400, "BadRequest", "Resource not found for the segment 'madeUp'.");
        (await graph.GetAsync("/users?$filter=madeUp eq 'x'")).IsRefused(400, "Request_BadRequest", "Could not find a property named 'madeUp'.");
    }

    private static async Task<IReadOnlyList<LabLogItem>> RefusedAsync(GraphLab graph) =>
        [.. (await new LabMail(graph.Lab.Fixture.Control, graph.Contoso.Lab).LogAsync("graph", GraphLab.Cancel))
            .Where(line => line.Answer == "401 GET /users InvalidAuthenticationToken")];

    private static JsonObject Json(string part) => JsonNode.Parse(Base64Url.DecodeFromChars(part))!.AsObject(); // of a token that the lab made

    private static string Part(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));
}
