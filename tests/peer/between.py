"""Relays between real nodes. One listens where a child is to be dialled, or where a parent is to be called:

    between.py --store DIR --pair 127.0.0.1:0=@child.address      dialled by a parent, dials the child
    between.py --store DIR --call 127.0.0.1:0=@parent.address     called by a child, calls the parent

@FILE: the address is in this file when it is needed. With --lies a parent whose name is a lie's has it told, to it or to its
child, once.
"""
import argparse
import datetime
import socket
import threading
import time

from child import Plans
from frames import GotError, Refused, write
from liar import Liar
from lies import LIES
from link import Link, guard, parse_address, print_event, serve
from relay import Relay
from store import Store
from times import Times


def address_of(text):
    """An address, or what a file says."""
    if text.startswith("@"):
        with open(text[1:], encoding="ascii") as file:
            text = file.read().strip()
    return parse_address(text)


def say(event):
    """An event with its time, on stdout."""
    print_event({**event, "time": datetime.datetime.now(datetime.UTC).isoformat()})


class Liars:
    """The liar of each parent, by its name; each lies once."""

    def __init__(self, seed, moment):
        self.seed, self.moment, self.known = seed, moment, {}
        self.lock = threading.Lock()

    def of(self, parent):
        with self.lock:
            if parent in LIES and parent not in self.known:
                self.known[parent] = Liar(parent, LIES[parent], self.seed, self.moment, say)
            return self.known.get(parent)


class Between(Relay):
    """A relay that may lie on one of its two links."""

    def __init__(self, link, store, plans, dial, tag, liars=None):
        super().__init__(link, store, plans, dial)
        self.tag, self.liars, self.liar = tag, liars, None

    def greet(self, hello):
        self.tag["parent"] = parent = hello[3]
        if self.liars:
            self.liar = self.liars.of(parent)
            if self.liar and self.liar.lie.side == "child":
                self.link.liar = self.liar
        return super().greet(hello)

    def send_need(self, no, needs):
        """A lie about a sign of life needs a conversation that lasts."""
        until = time.monotonic() + 5
        while self._untold(["ALIVE"]) and time.monotonic() < until:
            time.sleep(0.05)
        super().send_need(no, needs)

    def before_seal(self, seal):
        """A lie about DONE is told before the child has the seal: with its copy the run would be over. The parent
        may have ended its direction, and can say nothing then."""
        if self._untold(["DONE"]):
            self.link.end(write("DONE", seal.fields[3]))
            until = time.monotonic() + 10
            while time.monotonic() < until and not self.link.failure and not self.below.link.failure:
                time.sleep(0.1)
            if self.link.failure or self.below.link.failure:
                raise self.link.failure or Refused("stopping", "the link below ended")

    def _untold(self, verbs):
        return self.liar and self.liar.lied_at is None and self.liar.lie.verbs == verbs


class Dial:
    """Connects to the child."""

    def __init__(self, address, times, emit, liars):
        self.address, self.times, self.emit, self.liars = lambda: address_of(address), times, emit, liars

    def __call__(self, hello):
        liar = self.liars and self.liars.of(hello[3])
        sock = socket.create_connection(self.address(), self.times.greet)
        return Link(sock, False, self.times, self.emit, liar if liar and liar.lie.side == "parent" else None,
                    "down")


def dialled(address, store, times, liars):
    """Handles one connection of a parent."""
    plans = Plans()

    def handle(sock):
        tag = {}

        def emit(event):
            say({**event, **tag})
        link = Link(sock, True, times, emit, label="up")
        Between(link, store, plans, Dial(address, times, emit, liars), tag, liars).run()
    return handle


def called(address, store, times):
    """Handles one connection of a child that calls: it calls the parent in its turn."""
    plans = Plans()

    def handle(sock):
        down = Link(sock, False, times, say, label="down")
        frame = guard(down, lambda: _call(down))
        if not frame:
            return
        up = Link(socket.create_connection(address_of(address), times.greet), True, times, say,
                  label="up")
        up.calling = True                                   # it waits for HELLO as long as its plan stands
        up.send(write("CALL", *frame.fields))
        if not Between(up, store, plans, lambda hello: down, {}).run() and not down.failure:
            down.fail(up.failure if isinstance(up.failure, Refused) else _passed_on(up.failure))
    return handle


def _call(link):
    link.deadline = link.started + link.times.greet
    frame = link.read()
    if frame is None or frame.verb != "CALL":
        raise Refused("order", "CALL comes first")
    link.deadline = None
    link.emit("called", child=frame.fields[3])
    return frame


def _passed_on(fault):
    code = fault.code if isinstance(fault, GotError) and fault.code in ("run", "epoch", "busy") else "stopping"
    return Refused(code, "the parent was not reached")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", required=True)
    parser.add_argument("--pair", action="append", default=[], metavar="LISTEN=CHILD")
    parser.add_argument("--call", action="append", default=[], metavar="LISTEN=PARENT")
    parser.add_argument("--lies", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--moment", type=int, default=2, help="a lie changes one of so many fit frames")
    parser.add_argument("--levels", type=int, default=4)
    options = parser.parse_args()
    times = Times(1.0, options.levels)
    liars = Liars(options.seed, options.moment) if options.lies else None
    threads = []
    for number, pair in enumerate(options.pair + options.call):
        listen, _, address = pair.partition("=")
        store = Store(f"{options.store}/{number}")
        handle = called(address, store, times) if number >= len(options.pair) else dialled(
            address, store, times, liars)
        threads.append(threading.Thread(target=serve, args=(listen, handle)))
        threads[-1].start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
