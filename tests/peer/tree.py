"""Trees: manifest lines and content, from a directory or synthetic from a seed.

A tree has `entries` (in manifest order), `open(no)` -> content with size, read(offset, n) and data() (ranges
that are no holes), `current(no)` -> the entry as it is now; both raise OSError where the file vanished.
"""
import copy
import errno
import hashlib
import os
import random
import stat

from entries import Entry

CHUNK = 262_144
_NAMESPACES = (b"user.", b"trusted.", b"security.")
_ACLS = (b"system.posix_acl_access", b"system.posix_acl_default")


def time_of(nanoseconds):
    """Seconds rounded down, nanoseconds to be added."""
    return divmod(nanoseconds, 10 ** 9)


class Content:
    """Content in memory: pieces [(offset, bytes)] in a file of `size` bytes; the rest are holes."""

    def __init__(self, size, pieces):
        self.size, self.pieces = size, pieces

    def data(self):
        return [(offset, offset + len(data)) for offset, data in self.pieces if data]

    def read(self, offset, length):
        out = bytearray(max(0, min(length, self.size - offset)))
        for start, data in self.pieces:
            low, high = max(start, offset), min(start + len(data), offset + len(out))
            if low < high:
                out[low - offset:high - offset] = data[low - start:high - start]
        return bytes(out)

    def close(self):
        pass


class FileContent:
    """Content of a file on disk."""

    def __init__(self, path):
        self.fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        self.size = os.fstat(self.fd).st_size

    def data(self):
        ranges, at = [], 0
        while at < self.size:
            try:
                low = os.lseek(self.fd, at, os.SEEK_DATA)
                at = os.lseek(self.fd, low, os.SEEK_HOLE)
            except OSError as fault:
                if fault.errno == errno.ENXIO:
                    break                                   # nothing but a hole is left
                return [(0, self.size)]
            ranges.append((low, min(at, self.size)))
        return ranges

    def read(self, offset, length):
        return os.pread(self.fd, length, offset)

    def close(self):
        os.close(self.fd)


def digest_of(content):
    """The SHA-256 of all of a content (holes are zeros)."""
    state, at = hashlib.sha256(), 0
    while at < content.size:
        data = content.read(at, min(CHUNK, content.size - at))
        if not data:
            raise OSError(errno.EIO, "file became shorter")
        state.update(data)
        at += len(data)
    return state.hexdigest()


class DirTree:
    """A real directory: files, directories, symlinks, special files, hard links."""

    def __init__(self, root):
        self.root, self.entries, self._inodes = os.fsencode(root), [], {}
        self._walk(b".", b"")

    def _full(self, path):
        return self.root if path == b"." else os.path.join(self.root, path)

    def _walk(self, path, prefix):
        info = os.lstat(self._full(path))
        names = []
        if stat.S_ISDIR(info.st_mode):
            try:
                names = sorted(os.listdir(self._full(path)))
            except OSError:
                self.entries.append(Entry("!", path, reason="unreadable"))
                return
            if any(len(prefix + name) > 65_535 for name in names):      # as a whole (Entry lines)
                self.entries.append(Entry("!", path, reason="path-too-long"))
                return
        self.entries.append(self._entry(path, info, len(self.entries)))
        for name in names:
            try:
                self._walk(prefix + name, prefix + name + b"/")
            except OSError:
                self.entries.append(Entry("!", prefix + name, reason="vanished"))

    def _entry(self, path, info, no=None):
        mode = info.st_mode
        key = (info.st_dev, info.st_ino)
        if no is not None and not stat.S_ISDIR(mode) and info.st_nlink > 1:
            first = self._inodes.setdefault(key, no)
            if first != no:
                return Entry("h", path, first=first)
        fields = dict(mode=stat.S_IMODE(mode), uid=info.st_uid, gid=info.st_gid,
                      modified=time_of(info.st_mtime_ns), attributes=self._attributes(path))
        if stat.S_ISREG(mode):
            digest = hashlib.sha256().hexdigest() if not info.st_size else None
            return Entry("f", path, size=info.st_size, changed=time_of(info.st_ctime_ns), inode=info.st_ino,
                         digest=digest, **fields)
        if stat.S_ISLNK(mode):
            return Entry("l", path, target=os.readlink(self._full(path)), **fields)
        if stat.S_ISBLK(mode) or stat.S_ISCHR(mode):
            return Entry("b" if stat.S_ISBLK(mode) else "c", path, major=os.major(info.st_rdev),
                         minor=os.minor(info.st_rdev), **fields)
        return Entry("d" if stat.S_ISDIR(mode) else "p" if stat.S_ISFIFO(mode) else "s", path, **fields)

    def _attributes(self, path):
        try:
            full, found = self._full(path), []
            for name in os.listxattr(full, follow_symlinks=False):
                name = os.fsencode(name)
                if name.startswith(_NAMESPACES) or name in _ACLS:
                    found.append((name, os.getxattr(full, name, follow_symlinks=False)))
        except OSError:
            return []
        if sum(len(name) + len(value) + 1 for name, value in found) > 16_384:
            return []                                       # the text does not say what then
        return sorted(found)

    def open(self, no):
        return FileContent(self._full(self.entries[no].path))

    def current(self, no):
        path = self.entries[no].path
        return self._entry(path, os.lstat(self._full(path)))


