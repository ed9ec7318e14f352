"""A conforming child: judges HELLO, answers pages with needs, stores and verifies, says DONE."""
import argparse
import hmac
import os
import threading

from calls import call
from frames import KNOWN, Refused, write
from liar import Liar
from lies import LIES
from link import Link, guard, parse_address, print_event, serve
from receive import Receiver
from store import Store
from wants import Wants
from times import Times


class Plans:
    """The control plane's part: it takes what HELLO says of a new run or epoch as given."""

    def __init__(self, name=None, strict=None):
        self.name, self.strict, self.known, self.lock = name, strict, {}, threading.Lock()

    def judge(self, fields, link):
        """Rule 2, in its order (the version was judged with the line); rule 6 for a newer link."""
        run, epoch, secret, parent, child, snapshot, _ = fields
        with self.lock:
            if self.strict and run not in self.strict:
                raise Refused("run", "no part in such a run")
            plan = (self.strict or {}).get(run) or self.known.get(run)
            if plan and (epoch < plan[0] or (self.strict and epoch != plan[0])):
                raise Refused("epoch", "not the newest epoch")
            if plan and epoch == plan[0]:
                if not hmac.compare_digest(secret, plan[1]):
                    raise Refused("secret", "another secret")
                if (parent, child, snapshot) != plan[2:5]:
                    raise Refused("order", "other names or another snapshot than the plan's")
            if self.name and child != self.name:
                raise Refused("order", f"this is {self.name}")
            before = self.known.get(run)
            if before and before[5]:
                before[5].poison(Refused("stopping", "a newer link"))
            self.known[run] = (epoch, secret, parent, child, snapshot, link)


