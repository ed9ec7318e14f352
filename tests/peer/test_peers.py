"""The peers against each other: honest conversations of each kind. Deadlines are scaled down."""
import filecmp
import os
import shutil
import socket
import tempfile
import threading
import time
import unittest

import frames
from calls import call, wait_for_call
from child import Child, Plans
from frames import KNOWN
from harness import PLAN, Case, RelayCase, Side, converse, run, times
from liar import Liar
from lies import LIES
from link import Link
from parent import Parent
from store import Store
from tree import DirTree, SyntheticTree


class Honest(Case):
    def test_one_page_published(self):
        tree = SyntheticTree(2)
        where = os.path.join(self.place, "published")
        parent, child = converse(self.store, tree, page_lines=1024, publish=where)
        self.both_done(parent, child)
        self.has(tree)
        first = child.result["published"]
        again = DirTree(first)
        self.assertEqual([(e.kind, e.path, e.size, e.mode, e.first) for e in again.entries],
                         [(e.kind, e.path, e.size, 0o777 if e.kind == "l" else e.mode, e.first)
                          for e in tree.entries])
        if os.getuid() == 0:                            # and a real tree from there to another place
            self.assertEqual([e.modified for e in again.entries], [e.modified for e in tree.entries])
        second = os.path.join(self.place, "second")
        parent, child = converse(Store(os.path.join(self.place, "store2")), again, publish=second)
        self.both_done(parent, child)
        for entry in again.entries:
            if entry.kind == "f":
                self.assertTrue(filecmp.cmp(os.path.join(os.fsencode(first), entry.path), os.path.join(
                    os.fsencode(child.result["published"]), entry.path), shallow=False))

    def test_many_pages(self):
        tree = SyntheticTree(3, small=300, big=0, sparse=0)
        self.both_done(*converse(self.store, tree, page_lines=8))
        self.has(tree)

    def test_full_pages(self):
        tree = SyntheticTree(3, small=2500, big=0, sparse=0)
        self.both_done(*converse(self.store, tree, page_lines=1024))

    def test_resume(self):
        tree = SyntheticTree(4)
        big, sparse = tree.find(b"big"), tree.find(b"sparse")
        whole = tree.open(big).read(0, 1 << 30)
        self.stage().hold(b"big", whole, [(0, 100_000), (200_000, 300_000), (1 << 20, 1 << 21)])
        self.stage().hold(b"sparse", tree.open(sparse).read(0, 1 << 30))
        seen = []
        parent, child = converse(self.store, tree, trouble=lambda no, at: seen.append((no, at)))
        self.both_done(parent, child)
        self.has(tree)
        self.assertEqual([at for no, at in seen if no == big][:2], [100_000, 300_000])
        self.assertNotIn(sparse, [no for no, _ in seen])

    def test_next_epoch(self):
        """A link breaks; the next one names the first page that is lacking, and then nothing is lacking."""
        tree = SyntheticTree(5, big=1 << 20)
        plans = Plans()
        liar = Liar("cut-parent", LIES["cut-parent"], 3, 30)
        parent, child = converse(self.store, tree, liar=liar, plans=plans)
        self.assertEqual(child.code(), "truncated")
        parent, child = converse(self.store, tree, plan=PLAN._replace(epoch=2), plans=plans)
        self.both_done(parent, child)
        self.has(tree)
        parent, child = converse(self.store, tree, plan=PLAN._replace(epoch=3), plans=plans)
        self.both_done(parent, child)
        self.assertEqual(child.of("greeted")[0]["first"], len(self.stage().pages))
        parent, child = converse(self.store, tree, plans=plans)
        self.assertEqual((child.code(), parent.of("got-error")[0]["code"]), ("epoch", "epoch"))

    def test_ranges(self):
        for offered in (KNOWN, ()):
            tree = SyntheticTree(6)
            self.store = Store(os.path.join(self.place, f"pieces{len(offered)}"))
            parent, child = converse(self.store, tree, pieces=True, offered=offered)
            if not offered:
                self.assertEqual(child.code(), "stopping")
                parent, child = converse(self.store, tree, plan=PLAN._replace(epoch=2), pieces=True,
                                         offered=offered)
            self.both_done(parent, child)
            self.has(tree)

    def test_wants(self):
        tree = SyntheticTree(7, small=200)
        parent, child = converse(self.store, tree, wants=True)
        self.both_done(parent, child)
        self.has(tree)

    def test_again(self):
        tree = SyntheticTree(8)
        big = tree.find(b"big")
        sizes = [None, 5_000, 0]

        def trouble(no, offset):
            if no == big and sizes:
                tree.change(no, sizes.pop(0))
        parent, child = converse(self.store, tree, trouble=trouble)
        self.both_done(parent, child)
        self.has(tree)

    def test_omit_with_other_names(self):
        for inode in (False, True):
            tree = SyntheticTree(9)
            self.store = Store(os.path.join(self.place, f"omit{inode}"))
            no = tree.find(b"notes/to do.txt")
            tree.change(no, 9, True) if inode else tree.vanish(no)
            parent, child = converse(self.store, tree)
            self.both_done(parent, child)
            kinds = {entry.path: entry.kind for _, page in self.stage().pages for entry in page}
            self.assertEqual(kinds[b"notes/to do.txt"], "f" if inode else "!")
            self.assertEqual(kinds[b"zz other name"], "!")

    def test_call(self):
        tree, parent, child, ready = SyntheticTree(10), Side(), Side(), []
        wait = times()

        def parent_body():
            link = wait_for_call(("127.0.0.1", 0), PLAN, lambda sock: Link(sock, False, wait, parent), wait,
                                 parent, ready.append)
            parent.result = link and Parent(link, tree, PLAN).run()

        def child_body():
            while not ready:
                time.sleep(0.01)
            for secret, name in (("02" * 32, "nas"), (PLAN.secret, "nas2"), (PLAN.secret, "nas")):
                child.result = call(ready[0], (PLAN.run, PLAN.epoch, secret, name, PLAN.parent),
                                    lambda sock: Link(sock, True, wait, child),
                                    lambda link: Child(link, self.store, Plans()), wait)
        run(parent_body, child_body)
        self.both_done(parent, child)
        self.assertEqual([event["code"] for event in child.of("got-error")], ["secret", "order"])

    def test_greeted_again(self):
        """Rule 6: the newer link is taken, the older one gets [stopping]."""
        plans, sides = Plans(), []
        above, below = socket.socketpair()
        old = Side()
        above.sendall(frames.write("HELLO", *PLAN, ()))
        first = Child(Link(below, True, times(), old), self.store, plans)
        thread = threading.Thread(target=first.run, daemon=True)
        thread.start()
        above.recv(1000)
        sides = converse(self.store, SyntheticTree(11), plans=plans)
        thread.join(5)
        self.both_done(*sides)
        self.assertEqual(old.code(), "stopping")


