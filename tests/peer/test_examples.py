"""The examples of the text, what it refuses, and what it says without an example."""
import re
import shutil
import socket
import tempfile
import unittest

import frames
from child import Child, Plans
from entries import Order, parse_entry, parse_page
from frames import Refused, parse_header, sha256
from harness import PLAN, TEXT, Side, run, times
from link import Link
from needs import parse_need, spell_need
from scripts import SCRIPTS, play
from store import Store

F = "f 600 0 0 1.000000000 {} {} 1.000000000 1 {} {}"


class Examples(unittest.TestCase):
    def block(self, name):
        return re.search(rf"```{name}\n(.*?)```", TEXT, re.S)[1]

    def refused(self, code, parse):
        with self.assertRaises(Refused) as caught:
            parse()
        self.assertEqual(caught.exception.code, code)

    def test_headers(self):
        for line in self.block("headers").splitlines():
            parse_header(line[2:].encode() + b"\n", line[0] == ">")
        for line in self.block("refused").splitlines():
            mark, code, header = line.split(" ", 2)
            with self.subTest(line):
                self.refused(code, lambda: parse_header(header.encode() + b"\n", mark == ">"))

    def test_needs(self):
        sizes, lines = {entry: 1000 for entry in range(3, 10)}, self.block("needs").encode()
        self.assertEqual(spell_need(parse_need(lines, sizes), sizes), lines)
        for line in self.block("refused-needs").splitlines():
            code, lines = line.split(" ", 1)
            with self.subTest(line):
                self.refused(code, lambda: parse_need(lines.replace("/", "\n").encode() + b"\n", sizes))
        entries, size = range(9_999_998_000, 9_999_999_024), (1 << 63) - 1      # the longest NEED
        longest = spell_need({entry: [(size - 9, size - 7), (size - 1, size)] for entry in entries},
                             dict.fromkeys(entries, size))
        self.assertEqual(len(longest), frames.MAX_NEED)
        parse_need(longest, dict.fromkeys(entries, size))

    def test_manifest(self):
        lines = self.block("manifest").encode()
        entries = parse_page(lines, 7)
        Order(entries)
        self.assertEqual(b"".join(entry.line() for entry in entries), lines)
        self.assertIn(sha256(lines), self.block("conversation"))

    def test_conversation(self):
        """The child says what the example says."""
        place = tempfile.mkdtemp(prefix="peers-")
        self.addCleanup(shutil.rmtree, place, ignore_errors=True)
        down = "".join(line[2:] + "\n" for line in self.block("conversation").splitlines() if line[0] == ">")
        ours, theirs = socket.socketpair()
        body = Child(Link(theirs, True, times(), Side()), Store(place), Plans(), capabilities=())
        ours.sendall(down.encode())
        run(body.run, lambda: ours.shutdown(socket.SHUT_WR))
        with ours, ours.makefile("rb") as file:
            said = file.read().decode().replace("ALIVE\n", "")
        self.assertEqual(said, "".join(line[2:] + "\n" for line in self.block("conversation").splitlines()
                                       if line[0] == "<" and "ALIVE" not in line))

    def test_scripts(self):
        for name, (said, expected) in SCRIPTS.items():
            with self.subTest(name), tempfile.TemporaryDirectory(prefix="peers-") as place:
                ours, theirs = socket.socketpair()
                body = Child(Link(theirs, True, times(), Side()), Store(place), Plans(), capabilities=())
                answers = []
                run(body.run, lambda: answers.append(play(ours, frames.write("HELLO", *PLAN, ()), said)))
                ours.close()
                self.assertIn(answers[0], expected)

    def test_entry_lines(self):
        for line in ("d 0 4294967295 0 -9223372036854775808.999999999 - .",
                     "p 7777 0 0 0.000000000 - a%20b/c",
                     "c 1 0 0 0.000000000 user.a=,user.b=%2C%3D 0 4294967295 x", "h 3 ...", "! changed a",
                     "l 777 0 0 0.000000000 - .. %FF", F.format("-", 0, frames.EMPTY, "a"),
                     F.format("system.posix_acl_access=%02%00", 9223372036854775807, "-", "a,=b")):
            self.assertEqual(parse_entry(line.encode() + b"\n").line(), line.encode() + b"\n")
        for code, line in (
                ("syntax", "d 08 0 0 0.000000000 - ."), ("syntax", "d 10000 0 0 0.000000000 - ."),
                ("syntax", "d 0 4294967296 0 0.000000000 - ."), ("syntax", "d 0 0 0 0.0 - ."),
                ("syntax", "d 0 0 0 -0.500000000 - ."),
                ("syntax", "d 0 0 0 9223372036854775808.000000000 - ."),
                ("syntax", "p 0 0 0 0.000000000 - a//b"), ("syntax", "p 0 0 0 0.000000000 - /a"),
                ("syntax", "p 0 0 0 0.000000000 - a/../b"), ("syntax", "p 0 0 0 0.000000000 - %61"),
                ("syntax", "p 0 0 0 0.000000000 - %fF"), ("syntax", "p 0 0 0 0.000000000 - a%00"),
                ("syntax", "p 0 0 0 0.000000000 - " + "a" * 256),
                ("syntax", "l 0 0 0 0.000000000 - " + "a" * 4096 + " b"),
                ("syntax", "p 0 0 0 0.000000000 user.b=,user.a= a"),
                ("syntax", "p 0 0 0 0.000000000 user.a=,user.a= a"),
                ("syntax", "p 0 0 0 0.000000000 other.a= a"),
                ("syntax", "p 0 0 0 0.000000000 system.other= a"),
                ("syntax", "p 0 0 0 0.000000000 user.a a"), ("syntax", "p 0 0 0 0.000000000 user.a=%2B a"),
                ("syntax", "p 0 0 0 0.000000000 user.a=" + "a" * 16_384 + " a"), ("syntax", "! boredom a"),
                ("digest", F.format("-", 0, "-", "a")), ("digest", F.format("-", 0, "0" * 64, "a")),
                ("syntax", F.format("-", 1, "E" * 64, "a")), ("syntax", "x a"), ("syntax", "h 3  a")):
            with self.subTest(line[:60]):
                self.refused(code, lambda: parse_entry(line.encode() + b"\n"))

    def test_order(self):
        root = "d 0 0 0 0.000000000 - .\n"
        d, p = "d 0 0 0 0.000000000 - {}\n", "p 0 0 0 0.000000000 - {}\n"
        for fine, lines in (
                (True, root + d.format("a") + p.format("a/b") + p.format("a.c")), (False, p.format("a")),
                (False, root + d.format("a") + p.format("a.c") + p.format("a/b")), (False, root + root),
                (False, root + p.format("a/b")), (False, root + p.format("a") + p.format("a/b")),
                (True, root + p.format("a") + "h 1 b\n"), (False, root + p.format("a") + "h 0 b\n"),
                (False, root + p.format("a") + "h 2 b\n"), (False, root + "! changed a\nh 1 b\n"),
                (False, root + p.format("a") + "h 1 b\nh 2 c\n"), (False, "! unreadable .\n")):
            with self.subTest(lines):
                entries = parse_page(lines.encode(), lines.count("\n"))
                if fine:
                    Order(entries)
                else:
                    self.refused("order", lambda: Order(entries))


if __name__ == "__main__":
    unittest.main()
