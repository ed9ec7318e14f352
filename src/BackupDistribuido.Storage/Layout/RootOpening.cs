using System.Globalization;
using System.Text;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Layout;

/// <summary>Opens, creates and locks a ROOT: checks everything before it creates anything, and removes what it created
/// if it fails all the same.</summary>
internal sealed class RootOpening : IDisposable
{
    private static readonly byte[] MarkName = ".bdist"u8.ToArray();
    private static readonly byte[] HolderName = "holder"u8.ToArray();

    private readonly RootOptions _options;
    private readonly Durability _durability;
    private readonly string _path;
    private readonly string _parentPath;
    private readonly byte[] _name;
    private Descriptor? _parent;
    private Descriptor? _root;
    private Descriptor? _mark;
    private Descriptor? _lock;
    private bool _madeRoot;
    private bool _madeMark;
    private bool _locked;

    public RootOpening(string path, RootOptions options, Durability durability)
    {
        if (path.Length == 0) throw new RootRefusedException(RootRefusal.NotADirectory, RootReason.NoPath);
        (_options, _durability) = (options, durability);
        _path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        _parentPath = Path.GetDirectoryName(_path) ?? "/";
        _name = Encoding.UTF8.GetBytes(Path.GetFileName(_path) is { Length: > 0 } name ? name : ".");
        RealPath = _path;
    }

    /// <summary>The ROOT's absolute path without links, once it is open.</summary>
    public string RealPath { get; private set; }

    public (Descriptor Root, Descriptor Mark, Descriptor Lock) Run()
    {
        var errno = Descriptor.OpenDirectory(_path, out _root);
        if (errno == Errno.NoEntry) MakeRoot();
        else if (errno == Errno.NotDirectory) throw Refuse(RootRefusal.NotADirectory, RootReason.NotAFolder(_path));
        else errno.OrThrow("openat", _path);
        CheckMount(_root);
        Mark(_root);
        Lock(_root);
        Descriptor.RealPath(_path, out var real).OrThrow("realpath", _path);
        RealPath = real;
        return (_root, _mark!, _lock!);
    }

    private void MakeRoot()
    {
        var errno = Descriptor.OpenDirectory(_parentPath, out _parent);
        if (errno is Errno.NoEntry or Errno.NotDirectory)
            throw Refuse(RootRefusal.ParentMissing, RootReason.Missing(_path, _parentPath));
        errno.OrThrow("openat", _parentPath);
        if (_parent.Status(_name, out _) == Errno.None)
            throw Refuse(RootRefusal.NotADirectory, RootReason.DanglingLink(_path));
        CheckMount(_parent);
        _parent.MakeDirectory(_name).OrThrow("mkdirat", _path);
        _madeRoot = true;
        _parent.OpenDirectory(_name, out _root).OrThrow("openat", _path);
        _durability.SyncOrThrow(_parent, _parentPath);
    }

    /// <summary>
    /// A mount point without its disk is an ordinary folder on the system's own file system. The mount's id is compared
    /// too, because a btrfs subvolume has its own device number without being mounted.
    /// </summary>
    private void CheckMount(Descriptor directory)
    {
        if (!_options.RequireMount) return;
        Descriptor.OpenDirectory("/", out var top).OrThrow("openat", "/");
        using (top)
        {
            top.Status(out var system).OrThrow("statx", "/");
            directory.Status(out var status).OrThrow("statx", _path);
            if (status.Device == system.Device || status.MountId == system.MountId)
                throw Refuse(RootRefusal.NotMounted, RootReason.NotMounted(_path));
        }
    }

    private void Mark(Descriptor root)
    {
        var errno = root.OpenDirectory(MarkName, out _mark);
        if (errno == Errno.None) return;
        if (errno is Errno.NotDirectory or Errno.Loop)
            throw Refuse(RootRefusal.Foreign, RootReason.ForeignState(_path));
        errno.Except(Errno.NoEntry).OrThrow("openat", $"{_path}/.bdist");
        if (!_options.Adopt && !Folders.IsEmpty(root, _path))
            throw Refuse(RootRefusal.Foreign, RootReason.NotEmpty(_path));
        errno = root.MakeDirectory(MarkName);
        _madeMark = errno == Errno.None;
        // Another process may have been quicker; the lock decides between us.
        errno.Except(Errno.Exists).OrThrow("mkdirat", $"{_path}/.bdist");
        root.OpenDirectory(MarkName, out _mark).OrThrow("openat", $"{_path}/.bdist");
    }

    private void Lock(Descriptor root)
    {
        _mark!.Open("lock"u8, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.NoFollow, out _lock)
            .OrThrow("openat", $"{_path}/.bdist/lock");
        var errno = _lock.TryLock();
        if (errno == Errno.TryAgain)
        {
            SmallFile.Read(_mark, HolderName, out var holder);
            throw Refuse(RootRefusal.InUse, holder.Length > 0
                ? RootReason.InUseBy(_path, holder.Trim()) : RootReason.InUse(_path));
        }
        errno.OrThrow("flock", $"{_path}/.bdist/lock");
        _locked = true;
        NameHolder(_mark);
        root.CheckWritable().OrThrow("faccessat", _path);
    }

    /// <summary>
    /// Names the process that holds the lock, for users only: no decision depends on it, and it need not be durable. It
    /// is a separate file, created each time, because the lock file may have been given a second name: its content is
    /// never written.
    /// </summary>
    private void NameHolder(Descriptor mark)
    {
        var shown = $"{_path}/.bdist/holder";
        mark.Unlink(HolderName).Except(Errno.NoEntry).OrThrow("unlinkat", shown);
        mark.CreateFile(HolderName, out var holder).OrThrow("openat", shown);
        using (holder)
            holder.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n"))
                .OrThrow("write", shown);
    }

    /// <summary>Closes everything and removes what this opening made, as far as it is still empty of anything
    /// else's.</summary>
    public void Undo()
    {
        // Without the lock another process may have taken it by now.
        if (_madeMark && _locked && _mark is { IsInvalid: false })
        {
            _mark.Unlink("lock"u8);
            _mark.Unlink(HolderName);
            _mark.Unlink("id"u8);
            _mark.Unlink(SmallFile.Unfinished);
            _root!.RemoveDirectory(MarkName);
        }
        if (_madeRoot) _parent!.RemoveDirectory(_name);
        _lock?.Dispose();
        _mark?.Dispose();
        _root?.Dispose();
    }

    /// <summary>Closes what was open for the opening only.</summary>
    public void Dispose() => _parent?.Dispose();

    private RootRefusedException Refuse(RootRefusal kind, Reason why) => new(kind, why);
}
