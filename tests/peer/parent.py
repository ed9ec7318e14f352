"""A conforming parent: HELLO, pages with a window of 16, content for needs, SEAL, answers to WANT."""
import argparse
import collections
import copy
import hashlib
import os
import socket
import threading
import time

from calls import wait_for_call
from entries import paginate
from frames import KNOWN, MAX_COUNT, MAX_REQUESTS, Refused, write
from liar import Liar
from lies import LIES
from link import Link, guard, parse_address, print_event
from needs import parse_need, parse_ranges, resolve, union
from sending import Sender, send_content
from tree import DirTree, Troubled, digest_of
from times import Times

Plan = collections.namedtuple("Plan", "run epoch secret parent child snapshot")


class Parent(Sender):
    """One conversation of a parent. `trouble` is called with (entry, offset) while a file is sent (tests)."""

    def __init__(self, link, tree, plan, capabilities=KNOWN, trouble=None, page_lines=MAX_COUNT):
        self.link, self.tree, self.plan = link, tree, plan
        self.capabilities, self.trouble = capabilities, trouble or (lambda no, offset: None)
        self.entries = [copy.copy(entry) for entry in tree.entries]
        self.pages = paginate(self.entries, page_lines)
        self.firsts = [page[0] for page in self.pages]
        self.cond = link.cond
        self.todo, self.pending = {}, []        # page -> {entry: ranges}; page -> entries that were not sent
        self.sizes = {}                         # entry -> the sizes that it was announced with (NEED and AGAIN may cross)
        self.announced = self.answered = 0      # pages: the next to announce, the next whose NEED is due
        self.answered_at = None
        self.sealed = self.done = None
        self.requests, self.asked = collections.deque(), 0
        self.tries = collections.Counter()

    def run(self):
        return guard(self.link, self._run)

    def greet(self):
        """HELLO and WELCOME (rules 1, 4, 5); the first page that the child lacks."""
        link, plan = self.link, self.plan
        link.deadline = time.monotonic() + link.times.greet_child
        link.about = dict(run=plan.run, epoch=plan.epoch)
        link.send(write("HELLO", *plan, self.capabilities))
        frame = link.read()
        if frame is None:
            raise Refused("truncated", "end of input before WELCOME")
        if frame.verb != "WELCOME":
            raise Refused("order", "WELCOME comes first")
        run, epoch, node, first, taken = frame.fields
        if (run, epoch, node) != (plan.run, plan.epoch, plan.child) or not self.exists(first):
            raise Refused("order", "WELCOME does not repeat HELLO, or names a page that does not exist")
        self.content = "content" in taken and "content" in self.capabilities
        link.deadline, link.silence = None, link.times.silence
        link.emit("greeted", child=node, first=first, content=self.content)
        self.announced = self.answered = self.complete = first
        self.pending = [set() for _ in range(first)]
        link.start_alive(always=False)
        threading.Thread(target=self._read, daemon=True).start()
        return first

    def exists(self, page):
        return page <= len(self.pages)

    def _run(self):
        self.greet()
        self._send_pages()
        self._seal()
        return self.end()

    def end(self):
        """After SEAL: answers, DONE, the end of the connection."""
        while not self._wait_for_done():
            self._answer_want()
        self.link.stop_alive()
        return self._close()

    def _close(self):
        """DONE came: wait for the end of input (Time, "DONE came")."""
        until = time.monotonic() + self.link.times.close_parent
        with self.cond:
            while not self.ended and time.monotonic() < until and not self.link.failure:
                self.cond.wait(0.05)
            if self.link.failure and self.link.failure.code == "order":
                raise self.link.failure
        self.link.end()
        self.link.close()
        entries, _, size, digest = self.sealed
        self.link.emit("done", digest=digest, entries=entries, bytes=size)
        return dict(digest=digest, entries=entries, bytes=size)

    # ---- reading (a thread of its own: rule 26) ----

    ended = False

    def _read(self):
        handlers = {"NEED": self._need, "WANT": self._want, "DONE": self._done, "ALIVE": lambda frame: None}
        try:
            while True:
                frame = self.link.read()
                if frame is None:
                    if self.done is None:
                        raise Refused("truncated", "end of input before DONE")
                    break
                if self.done is not None:
                    raise Refused("order", f"{frame.verb} after DONE")
                if frame.verb not in handlers:
                    raise Refused("order", f"{frame.verb} may not come here")
                self.link.payload(frame)
                with self.cond:
                    handlers[frame.verb](frame)
                    self.cond.notify_all()
        except OSError:
            pass
        except Exception as fault:
            self.link.poison(fault)
        with self.cond:
            self.ended = True
            self.cond.notify_all()

    def _need(self, frame):
        """Rule 11, and section "Need lines"."""
        no = frame.fields[0]
        if no != self.answered or no >= self.announced:
            raise Refused("order", f"NEED of page {no} where page {self.answered} is due")
        first, entries = self.pages[no]
        sizes = {at: max(self.sizes[at]) for at in range(first, first + len(entries)) if max(self.sizes[at])}
        needs = parse_need(frame.payload, sizes)
        self.answered, self.answered_at = no + 1, time.monotonic()
        for at, ranges in needs.items():
            entry = self.entries[at]
            if entry.kind == "f" and entry.size:            # it may have been omitted meanwhile
                self.todo[no][at] = union([(min(a, entry.size), min(b, entry.size)) for a, b in ranges])
        self.pending[no] |= set(self.todo[no])
        self.pending[no].discard("need")
        self._advance()

    def _want(self, frame):
        """Rule 27."""
        number, digest, size, hint, _ = frame.fields
        payload = frame.payload
        if not self.content or not self.sealed:
            raise Refused("order", "WANT before SEAL, or without content in force")
        if number != self.asked or not size:
            raise Refused("order", "a request with another number, or of no bytes")
        if len(self.requests) >= MAX_REQUESTS:
            raise Refused("limit", "too many requests")
        ranges = [(0, size)]
        if payload:
            if payload[-1:] != b"\n" or not payload.isascii():
                raise Refused("syntax", "not ranges")
            ranges = resolve(parse_ranges(payload[:-1].decode("ascii")), size)
        self.asked += 1
        self.requests.append((number, digest, size, hint, ranges))
        self.progress = time.monotonic()

    def _done(self, frame):
        """Rule 24."""
        if not self.sealed:
            raise Refused("order", "DONE before SEAL")
        if frame.fields[0] != self.sealed[3]:
            raise Refused("digest", "DONE of another manifest")
        self.done = frame.fields[0]

    # ---- the end ----

    def _seal(self):
        """Rule 21. Digests of files that this link did not send are found here."""
        state, size = hashlib.sha256(), 0
        for no, entry in enumerate(self.entries):
            if entry.kind == "f" and not entry.digest:
                content = self.tree.open(no)
                entry.digest = digest_of(content)
                content.close()
            state.update(entry.line())
            size += entry.size or 0
        with self.cond:
            self.sealed = (len(self.entries), len(self.pages), size, state.hexdigest())
        self.link.send(write("SEAL", *self.sealed), wait=True)
        if not self.content:
            self.link.stop_alive()
        self.progress = time.monotonic()

    def _wait_for_done(self):
        wait = self.link.times.done(self.sealed[0], self.sealed[2])
        with self.cond:
            while not self.done and not self.requests:
                self._wait(self.progress + wait, "no DONE for too long")
            return bool(self.done)

    def _answer_want(self):
        """Rules 28 to 30."""
        number, digest, size, hint, ranges = self.requests[0]
        entry = self.entries[hint] if hint is not None and hint < len(self.entries) else None
        content, found = None, None
        if entry and entry.kind == "f" and (entry.digest, entry.size) == (digest, size):
            try:
                content = self.tree.open(hint)
                found = send_content(self.link, content, number, ranges)
                last = write("END", number, size, digest)
                if found != digest:
                    last = write("LACK", number, "damaged")
            except OSError:
                last = write("LACK", number, "unreadable")
        else:
            last = write("LACK", number, "unknown")
        if content:
            content.close()
        self.link.send(last, wait=True)
        with self.cond:
            self.requests.popleft()
            self.progress = time.monotonic()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--child", help="HOST:PORT to dial")
    parser.add_argument("--listen", help="HOST:PORT to wait for the child's CALL at, instead")
    for name in ("--tree", "--run", "--secret", "--from", "--to", "--snapshot"):
        parser.add_argument(name, required=True, dest={"--from": "parent", "--to": "node"}.get(name))
    parser.add_argument("--epoch", type=int, required=True)
    parser.add_argument("--again", help="a path below the tree that changes while it is sent")
    parser.add_argument("--omit", help="a path below the tree that vanishes")
    parser.add_argument("--no-content", action="store_true")
    parser.add_argument("--page-lines", type=int, default=MAX_COUNT)
    parser.add_argument("--lie", choices=sorted(LIES))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--levels", type=int, default=1)
    parser.add_argument("--scale", type=float, default=1.0)
    options = parser.parse_args()
    tree = Troubled(DirTree(options.tree), options.again, options.omit)
    plan = Plan(options.run, options.epoch, options.secret, options.parent, options.node, options.snapshot)
    times = Times(options.scale, options.levels)

    liar = Liar(options.lie, LIES[options.lie], options.seed, emit=print_event) if options.lie else None

    def link_of(sock):
        return Link(sock, False, times, liar=liar)
    try:
        if options.listen:
            link = wait_for_call(parse_address(options.listen), plan, link_of, times)
        else:
            link = link_of(socket.create_connection(parse_address(options.child), times.greet))
    except OSError as fault:
        link = print_event({"event": "failed", "why": str(fault)})
    capabilities = () if options.no_content else KNOWN
    done = link and Parent(link, tree, plan, capabilities, tree.trouble, options.page_lines).run()
    raise SystemExit(0 if done else 1)


if __name__ == "__main__":
    main()