class Relayed(RelayCase):
    def test_honest(self):
        address = self.relay()
        tree = SyntheticTree(12, small=150)
        stage = self.stage()
        stage.hold(b"big", tree.open(tree.find(b"big")).read(0, 1 << 30), [(5, 100_000)])
        parent = self.through(address, tree)
        self.both_done(parent, self.child)
        self.has(tree)
        parent = self.through(address, tree, PLAN._replace(epoch=2))
        self.assertTrue(parent.result)

    def test_parallel_runs_wants_and_changes(self):
        address = self.relay(dict(wants=True))
        trees = [SyntheticTree(20 + at) for at in range(3)]
        results = []

        def one(at, tree):
            big, changes = tree.find(b"big"), [3000, 70_000]
            tree.vanish(tree.find(b"notes/to do.txt"))
            plan = PLAN._replace(run=f"{at:016x}")
            results.append(self.through(address, tree, plan, trouble=lambda no, offset: (
                no == big and changes and tree.change(no, changes.pop()))).result)
        run(*[lambda at=at, tree=tree: one(at, tree) for at, tree in enumerate(trees)])
        self.assertEqual(len(results), 3)
        self.assertTrue(all(results), self.relayed.events)

    def test_lies_and_next_epoch(self):
        for number, (name, code) in enumerate((("end-size", "order"), ("need-outside", "order"))):
            with self.subTest(name):
                address = self.relay(liar=Liar(name, LIES[name], 1, 2))
                plan = PLAN._replace(run=f"{number:016x}")
                parent = self.through(address, SyntheticTree(13), plan)
                self.assertFalse(parent.result)
                time.sleep(0.5)
                said = self.child.code() if number == 0 else parent.code()
                self.assertEqual(said, code)
                parent = self.through(address, SyntheticTree(13), plan._replace(epoch=2))
                self.assertTrue(parent.result, (parent.events, self.relayed.events, self.child.events))


if __name__ == "__main__":
    unittest.main()
