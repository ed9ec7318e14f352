"""Every lie once: the honest side says a code that the text allows, in time. SEED=N for other moments."""
import concurrent.futures
import os
import time
import unittest

from child import Plans
from harness import PLAN, SCALE, RelayCase, converse
from liar import Liar
from lies import LIES
from store import Store
from tree import SyntheticTree


class Lying(RelayCase):
    def one(self, name, seed):
        lie = LIES[name]
        tree = SyntheticTree(seed, small=60, big=1_500_000, sparse=1 << 20)
        store = Store(os.path.join(self.place, f"{name}{seed}"))
        liar = Liar(name, lie, seed, 3)
        strict = {PLAN.run: (*PLAN[1:6],)}
        endless = name.startswith(("withhold", "drop", "swap"))
        naps = [1.0] if lie.verbs == ["ALIVE"] else []          # a conversation that lasts
        slow = lambda no, offset: naps and time.sleep(naps.pop())
        parent, child = converse(store, tree, liar=liar, plans=Plans(strict=strict),
                                 seconds=6 if endless else 15, trouble=slow,
                                 wants=name.startswith(("want-", "answer-")))
        honest = child if lie.side == "parent" else parent
        what = f"{name} {seed}: {parent.events} {child.events}"
        self.assertIsNotNone(liar.lied_at, what)
        self.assertIn(honest.code(), lie.codes, what)
        if lie.codes == {None}:
            self.assertTrue(honest.result or name.startswith("withhold"), what)
        if honest.code() and lie.seconds:
            took = honest.of("sent-error")[0]["at"] - liar.lied_at
            self.assertLess(took, lie.seconds * SCALE + 1.5, what)
        return name, honest.code()

    def test_every_lie(self):
        seed = int(os.environ.get("SEED", "1"))
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            futures = {pool.submit(self.one, name, seed): name for name in LIES}
            for future in concurrent.futures.as_completed(futures):
                with self.subTest(futures[future]):
                    future.result()

    @unittest.skipUnless(os.environ.get("RELAYED"), "RELAYED=1: it takes minutes")
    def test_every_lie_of_a_relay(self):
        """The same lies, told by a relay between an honest parent and an honest child."""
        seed = int(os.environ.get("SEED", "1"))
        for number, (name, lie) in enumerate(LIES.items()):
            if name.startswith(("hello", "withhold")) or lie.codes == {None}:
                continue
            with self.subTest(name):
                liar = Liar(name, lie, seed, 3)
                address = self.relay(dict(wants=name.startswith(("want-", "answer-"))), liar)
                tree = SyntheticTree(seed, small=60, big=1_500_000, sparse=1 << 20)
                parent = self.through(address, tree, PLAN._replace(run=f"{number:016x}"))
                time.sleep(0.5)
                honest = self.child if lie.side == "parent" else parent
                what = f"{name} {seed}: {parent.events} {self.relayed.events} {self.child.events}"
                if liar.lied_at:
                    self.assertIn(honest.code(), lie.codes, what)


if __name__ == "__main__":
    unittest.main()
