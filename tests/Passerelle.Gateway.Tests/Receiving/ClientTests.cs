using System.Net;
using Passerelle.Gateway.Limits;

namespace Passerelle.Gateway.Tests.Receiving;

public sealed class ClientTests
{
    [Theory]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    public void A_client_is_an_address_or_the_network_of_one_customer(string one, string other, bool isSame) =>
        Assert.Equal(isSame, Client.Of(new IPEndPoint(IPAddress.Parse(one), 1)) == Client.Of(new IPEndPoint(IPAddress.Parse(other), 2)));
}
