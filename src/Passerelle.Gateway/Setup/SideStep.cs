using Passerelle.Gateway.Apps;

namespace Passerelle.Gateway.Setup;

/// <summary>What we have seen of one step on Microsoft's side.</summary>
internal enum Sight
{
    /// <summary>Nothing yet: it cannot be seen from here, or nobody has looked.</summary>
    Unseen,
    Done,
    Wrong,

    /// <summary>It works, and more is there or done than anything needs.</summary>
    Excess,

    /// <summary>The guide asks for it and this app does not.</summary>
    NotNeeded,
}

/// <summary>One step of the guide on Microsoft's side. Its words are the resources <c>side.{Name}</c>, <c>-where</c> and <c>-what</c>.</summary>
/// <param name="SetupStep">E1–E10, X1–X6, F1–F5 (facts/microsoft365.md §0).</param>
/// <param name="Values">This app's values, ready to copy.</param>
/// <param name="Finding">What says so; null where nothing was looked at.</param>
internal sealed record SideStep(string Name, string SetupStep, IReadOnlyList<SideValue> Values, Sight Sight, Finding? Finding);

/// <param name="Name">Its label is the resource <c>side.value.{Name}</c>.</param>
internal sealed record SideValue(string Name, string Value);
