"""One connection: frames in, frames out, ALIVE, and the deadlines that need no knowledge of the conversation.

Reading never waits for writing (rule 26): what is sent goes through a queue with a thread of its own.
"""
import collections
import json
import select
import socket
import sys
import threading
import time

from frames import MAX_LINE, GotError, Refused, error, parse_header
from times import Times

_PRINT = threading.Lock()


def print_event(event):
    """One JSON object a line on stdout."""
    with _PRINT:
        print(json.dumps(event), flush=True)


def parse_address(text):
    host, _, port = text.rpartition(":")
    return host.strip("[]") or "127.0.0.1", int(port)


class Link:
    """A connection. `down` says whether frames of the direction down are read here (a child reads down)."""

    def __init__(self, sock, down, times=None, emit=print_event, liar=None, label=None):
        sock.setblocking(False)
        if sock.family != socket.AF_UNIX:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock, self.down, self.times, self.label = sock, down, times or Times(), label
        self._emit, self.liar = emit, liar
        self.started = time.monotonic()
        self.about = {}                 # run and epoch, once known: they are in each event
        self.silence = None             # seconds without a byte until [silence], once greeted
        self.deadline = None            # absolute: until the frame that is read must be there
        self.failure = None
        self.calling = False            # a child that dialled waits for HELLO without end
        self.cond = threading.Condition()
        self._in, self._queue, self._queued = bytearray(), collections.deque(), 0
        self._last = None               # what is sent before the sending direction ends
        self._dead = False              # the writer has given up
        self._alive = threading.Event()
        self.drained = b""              # the last of what nobody wanted to read
        self.begun = 0.0                # when the last frame was begun
        self._writer = threading.Thread(target=self._write, daemon=True)
        self._writer.start()

    def emit(self, event, **more):
        """Report something that happened on this link."""
        self._emit({"event": event, **({"link": self.label} if self.label else {}), **self.about, **more})

    def after(self):
        """Seconds since the lie, or since the start."""
        lied = self.liar and self.liar.link is self
        return round(time.monotonic() - (self.liar.lied_at if lied else self.started), 3)

    # ---- reading ----

    def _receive(self):
        """More bytes into the buffer; False at the end of input."""
        since = time.monotonic()
        while True:
            now = time.monotonic()
            if self.silence is not None and now - since >= self.silence:
                raise Refused("silence", "no byte for too long")
            if self.deadline is not None and now >= self.deadline:
                raise Refused("silence", "waited too long")
            if self.failure:
                raise self.failure
            if self.liar and self.liar.link is self and self.liar.deaf:
                time.sleep(self.times.alive)
                since = time.monotonic()
                continue
            if self.sock.fileno() < 0:
                return False            # closed here
            if select.select([self.sock], [], [], 0.05)[0]:
                try:
                    data = self.sock.recv(1 << 18)
                except BlockingIOError:
                    continue
                except OSError:
                    return False        # a reset is an end of input
                self._in += data
                return bool(data)

    def pending(self):
        """Whether something has come that was not read yet (it does not wait)."""
        if not self._in and select.select([self.sock], [], [], 0)[0]:
            try:
                self._in += self.sock.recv(1 << 18)
            except OSError:
                pass
        return bool(self._in)

    def read(self):
        """The next frame with its payload, or None at an end of input between frames. ERROR is raised."""
        while (end := self._in.find(b"\n", 0, MAX_LINE)) < 0:
            if len(self._in) >= MAX_LINE:
                raise Refused("limit", "header line too long")
            if not self._receive():
                if self._in:
                    raise Refused("truncated", "end of input within a line")
                return None
        frame = parse_header(bytes(self._in[:end + 1]), self.down)
        del self._in[:end + 1]
        if frame.verb == "ERROR":
            raise GotError(*frame.fields)
        return frame

    def payload(self, frame):
        """Reads what the header announced."""
        while len(self._in) < frame.length:
            if not self._receive():
                raise Refused("truncated", "end of input within a payload")
        frame.payload = bytes(self._in[:frame.length])
        del self._in[:frame.length]
        return frame.payload

    # ---- writing ----

    def send(self, item, size=None, wait=False):
        """Queue a frame: its bytes, or a function that makes them when their turn comes (with their size)."""
        size = len(item) if size is None else size
        with self.cond:
            while wait and self._queued > 1 << 20 and not self._dead and not self.failure:
                self.cond.wait(0.1)
            if self.failure:
                raise self.failure
            if self._last is None and not self._dead:
                self._queue.append((item, size))
                self._queued += size
                self.cond.notify_all()

    def end(self, last=b"", drop=False):
        """`last` is this side's last frame; then the sending direction ends."""
        with self.cond:
            if drop:
                self._queue.clear()
                self._queued = 0
            if self._last is None and not (drop and self.silent()):
                self._last = last
            self.cond.notify_all()

    def _write(self):
        while True:
            with self.cond:
                while not self._queue and self._last is None:
                    self.cond.wait()
                item, size = self._queue.popleft() if self._queue else (self._last, None)
                final = size is None
                self._queued -= size or 0
                self.cond.notify_all()
            try:
                data = item() if callable(item) else item
                for piece in (self.liar.tell(data, self) if self.liar and data else (data,)):
                    self._push(piece)
                if final and self.silent():
                    self._last, final = None, False
                elif final:
                    self.sock.shutdown(socket.SHUT_WR)
            except (OSError, Refused) as fault:
                with self.cond:
                    self._dead, final = True, True
                    self._queue.clear()
                    if isinstance(fault, Refused):
                        self.poison(fault)
            if final:
                with self.cond:
                    self._dead = True
                    self.cond.notify_all()
                return

    def _push(self, data):
        """All of `data`; no byte taken for 15 s is [silence]."""
        self.begun = time.monotonic()
        view, since = memoryview(data), time.monotonic()
        while view:
            if select.select([], [self.sock], [], 0.05)[1]:
                try:
                    view, since = view[self.sock.send(view):], time.monotonic()
                except BlockingIOError:
                    pass
            elif time.monotonic() - since >= self.times.taken:
                raise Refused("silence", "nothing was taken for too long")

    def poison(self, fault):
        """Another thread found a fault: everybody who reads, writes or waits here learns of it."""
        with self.cond:
            self.failure = self.failure or fault
            self.cond.notify_all()

    def start_alive(self, always):
        """ALIVE each second from a thread of its own; not `always`: only if no other frame was begun."""
        def run():
            while not self._alive.wait(self.times.alive):
                with self.cond:
                    if (self._last is not None or self._dead or self.failure) and not self.silent():
                        return
                    idle = time.monotonic() - self.begun >= self.times.alive * 0.9
                    if not self._queue and (always or idle):
                        self._queue.append((b"ALIVE\n", 6))
                        self._queued += 6
                        self.cond.notify_all()
        threading.Thread(target=run, daemon=True).start()

    def stop_alive(self):
        if not self.silent():
            self._alive.set()

    def silent(self):
        """Whether a lie keeps this side silent: it neither fails nor ends, until the other side does."""
        return bool(self.liar and self.liar.link is self and self.liar.silent)

    # ---- the end ----

    def fail(self, fault):
        """The end that is not rule 24's: ERROR where it is ours to say, read on for a moment, close."""
        if self.silent():
            self.drain(3600 * self.times.alive)
            fault = self._last_words() or fault
        self.stop_alive()
        self.poison(fault)
        if isinstance(fault, GotError):
            self.emit("got-error", code=fault.code, text=fault.text, after=self.after())
            self.end(drop=True)
        elif isinstance(fault, Refused):
            self.emit("sent-error", code=fault.code, text=fault.text, after=self.after())
            self.end(error(fault.code, fault.text), drop=True)
            self.drain(3 * self.times.linger)
            last = self._last_words()
            if last:
                self.emit("got-error", code=last.code, text=last.text, after=self.after())
        else:
            self.end(error("storage", str(fault)), drop=True)
        self.emit("failed", why=str(fault))
        self.close()

    def _last_words(self):
        """The ERROR that ended what was drained, or None."""
        last = self.drained[:-1].rpartition(b"\n")[2].decode("latin-1").split(" ", 2)
        return GotError(*last[1:]) if last[0] == "ERROR" and len(last) == 3 else None

    def drain(self, seconds):
        """Read on and drop what comes, until the end of input; False if that did not come in time."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            try:
                if select.select([self.sock], [], [], left)[0]:
                    data = self.sock.recv(1 << 18)
                    self.drained = (self.drained + data)[-400:]
                    if not data:
                        return True
            except BlockingIOError:
                pass
            except (OSError, ValueError):
                return True
        return False

    def close(self):
        if self.silent():
            self.drain(3600 * self.times.alive)
        self._alive.set()
        self._writer.join(self.times.linger)
        with self.cond:
            self._last, self._dead = self._last or b"", True
            self.cond.notify_all()
        try:
            self.sock.close()
        except OSError:
            pass


def serve(address, handle, emit=print_event, once=False, ready=None):
    """Listen and handle each connection in a thread of its own."""
    host, port = parse_address(address)
    listener = socket.create_server((host, port), backlog=64)
    emit({"event": "listening", "port": listener.getsockname()[1]})
    if ready:
        ready(listener)
    while True:
        try:
            sock, _ = listener.accept()
        except OSError:
            return
        thread = threading.Thread(target=handle, args=(sock,), daemon=True)
        thread.start()
        if once:
            thread.join()
            return


def guard(link, body):
    """Run one side of a conversation; every fault ends it as Errors says. Returns body's result or None."""
    try:
        return body()
    except (Refused, GotError) as fault:
        link.fail(link.failure or fault)
    except OSError as fault:
        link.fail(Refused("storage", str(fault)))
    except Exception as fault:                              # a bug here: say so, on both sides
        print(repr(fault), file=sys.stderr)
        link.fail(Refused("stopping", repr(fault)))
        raise
    return None
