"""A relay: a full child towards a real parent, and a full parent towards a real child, which it greets with
the very same HELLO. Frames are passed on as they come, content from its own store; --lie: one side lies once.
"""
import argparse
import queue
import socket
import threading
import time

from child import Child, Plans
from frames import GotError, Refused, write
from liar import Liar
from lies import LIES
from link import Link, parse_address, print_event, serve
from needs import merge, parse_need
from parent import Parent, Plan
from store import Store
from times import Times


class StageTree:
    """The sealed content of a stage, to answer WANT from."""

    def __init__(self, stage, entries=()):
        self.stage, self.entries = stage, entries

    def open(self, no):
        return StagedContent(self.stage, self.entries[no])


class StagedContent:
    def __init__(self, stage, entry):
        self.stage, self.entry, self.size = stage, entry, entry.size

    def data(self):
        return [(0, self.size)] if self.size else []

    def read(self, offset, length):
        return self.stage.read(self.entry, offset, length)

    def close(self):
        pass


class Below(Parent):
    """The link to the real child: its needs go to a queue, frames come from the relay."""

    def __init__(self, link, stage, plan, capabilities, failed):
        super().__init__(link, StageTree(stage), plan, capabilities)
        self.failed, self.needs, self.owed_since = failed, queue.Queue(), time.monotonic()

    def exists(self, page):
        return True                                         # how many pages there are is known with SEAL only

    def _need(self, frame):
        no = frame.fields[0]
        if no != self.answered or no >= self.announced:
            raise Refused("order", f"NEED of page {no} where page {self.answered} is due")
        self.answered, self.owed_since = no + 1, time.monotonic()
        self.needs.put((no, frame.payload))

    def _read(self):
        super()._read()
        if self.link.failure and self.done is None:
            self.failed(self.link.failure)

    def late(self):
        """Whether a NEED is owed for too long."""
        return self.answered < self.announced and time.monotonic() - self.owed_since > self.link.times.need