class SyntheticTree:
    """A tree made from a seed; change() and vanish() do what happens to trees while they are read."""

    def __init__(self, seed=1, small=20, big=3 << 20, sparse=8 << 20, links=True):
        self._random = random.Random(seed)
        self._content, self._now, self._gone = {}, {}, set()
        self._inode = 1000
        files = {b"notes/empty": [], b"notes/to do.txt": [(0, b"hello world\n")]}
        for at in range(small):
            name = b"many/%04d" % at
            files[name] = [(0, self._random.randbytes(self._random.choice([1, 7, 4096, 5000, 20_000])))]
        for name in (b"odd/\xff\xfe%", b"odd/a,b=c", b"odd/new\nline", b"odd/a.c", b"odd/a/b",
                     b"odd/\xc3\xbc "):
            files[name] = [(0, self._random.randbytes(self._random.randrange(1, 9000)))]
        if big:
            files[b"big"] = [(0, self._random.randbytes(big + 17))]
        if sparse:
            files[b"sparse"] = [(65536, self._random.randbytes(70_000)),
                                (sparse - 4096, self._random.randbytes(4096))]
            files[b"zeros"] = [(sparse - 1, b"\0")]
        directories = {b"."} | {name.rpartition(b"/")[0] or b"." for name in files}
        directories |= {b"deep", b"deep/er", b"deep/er/est"}
        nodes = {name: "d" for name in directories} | {name: "f" for name in files}
        if links:
            nodes |= {b"today": "l", b"pipe": "p", b"zz other name": "h", b"zz third": "h", b"zz socket": "s"}
        names = sorted(nodes, key=lambda name: [] if name == b"." else name.split(b"/"))
        self.entries = []
        for no, name in enumerate(names):
            self.entries.append(self._make(no, name, nodes[name], files.get(name), names))

    def _make(self, no, name, kind, pieces, names):
        if kind == "h":
            return Entry("h", name, first=names.index(b"notes/to do.txt"))
        stamp = (1763829000 + no, self._random.randrange(10 ** 9))
        fields = dict(mode=0o755 if kind == "d" else 0o644, uid=os.getuid(), gid=os.getgid(), modified=stamp,
                      attributes=[(b"user.colour", b"blue green")] if name == b"notes/to do.txt" else [])
        if kind == "l":
            return Entry("l", name, target=b"no/where at all\xff", **fields)
        if kind != "f":
            return Entry(kind, name, **fields)
        size = max((offset + len(data) for offset, data in pieces), default=0)
        self._content[no] = Content(size, pieces)
        self._inode += 1
        digest = hashlib.sha256().hexdigest() if not size else None
        self._now[no] = Entry("f", name, size=size, changed=stamp, inode=self._inode, digest=digest, **fields)
        return self.current(no)

    def find(self, path):
        return next(no for no, entry in enumerate(self.entries) if entry.path == path)

    def open(self, no):
        self._present(no)
        return self._content[no]

    def current(self, no):
        self._present(no)
        return copy.copy(self._now[no])

    def _present(self, no):
        if no in self._gone:
            raise FileNotFoundError(errno.ENOENT, "vanished")

    def change(self, no, size=None, inode=False):
        """The file has other content now, of `size` bytes (or as many as before)."""
        now = self._now[no]
        now.size = now.size if size is None else size
        now.changed = now.modified = (now.changed[0] + 1, 5)
        now.digest = None if now.size else hashlib.sha256().hexdigest()
        if inode:
            self._inode += 1
            now.inode = self._inode
        self._content[no] = Content(now.size, [(0, self._random.randbytes(now.size))])

    def vanish(self, no):
        self._gone.add(no)


class Troubled:
    """A tree of which one file seems to change while it is sent, or one has vanished."""

    def __init__(self, tree, again=None, omit=None):
        self.tree, self.entries = tree, tree.entries
        self.again, self.omit = again and os.fsencode(again), omit and os.fsencode(omit)
        self.current = tree.current

    def open(self, no):
        if self.entries[no].path == self.omit:
            raise FileNotFoundError(self.omit)
        return self.tree.open(no)

    def trouble(self, no, offset):
        """A chmod to the same mode: nothing but the change time is another one."""
        if self.entries[no].path == self.again:
            self.again = None
            path = os.path.join(self.tree.root, self.entries[no].path)
            os.chmod(path, os.stat(path).st_mode & 0o7777)
