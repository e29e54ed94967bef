using Passerelle.Lab.Testing;

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
}