class Child(Receiver):
    """One conversation of a child, over a Link. A relay overrides the hooks at the end."""

    def __init__(self, link, store, plans, publish=None, pieces=False, wants=False, capabilities=KNOWN):
        self.link, self.store, self.plans, self.publish_to = link, store, plans, publish
        self.pieces, self.wants, self.capabilities = pieces, wants, capabilities
        self.lock = threading.RLock()
        super().__init__()

    def run(self):
        return guard(self.link, self._run)

    def _run(self):
        link = self.link
        if link.deadline is None and not link.calling:
            link.deadline = link.started + link.times.greet
        frame = link.read()
        if frame is None:
            raise Refused("truncated", "end of input before HELLO")
        if frame.verb != "HELLO":
            raise Refused("order", "HELLO comes first")
        self.plans.judge(frame.fields, link)
        self.hello = frame.fields
        link.about = dict(run=frame.fields[0], epoch=frame.fields[1])
        run, epoch, _, parent, name, snapshot, offered = frame.fields
        self.stage = self.store.stage(run, snapshot)
        if not self.stage.lock.acquire(timeout=link.times.greet):
            raise Refused("busy", "the older link has not ended yet")
        try:
            if self.stage.refused_seals > 1:
                raise Refused("run", "the snapshot was given up (rule 23)")
            self.content = "content" in offered and "content" in self.capabilities
            first = self.greet(frame.fields)
            self.stage.begin(first)
            self.first, self.next = first, first
            self.pending = [set() for _ in range(first)]
            self.complete = first
            self.firsts = [page[0] for page in self.stage.pages]
            self.total = sum(len(page[1]) for page in self.stage.pages)
            link.deadline, link.silence = None, link.times.silence
            link.send(write("WELCOME", run, epoch, name, first, self.taken()))
            link.start_alive(always=True)
            link.emit("greeted", parent=parent, child=name, first=first, content=self.content)
            return self._converse()
        finally:
            self.stage.save()
            self.stage.lock.release()

    def _converse(self):
        handlers = {"PAGE": self._page, "DATA": self._bytes, "HOLE": self._bytes, "END": self._end,
                    "AGAIN": self._again, "OMIT": self._omit, "SPOILED": self._spoiled,
                    "ALIVE": lambda frame: None}
        while True:
            frame = self.link.read()
            if frame is None:
                raise Refused("truncated", "end of input before SEAL")
            if frame.verb == "SEAL":
                with self.lock:
                    self._seal(frame)
                return self._after_seal(frame)
            if frame.verb not in handlers:                  # HELLO again (rule 1), LACK before any WANT
                raise Refused("order", f"{frame.verb} may not come here")
            self.link.payload(frame)
            with self.lock:
                handlers[frame.verb](frame)
                self._advance()
                self.passed(frame)

    def _after_seal(self, seal):
        link = self.link
        if not self.content:
            link.silence = None                             # the parent has nothing more to say (rule 22)
        deferred = sorted(no for no, state in self.state.items() if state == "deferred")
        if deferred and not self.content:
            raise Refused("stopping", "the rest is for another epoch")
        self.flat = [entry for _, entries in self.stage.pages for entry in entries]
        if deferred:
            Wants(link, self.stage, self.flat).fetch(deferred)
        if not self.content and link.pending():
            frame = link.read()                             # an end of input is fine, ERROR is raised
            if frame is not None:
                raise Refused("order", f"{frame.verb} after SEAL")
        where = self.finish(seal)
        entries, _, size, digest = seal.fields
        link.stop_alive()
        link.end(write("DONE", digest))
        link.drain(link.times.close_child)                  # rule 24, and "DONE sent"
        link.close()
        done = dict(digest=digest, entries=entries, bytes=size, **({"published": where} if where else {}))
        link.emit("done", **done)
        return done

    # ---- hooks of a relay ----

    def greet(self, hello):
        """The first page to name in WELCOME (rule 4)."""
        return self.stage.first_lacking()

    def taken(self):
        return ("content",) if self.content else ()

    def answer(self, no, needs):
        self.send_need(no, needs)

    def passed(self, frame):
        """After a frame was taken."""

    def finish(self, seal):
        """Publish durably; rule 24's word of the coordinator is not ours to hear."""
        snapshot = self.hello[5]
        manifests = os.path.join(self.store.directory, "manifests")
        os.makedirs(manifests, exist_ok=True)
        with open(os.path.join(manifests, snapshot + ".manifest"), "wb") as file:
            file.write(self.stage.manifest(self.hello[3], snapshot))
            file.flush()
            os.fsync(file.fileno())
        if not self.publish_to:
            return None
        os.makedirs(self.publish_to, exist_ok=True)
        target = os.path.join(self.publish_to, snapshot)
        self.stage.publish(target)
        return target


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listen")
    parser.add_argument("--call", help="HOST:PORT of the parent, with --run --epoch --secret --parent")
    parser.add_argument("--store", required=True)
    for name in ("--publish", "--name", "--run", "--secret", "--parent"):
        parser.add_argument(name)
    parser.add_argument("--epoch", type=int)
    parser.add_argument("--attempts", type=int, default=1_000_000)
    parser.add_argument("--pieces", action="store_true")
    parser.add_argument("--wants", action="store_true")
    parser.add_argument("--no-content", action="store_true")
    parser.add_argument("--lie", choices=sorted(LIES))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scale", type=float, default=1.0)
    options = parser.parse_args()
    store, plans, times = Store(options.store), Plans(options.name), Times(options.scale)
    capabilities = () if options.no_content else KNOWN
    liar = Liar(options.lie, LIES[options.lie], options.seed, emit=print_event) if options.lie else None

    def link_of(sock):
        return Link(sock, True, times, liar=liar)

    def child_of(link):
        return Child(link, store, plans, options.publish, options.pieces, options.wants, capabilities)
    if options.call:
        fields = (options.run, options.epoch, options.secret, options.name, options.parent)
        call(parse_address(options.call), fields, link_of, child_of, times, options.attempts)
    else:
        serve(options.listen, lambda sock: child_of(link_of(sock)).run())


if __name__ == "__main__":
    main()
