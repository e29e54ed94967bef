using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Passerelle.Smtp;

/// <summary>epoll(7) of Linux, with an eventfd(2) that ends a wait from another thread.</summary>
internal sealed class Epoll : IDisposable
{
    public const uint Readable = 0x001;  // EPOLLIN
    public const uint Broken = 0x008 | 0x010; // EPOLLERR, EPOLLHUP: told without being asked for
    public const uint EndComes = 0x2000; // EPOLLRDHUP
    public const uint OnChange = 1u << 31; // EPOLLET

    private const int Most = 256;
    private const int CloseOnExec = 0x80000; // EPOLL_CLOEXEC, EFD_CLOEXEC
    private const int NonBlocking = 0x800;   // EFD_NONBLOCK
    private const int Add = 1;
    private const int Delete = 2;
    private const int Interrupted = 4; // EINTR

    /// <summary>struct epoll_event is packed on x86-64 and nowhere else (epoll_event(3type)).</summary>
    private static readonly int Stride = RuntimeInformation.ProcessArchitecture is Architecture.X64 ? 12 : 16;
    private static readonly int DataAt = Stride - 8;

    private readonly byte[] _happened = new byte[Most * Stride];
    private readonly SafeFileHandle _epoll = Opened(Create(CloseOnExec));
    private readonly SafeFileHandle _bell = Opened(Bell(0, CloseOnExec | NonBlocking));

    public Epoll() => Watch((int)_bell.DangerousGetHandle(), Readable | OnChange); // never read: each write is a change

    public void Dispose()
    {
        _epoll.Dispose();
        _bell.Dispose();
    }

    /// <exception cref="Win32Exception">No memory, or too many are watched (/proc/sys/fs/epoll/max_user_watches).</exception>
    public void Watch(int descriptor, uint events)
    {
        Span<byte> what = stackalloc byte[Stride];
        what.Clear();
        BitConverter.TryWriteBytes(what, events);
        BitConverter.TryWriteBytes(what[DataAt..], (long)descriptor);
        if (Control(_epoll, Add, descriptor, ref what[0]) != 0) throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    /// <summary>Closing a descriptor does it too.</summary>
    public void Unwatch(int descriptor)
    {
        Span<byte> nothing = stackalloc byte[Stride];
        _ = Control(_epoll, Delete, descriptor, ref nothing[0]);
    }

    public void Ring()
    {
        var one = 1UL;
        _ = Write(_bell, ref one, sizeof(ulong));
    }

    /// <param name="look">Only look what is there; else wait until something happens.</param>
    /// <returns>How much did, to be asked of <see cref="Happened"/>.</returns>
    public int Wait(bool look)
    {
        var count = Wait(_epoll, _happened, Most, look ? 0 : -1);
        if (count >= 0) return count;
        var error = Marshal.GetLastPInvokeError();
        return error is Interrupted ? 0 : throw new Win32Exception(error);
    }

    public (int Descriptor, uint Events) Happened(int index)
    {
        var what = _happened.AsSpan(index * Stride, Stride);
        return ((int)BitConverter.ToInt64(what[DataAt..]), BitConverter.ToUInt32(what));
    }

    private static SafeFileHandle Opened(int descriptor) =>
        descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw new Win32Exception(Marshal.GetLastPInvokeError());

    [DllImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Create(int flags);

    [DllImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Bell(uint count, int flags);

    [DllImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Control(SafeFileHandle epoll, int order, int descriptor, ref byte what);

    [DllImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Wait(SafeFileHandle epoll, byte[] happened, int most, int milliseconds);

    [DllImport("libc", EntryPoint = "write", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Write(SafeFileHandle bell, ref ulong count, nint bytes);
}
