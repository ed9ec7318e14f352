"""What the tests share: scaled deadlines, a conversation over a socketpair, a relay between two listeners."""
import os
import shutil
import socket
import tempfile
import threading
import time
import unittest

from child import Child, Plans
from frames import KNOWN, Refused
from link import Link, serve
from parent import Parent, Plan
from relay import relay_of
from store import Store
from times import Times

SCALE = 0.2
PLAN = Plan("5f0c2d9e8b7a6143", 1, "01" * 32, "laptop-photos", "nas", "20261122T163305Z")
_HERE = os.path.dirname(os.path.abspath(__file__))
_TEXTS = [os.path.join(_HERE, place, "protocol.md") for place in (".", "../../docs")]
with open(next(filter(os.path.exists, _TEXTS)), encoding="utf-8") as _file:
    TEXT = _file.read()


def times():
    """Waits of the text times SCALE; the two long ones are shortened further."""
    short = Times(SCALE)
    short.need, short.done, short.close_child = 2.0, lambda entries, size: 2.5, 2.0
    return short


class Side:
    """One side's events, with the time of each."""

    def __init__(self):
        self.events, self.result = [], None

    def __call__(self, event):
        self.events.append({**event, "at": time.monotonic()})

    def of(self, name):
        return [event for event in self.events if event["event"] == name]

    def code(self):
        return next((event["code"] for event in self.of("sent-error")), None)


def run(*bodies, seconds=20):
    threads = [threading.Thread(target=body, daemon=True) for body in bodies]
    for thread in threads:
        thread.start()
    until = time.monotonic() + seconds
    for thread in threads:
        thread.join(max(0, until - time.monotonic()))


def converse(store, tree, plan=PLAN, liar=None, seconds=20, plans=None, trouble=None, page_lines=8, levels=1,
             offered=KNOWN, taken=KNOWN, **options):
    """A conversation over a socketpair; returns the parent's side and the child's."""
    above, below = socket.socketpair()
    parent, child = Side(), Side()
    up = Link(above, False, times(), parent, liar if liar and liar.lie.side == "parent" else None)
    down = Link(below, True, times(), child, liar if liar and liar.lie.side == "child" else None)

    def parent_body():
        parent.result = Parent(up, tree, plan, offered, trouble, page_lines).run()

    def child_body():
        child.result = Child(down, store, plans or Plans(), capabilities=taken, **options).run()
    run(parent_body, child_body, seconds=seconds)
    for link in (up, down):                             # whoever still waits has to end
        link.poison(Refused("stopping", "the test ends"))
        link.stop_alive()
    return parent, child


class Case(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.mkdtemp(prefix="peers-")
        self.addCleanup(shutil.rmtree, self.place, ignore_errors=True)
        self.store = Store(os.path.join(self.place, "store"))

    def both_done(self, parent, child):
        self.assertTrue(parent.result and child.result, (parent.events, child.events))
        self.assertEqual(parent.result["digest"], child.result["digest"])

    def stage(self):
        return self.store.stage(PLAN.run, PLAN.snapshot)

    def has(self, tree, without=()):
        """The stage has all content of a tree."""
        entries = [entry for _, page in self.stage().pages for entry in page]
        self.assertEqual([entry.path for entry in entries], [entry.path for entry in tree.entries])
        for no, entry in enumerate(entries):
            if entry.kind == "f" and entry.size and no not in without:
                content = tree.open(no)
                self.assertEqual(self.stage().read(entry, 0, entry.size), content.read(0, content.size))


class RelayCase(Case):
    def relay(self, child_options=None, liar=None):
        """A listening child and a relay in front of it; returns the relay's address and all sides."""
        self.child, self.relayed, ports = Side(), Side(), []
        plans, relays = Plans(), Plans()

        def child_handle(sock):
            self.child.result = Child(Link(sock, True, times(), self.child), self.store, plans,
                                      **(child_options or {})).run()
        threading.Thread(target=serve, args=("127.0.0.1:0", child_handle, self.child),
                         kwargs=dict(ready=ports.append), daemon=True).start()
        while not ports:
            time.sleep(0.01)
        handle = relay_of(Store(os.path.join(self.place, "relay")), relays, ports[0].getsockname(), times(),
                          self.relayed, liar)
        threading.Thread(target=serve, args=("127.0.0.1:0", handle, self.relayed),
                         kwargs=dict(ready=ports.append), daemon=True).start()
        while len(ports) < 2:
            time.sleep(0.01)
        for listener in ports:
            self.addCleanup(listener.close)
        return ports[1].getsockname()

    def through(self, address, tree, plan=PLAN, **options):
        parent = Side()
        link = Link(socket.create_connection(address), False, times(), parent)
        parent.result = Parent(link, tree, plan, page_lines=8, **options).run()
        return parent
