namespace Passerelle.Tests;

/// <summary>What a standard demands of a server and the test shows. <c>docs/rfc.md</c> is made of these.</summary>
/// <param name="rfc">Its number.</param>
/// <param name="section">Without the sign.</param>
/// <param name="rule">The demand, in its words as far as a line allows.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class MustAttribute(int rfc, string section, string rule) : Attribute
{
    public int Rfc { get; } = rfc;
    public string Section { get; } = section;
    public string Rule { get; } = rule;
}
