"""What a child has: announced pages, content by file (whole, prefixes, pieces with gaps), and publishing.

A Stage belongs to one run and snapshot and outlives links (rules 8, 13, 23). Content is kept by path.
"""
import hashlib
import os
import pickle
import shutil
import stat
import threading

from entries import Order
from frames import Refused
from needs import minus, union

CHUNK = 1 << 20


class Held:
    """What is here of one file: ranges, its stamp then (None: unknown), the digest once verified."""

    def __init__(self, stamp=None):
        self.ranges, self.stamp, self.verified = [], stamp, None


class Stage:
    """The staging of one run's snapshot."""

    def __init__(self, directory):
        self.directory, self.lock = directory, threading.RLock()
        self.pages, self.earlier = [], []       # [(first, [entries])] of this link; of earlier links
        self.held, self.refused_seals = {}, 0
        self.order = Order()
        os.makedirs(os.path.join(directory, "content"), exist_ok=True)
        try:
            with open(self._state(), "rb") as file:
                self.pages, self.held, self.refused_seals = pickle.load(file)
        except FileNotFoundError:
            pass

    def _state(self):
        return os.path.join(self.directory, "state")

    def save(self):
        """Keep what is known, for the next link or process."""
        pages = self.pages + self.earlier[len(self.pages):]
        with open(self._state() + ".new", "wb") as file:
            pickle.dump((pages, self.held, self.refused_seals), file)
        os.replace(self._state() + ".new", self._state())

    # ---- pages ----

    def first_lacking(self):
        """The first page of which anything is lacking (rule 4); the number of pages if nothing is."""
        pages = self.pages + self.earlier[len(self.pages):]
        for no, (_, entries) in enumerate(pages):
            if not all(self.verified(entry) for entry in entries):
                return no
        return len(pages)

    def begin(self, first):
        """A new link, whose first page is `first`: what is behind it may be announced again (rule 13)."""
        self.earlier = self.pages + self.earlier[len(self.pages):]
        self.pages = self.earlier[:first]
        self.order = Order(entry for _, entries in self.pages for entry in entries)

    def announce(self, no, first, entries):
        """Take a page: manifest order, and what an earlier link said of it (rules 7 and 13)."""
        if no < len(self.earlier):
            before_first, before = self.earlier[no]
            if before_first != first or len(before) != len(entries):
                raise Refused("order", "a page was announced with other entries before")
            for old, new in zip(before, entries):
                _same(old, new)
        for entry in entries:
            self.order.take(entry)
        self.pages.append((first, entries))

    def replace(self, page, no, entry):
        """The line after AGAIN or OMIT."""
        first, entries = self.pages[page]
        entries[no - first] = entry
        self.order.kinds[no] = entry.kind

    def drop_manifest(self):
        """Rule 23: verified content stays, the lines do not."""
        self.pages, self.earlier = [], []
        self.refused_seals += 1

    def totals(self):
        """Entries, pages, sum of sizes, digest: what SEAL must say (rule 21)."""
        state, size, count = hashlib.sha256(), 0, 0
        for _, entries in self.pages:
            for entry in entries:
                state.update(entry.line())
                size += entry.size or 0
                count += 1
        return count, len(self.pages), size, state.hexdigest()

    # ---- content ----

    def path_of(self, path):
        return os.path.join(self.directory, "content", hashlib.sha256(path).hexdigest()[:40])

    def verified(self, entry):
        """Whether an entry lacks nothing (rule 8)."""
        if entry.kind != "f" or entry.size == 0:
            return True
        held = self.held.get(entry.path)
        return bool(held and entry.digest and held.verified == entry.digest)

    def lacks(self, entry):
        """The ranges of a file that are not here; content with another stamp or digest is dropped."""
        held = self.held.get(entry.path)
        if held and held.verified and (entry.digest or held.stamp == entry.stamp()):
            if entry.digest not in (None, held.verified):
                self.forget(entry)
        elif held and held.stamp not in (None, entry.stamp()):
            self.forget(entry)
        held = self.held.setdefault(entry.path, Held())
        held.stamp = entry.stamp()
        if held.ranges and held.ranges[-1][1] > entry.size:
            self.forget(entry)
        return minus([(0, entry.size)], self.held.setdefault(entry.path, Held(entry.stamp())).ranges)

    def forget(self, entry):
        """What was sent of a file is void."""
        self.held[entry.path] = Held(entry.stamp())
        try:
            os.unlink(self.path_of(entry.path))
        except FileNotFoundError:
            pass

    def hold(self, path, data, ranges=None):
        """For tests and late joiners: this content is already here (all of it, or some ranges)."""
        held = self.held[path] = Held()
        fd = os.open(self.path_of(path), os.O_WRONLY | os.O_CREAT, 0o600)
        for low, high in ranges or [(0, len(data))]:
            os.pwrite(fd, data[low:high], low)
            held.ranges = union(held.ranges, [(low, high)])
        os.close(fd)

    def put(self, entry, offset, data, length):
        """Store bytes (or a hole: data is None) where they are lacking; what is held is not written again."""
        held = self.held.setdefault(entry.path, Held(entry.stamp()))
        if data is not None or entry.size > 0:
            fd = os.open(self.path_of(entry.path), os.O_WRONLY | os.O_CREAT, 0o600)
            try:
                if os.fstat(fd).st_size != entry.size:
                    os.ftruncate(fd, entry.size)
                for low, high in minus([(offset, offset + length)], held.ranges):
                    if data is not None:
                        os.pwrite(fd, data[low - offset:high - offset], low)
            finally:
                os.close(fd)
        held.ranges = union(held.ranges, [(offset, offset + length)])

    def read(self, entry, offset, length):
        """Bytes of a staged file; zeros where there are none (a relay may be behind an AGAIN)."""
        try:
            with open(self.path_of(entry.path), "rb") as file:
                return os.pread(file.fileno(), length, offset).ljust(length, b"\0")
        except FileNotFoundError:
            return bytes(length)

    def hash(self, entry):
        """The digest of a whole staged file, or None where something is lacking; it is remembered."""
        held = self.held.get(entry.path)
        if not held or held.ranges != [(0, entry.size)]:
            return None
        state, at = hashlib.sha256(), 0
        while at < entry.size:
            data = self.read(entry, at, min(CHUNK, entry.size - at))
            state.update(data)
            at += len(data)
        held.verified = state.hexdigest()
        return held.verified

    # ---- the end ----

    def manifest(self, origin, snapshot):
        """The published manifest's bytes (section "Manifest order"; `origin` is not on the wire)."""
        count, _, size, digest = self.totals()
        lines = b"".join(entry.line() for _, entries in self.pages for entry in entries)
        head = f"bdist-manifest 1\norigin {origin}\nsnapshot {snapshot}\n".encode()
        return head + lines + f"seal {count} {size} {digest}\n".encode()

    def publish(self, target):
        """Make a plain tree: everything below a new directory, which then takes its name."""
        new = os.fsencode(target) + b".new"
        shutil.rmtree(new, ignore_errors=True)
        entries = [entry for _, page in self.pages for entry in page]
        full = lambda entry: new if entry.path == b"." else os.path.join(new, entry.path)
        for entry in entries:
            self._make(entry, full(entry), entries, full)
        for entry in reversed(entries):
            _metadata(entry, full(entry))
        shutil.rmtree(target, ignore_errors=True)
        os.rename(new, target)
        fd = os.open(os.path.dirname(os.path.abspath(target)), os.O_RDONLY)
        os.fsync(fd)
        os.close(fd)

    def _make(self, entry, path, entries, full):
        if entry.kind == "d":
            os.makedirs(path) if entry.path == b"." else os.mkdir(path)
        elif entry.kind == "f":
            if entry.size:
                shutil.copyfile(self.path_of(entry.path), path)
            else:
                open(path, "wb").close()
        elif entry.kind == "l":
            os.symlink(entry.target, path)
        elif entry.kind == "h":
            os.link(full(entries[entry.first]), path, follow_symlinks=False)
        elif entry.kind == "p":
            os.mkfifo(path)
        elif entry.kind == "s":
            os.mknod(path, stat.S_IFSOCK | 0o600)
        elif entry.kind in "cb":
            try:
                os.mknod(path, (stat.S_IFCHR if entry.kind == "c" else stat.S_IFBLK) | 0o600,
                         os.makedev(entry.major, entry.minor))
            except OSError:
                pass                                        # it takes root


