using System.Buffers;
using System.IO.Pipelines;

namespace Passerelle.Smtp;

/// <summary>Octets that a socket gave and nobody has consumed yet, in one buffer as large as what comes; none while there are none.</summary>
internal struct ReceiveBuffer()
{
    /// <summary>Holds any command: ten thousand connections may hold a line that is not whole.</summary>
    private const int Small = 4 * 1024;
    private const int Usual = 16 * 1024;

    private byte[] _buffer = [];
    private int _start;   // octets from here to _end wait to be consumed
    private int _end;
    private int _seen;    // the caller has looked as far as this and wants more
    private ReadOnlySequence<byte> _given;

    /// <summary>Nothing more comes behind what is here.</summary>
    public bool Ended { get; private set; }

    public readonly bool HasNews => _seen != _end || Ended;

    public ReadResult Give(bool interrupted)
    {
        _given = new ReadOnlySequence<byte>(_buffer, _start, _end - _start);
        return new ReadResult(_given, interrupted, Ended);
    }

    public void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        var start = _start;
        _start = start + (int)_given.GetOffset(consumed) - (int)_given.GetOffset(_given.Start);
        _seen = Math.Max(_start, start + (int)_given.GetOffset(examined) - (int)_given.GetOffset(_given.Start));
        _given = default;
        if (_start == _end) Release();
    }

    /// <summary>Room behind what is there: an unfinished line that fills the buffer gets one of double size.</summary>
    public Memory<byte> Room()
    {
        var kept = _end - _start;
        if (kept == 0 && _buffer.Length < Usual) Replace(Usual);
        else if (_end == _buffer.Length && _start == 0) Replace(Math.Max(Usual, _buffer.Length * 2));
        else if (_end == _buffer.Length) Replace(_buffer.Length);
        return _buffer.AsMemory(_end);
    }

    /// <param name="count">Written into <see cref="Room"/>; 0: the end.</param>
    /// <returns>Whether it was all that there was room for: more may have come already.</returns>
    public bool Took(int count)
    {
        var filled = count == _buffer.Length - _end;
        if (count == 0) Ended = true;
        _end += count;
        return filled;
    }

    /// <summary>Nobody waits with a large buffer for the rest of a line.</summary>
    public void Shrink()
    {
        var kept = _end - _start;
        if (kept == 0) Release();
        else if (kept < Small && _buffer.Length > Small) Replace(Small);
    }

    public void End()
    {
        Ended = true;
        (_start, _seen, _end) = (0, 0, 0);
        Release();
    }

    private void Release()
    {
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        (_start, _seen, _end) = (0, 0, 0);
    }

    private void Replace(int size)
    {
        var next = ArrayPool<byte>.Shared.Rent(size);
        _buffer.AsSpan(_start, _end - _start).CopyTo(next);
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _start, _seen, _end) = (next, 0, _seen - _start, _end - _start);
    }
}
