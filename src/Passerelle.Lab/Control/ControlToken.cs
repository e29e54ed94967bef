using System.Security.Cryptography;
using System.Text;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Control;

/// <summary>The bearer of the control API: made once per data folder, kept 0600, told by the endpoints file.</summary>
internal sealed class ControlToken
{
    public ControlToken(DataFolder folder)
    {
        var path = Path.Combine(folder.Keys, "control-token");
        if (!File.Exists(path)) folder.Replace(path, Encoding.ASCII.GetBytes(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))));
        Value = File.ReadAllText(path).Trim();
    }

    public string Value { get; }

    public bool Opens(string? authorization) => authorization is not null
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(authorization), Encoding.UTF8.GetBytes("Bearer " + Value));
}