def _same(old, new):
    """Rule 13: only files may differ, or become omitted; name-lines may become omitted."""
    fine = old.path == new.path
    if new.kind == "!":
        fine = fine and old.kind in "fh!"
    elif old.kind == "f":
        fine = fine and new.kind == "f"
    else:
        fine = fine and old.line() == new.line()
    if not fine:
        raise Refused("order", "a page was announced with another entry before")


def _metadata(entry, path):
    if entry.kind in "h!" or not os.path.lexists(path):
        return
    steps = [lambda: os.chown(path, entry.uid, entry.gid, follow_symlinks=False)]
    if entry.kind != "l":
        steps.append(lambda: os.chmod(path, entry.mode))
    steps += [lambda name=name, value=value: os.setxattr(path, name, value, follow_symlinks=False)
              for name, value in entry.attributes]
    nanoseconds = entry.modified[0] * 10 ** 9 + entry.modified[1]
    steps.append(lambda: os.utime(path, ns=(nanoseconds, nanoseconds), follow_symlinks=False))
    for step in steps:
        try:
            step()
        except (OSError, OverflowError):
            pass                                            # not everything is allowed to everybody


class Store:
    """All stages below one directory."""

    def __init__(self, directory):
        self.directory, self._stages, self._lock = directory, {}, threading.Lock()

    def stage(self, run, snapshot):
        with self._lock:
            key = f"{run}-{snapshot}"
            if key not in self._stages:
                self._stages[key] = Stage(os.path.join(self.directory, key))
            return self._stages[key]
