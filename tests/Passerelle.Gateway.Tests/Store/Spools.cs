using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Tests.Store;

/// <summary>A spool as the product has it; a test may say how much of the disk is free.</summary>
internal static class Spools
{
    public static Spool For(StoreOptions options, FreeBytes? free = null, TimeProvider? time = null)
    {
        var settings = Options.Create(options);
        return new Spool(settings, new DiskRoom(settings, free ?? DiskRoom.Measure, time ?? TimeProvider.System, NullLogger<DiskRoom>.Instance));
    }
}