class Relay(Child):
    """One conversation, with the link up and the link below."""
    waits_for_needs = True

    def __init__(self, link, store, plans, dial):
        super().__init__(link, store, plans)
        self.dial, self.below = dial, None      # dial is told the HELLO that came
        self.own, self.sizes = {}, {}           # page -> own needs; entry -> its size in PAGE
        self.renewed = set()                    # entries that AGAIN, OMIT or SPOILED came for
        self.child_needs = {}                   # page -> entries that are owed below
        self.needs_known = 0                    # the first page whose NEED did not come from below

    def run(self):
        result = super().run()
        if self.below and not result:
            fault = self.below.link.failure or Refused("stopping", "the link above ended")
            self.below.link.fail(fault)
        return result

    # ---- the link below ----

    def greet(self, hello):
        run, epoch, secret, parent, child, snapshot, offered = hello
        try:
            link = self.dial(hello)
        except OSError as fault:
            raise Refused("stopping", f"the child is not there: {fault}") from None
        plan = Plan(run, epoch, secret, parent, child, snapshot)
        self.below = below = Below(link, self.stage, plan, offered, self._below_failed)
        try:
            self.child_first = below.greet()
        except (Refused, GotError) as fault:
            below.link.poison(fault)
            code = fault.code if fault.code in ("run", "epoch", "busy") else "stopping"
            raise Refused(code, "the child below was not greeted") from None
        self.content = self.content and below.content
        self.needs_known = self.child_first
        threading.Thread(target=self._take_needs, daemon=True).start()
        return min(self.stage.first_lacking(), self.child_first)

    def _below_failed(self, fault):
        self.link.poison(Refused("stopping", f"the link below failed: {fault}"))

    def _take_needs(self):
        """NEEDs from below, in a thread of its own: their union with the own needs goes up (rule 11)."""
        while not self.link.failure and not self.below.link.failure and not self.below.done:
            try:
                no, payload = self.below.needs.get(timeout=0.1)
            except queue.Empty:
                if self.below.late():
                    fault = Refused("silence", "no NEED for too long")
                    self.below.link.poison(fault)
                    self._below_failed(fault)
                continue
            try:
                with self.lock:
                    first, entries = self.stage.pages[no]
                    sizes = {at: self.sizes[at] for at in range(first, first + len(entries))
                             if at in self.sizes}
                    needs = parse_need(payload, sizes)
                    self.child_needs[no] = set(needs) - self.renewed
                    self.needs_known = no + 1
                    union = {at: ranges for at, ranges in merge(self.own.pop(no), needs).items()
                             if at not in self.renewed}
                    self.send_need(no, union)
            except (Refused, GotError) as fault:
                if not self.link.failure:
                    self.below.link.poison(fault)
                    self._below_failed(fault)
        if self.link.failure:                               # whoever waits below learns of it
            self.below.link.poison(Refused("stopping", "the link above ended"))

    def _complete_below(self, page):
        """Whether the child has the page complete: nothing of it may change there."""
        return page < self.child_first or (page < self.needs_known and not any(
            self.child_needs.get(no) for no in range(self.child_first, page + 1)))

    # ---- what comes from above ----

    def answer(self, no, needs):
        first, entries = self.stage.pages[no]
        for at, entry in enumerate(entries, first):
            if entry.kind == "f" and entry.size:
                self.sizes[at] = entry.size
        self.own[no] = needs
        if no < self.child_first:
            self.send_need(no, self.own.pop(no))

    def passed(self, frame):
        """Pass a frame on that was taken (called under the lock)."""
        below, verb = self.below, frame.verb
        if verb == "ALIVE" or self.link.failure:
            return
        no = frame.fields[0]
        if verb == "PAGE":
            if no >= self.child_first:
                with below.cond:
                    if below.answered == below.announced or no == self.child_first:
                        below.owed_since = time.monotonic()
                    below.announced = max(below.announced, no + 1)
                below.link.send(write("PAGE", *frame.fields, payload=frame.payload))
            return
        page = max(at for at in range(len(self.firsts)) if self.firsts[at] <= no)
        owed = self.child_needs.setdefault(page, set()) if page >= self.child_first else set()
        if verb in ("AGAIN", "OMIT", "SPOILED"):
            if self._complete_below(page):
                return                                      # nothing of a complete page changes
            below.link.send(write(verb, *frame.fields, payload=frame.payload))
            below.link.emit("passed", verb=verb, entry=no)
            self.renewed.add(no)
            entry = self.stage.pages[page][1][no - self.firsts[page]]
            if verb == "AGAIN":                             # a NEED may be about either line
                self.sizes[no] = max(self.sizes.get(no, 0), entry.size)
            owed.add(no) if verb == "AGAIN" and entry.size else owed.discard(no)
        elif no in owed:
            if verb == "DATA":
                entry, (_, offset, length) = self.stage.pages[page][1][no - self.firsts[page]], frame.fields
                below.link.send(lambda: write("DATA", no, offset, length,
                                              payload=self.stage.read(entry, offset, length)), size=64)
            elif verb == "HOLE":
                below.link.send(write("HOLE", *frame.fields))
            elif self.state.get(no) == "void":              # it arrived damaged here: rule 19
                below.link.send(write("SPOILED", no))
                owed.discard(no)
            else:
                below.link.send(write("END", *frame.fields))
                owed.discard(no)

    def before_seal(self, seal):
        """For tests, which keep a conversation from ending here."""

    def finish(self, seal):
        """SEAL goes down; DONE goes up after the child's."""
        self.before_seal(seal)
        below = self.below
        below.tree.entries = below.entries = self.flat
        with below.cond:
            below.sealed = tuple(seal.fields)
        below.link.send(write("SEAL", *seal.fields))
        below.progress = time.monotonic()
        if not below.content:
            below.link.stop_alive()
        try:
            below.end()
        except (Refused, GotError) as fault:
            below.link.poison(fault)
            raise Refused("stopping", f"the link below failed: {fault}") from None
        return super().finish(seal)


def relay_of(store, plans, child_address, times, emit=print_event, liar=None):
    """A function that handles one accepted connection."""
    def dial(_):
        sock = socket.create_connection(child_address, times.greet)
        return Link(sock, False, times, emit, liar if liar and liar.lie.side == "parent" else None, "down")

    def handle(sock):
        link = Link(sock, True, times, emit, liar if liar and liar.lie.side == "child" else None, "up")
        return Relay(link, store, plans, dial).run()
    return handle


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("--listen", "--child", "--store"):
        parser.add_argument(name, required=True)
    parser.add_argument("--lie", choices=sorted(LIES))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--moment", type=int, default=3, help="the lie changes one of so many fit frames")
    parser.add_argument("--scale", type=float, default=1.0)
    options = parser.parse_args()
    times, store, plans = Times(options.scale), Store(options.store), Plans()
    liar = options.lie and Liar(options.lie, LIES[options.lie], options.seed, options.moment, print_event)
    serve(options.listen, relay_of(store, plans, parse_address(options.child), times, liar=liar))


if __name__ == "__main__":
    main()
