"""Whole conversations that a parent says to a child that has nothing, and what the child says at last.

SCRIPTS: name -> (frames after HELLO, {codes} or {"DONE"}). play() plays them to any child.
"""
import hashlib

from frames import EMPTY, parse_header, sha256, write

ROOT = "d 755 0 0 1.000000000 - ."


def line(path, size=12, inode=7, digest="-", changed=1):
    """A file's line."""
    return f"f 644 0 0 1.000000000 - {size} {changed}.000000000 {inode} {digest if size else EMPTY} {path}"


def lines(*some):
    return "".join(one + "\n" for one in some).encode()


def page(number, first, *some):
    payload = lines(*some)
    return write("PAGE", number, first, len(some), len(payload), sha256(payload), payload=payload)


def data(entry, offset, content):
    return write("DATA", entry, offset, len(content), payload=content)


def end(entry, content):
    return write("END", entry, len(content), sha256(content))


def again(entry, new):
    return write("AGAIN", entry, len(new) + 1, payload=lines(new))


def seal(pages, size, *some):
    return write("SEAL", len(some), pages, size, sha256(lines(*some)))


A, B = b"hello world\n", b"HELLO WORLD!"
DA, DB = (hashlib.sha256(content).hexdigest() for content in (A, B))
P = page(0, 0, ROOT, line("a"), line("b", inode=8), "h 1 c")
FULL = (ROOT, line("a", digest=DA), line("b", inode=8, digest=DB), "h 1 c")
SEND_A, SEND_B = data(1, 0, A) + end(1, A), data(2, 0, B) + end(2, B)
S = seal(1, 24, *FULL)
V = "! vanished "

SCRIPTS = {
    "plain": (P + SEND_A + SEND_B + S, {"DONE"}),
    "files in another order (14: MAY)": (P + SEND_B + SEND_A + S, {"DONE"}),
    "nothing but a root": (page(0, 0, ROOT) + seal(1, 0, ROOT), {"DONE"}),
    "hole and data": (page(0, 0, ROOT, line("z", 6)) + write("HOLE", 1, 0, 5) + data(1, 5, b"x")
                      + end(1, b"\0\0\0\0\0x")
                      + seal(1, 6, ROOT, line("z", 6, digest=sha256(b"\0\0\0\0\0x"))), {"DONE"}),
    "ALIVE within a file": (P + data(1, 0, A[:5]) + b"ALIVE\n" + data(1, 5, A[5:]) + end(1, A)
                            + SEND_B + S, {"DONE"}),
    "AGAIN in the middle": (P + data(1, 0, A[:5]) + again(1, line("a", changed=2)) + SEND_A + SEND_B + seal(
        1, 24, ROOT, line("a", digest=DA, changed=2), *FULL[2:]), {"DONE"}),
    "AGAIN after END": (P + data(1, 0, B) + end(1, B) + again(1, line("a", changed=2)) + SEND_A + SEND_B
                        + seal(1, 24, ROOT, line("a", digest=DA, changed=2), *FULL[2:]), {"DONE"}),
    "AGAIN with the same line": (P + again(1, line("a")) * 3 + SEND_A + SEND_B + S, {"DONE"}),
    "AGAIN of another file between": (P + data(1, 0, A[:5]) + again(2, line("b", inode=8)) + data(1, 5, A[5:])
                                      + end(1, A) + SEND_B + S, {"DONE"}),
    "AGAIN to nothing": (P + data(1, 0, A[:5]) + again(1, line("a", 0)) + SEND_B + seal(
        1, 12, ROOT, line("a", 0), *FULL[2:]), {"DONE"}),
    "AGAIN to nothing, then END": (P + again(1, line("a", 0)) + end(1, b""), {"order"}),
    "AGAIN, then the rest only": (P + data(1, 0, A[:5]) + again(1, line("a")) + data(1, 5, A[5:]) + end(1, A),
                                  {"order"}),
    "AGAIN after a void": (P + data(1, 0, B) + end(1, A) + again(1, line("a")) + SEND_A + SEND_B + S,
                           {"DONE"}),
    "AGAIN with an inode, names first": (
        P + write("OMIT", 3, "changed") + again(1, line("a", inode=9)) + SEND_A + SEND_B
        + seal(1, 24, ROOT, line("a", inode=9, digest=DA), FULL[2], "! changed c"), {"DONE"}),
    "AGAIN with an inode, names not": (P + again(1, line("a", inode=9)), {"order"}),
    "AGAIN with a path": (P + again(1, line("x")), {"order"}),
    "AGAIN of a link": (P + again(3, line("c")), {"order"}),
    "AGAIN as a directory": (P + again(1, "d 755 0 0 1.000000000 - a"), {"order"}),
    "AGAIN to a wrong nothing": (P + again(1, line("a", 0).replace(EMPTY, DA)), {"digest"}),
    "OMIT with names": (P + write("OMIT", 3, "vanished") + write("OMIT", 1, "vanished") + SEND_B
                        + seal(1, 12, ROOT, V + "a", FULL[2], V + "c"), {"DONE"}),
    "OMIT, names after": (P + write("OMIT", 1, "vanished") + write("OMIT", 3, "vanished"), {"order"}),
    "OMIT in the middle": (P + data(2, 0, B[:3]) + write("OMIT", 2, "unreadable") + SEND_A
                           + seal(1, 12, ROOT, FULL[1], "! unreadable b", FULL[3]), {"DONE"}),
    "OMIT twice": (P + write("OMIT", 2, "vanished") * 2, {"order"}),
    "OMIT, then content": (P + write("OMIT", 2, "vanished") + SEND_B, {"order"}),
    "OMIT in a complete page": (P + SEND_A + SEND_B + write("OMIT", 3, "vanished"), {"order"}),
    "SPOILED, then SEAL": (P + data(1, 0, A[:5]) + write("SPOILED", 1) + SEND_B + S, {"digest"}),
    "SPOILED, then more": (P + data(1, 0, A[:5]) + write("SPOILED", 1) + data(1, 5, A[5:]), {"order"}),
    "a void, then SEAL": (P + data(1, 0, B) + end(1, A) + SEND_B + S, {"digest"}),
    "a void, then pages": (P + SEND_B + data(1, 0, B) + end(1, A) + b"".join(
        page(at, 3 + at, f"{V}x{at:02}") for at in range(1, 18)), {"digest"}),
    "pages too far ahead": (P + b"".join(page(at, 3 + at, f"{V}x{at:02}") for at in range(1, 18)), {"limit"}),
    "pages as far as may be": (P + b"".join(page(at, 3 + at, f"{V}x{at:02}") for at in range(1, 16)) + SEND_A
                               + SEND_B + seal(16, 24, *FULL, *(f"{V}x{at:02}" for at in range(1, 16))),
                               {"DONE"}),
    "END of the wrong digest, known": (page(0, 0, ROOT, line("a", digest=DA)) + data(1, 0, A) + write(
        "END", 1, 12, DB), {"digest"}),
    "a known digest": (page(0, 0, ROOT, line("a", digest=DA)) + SEND_A + seal(1, 12, ROOT, FULL[1]),
                       {"DONE"}),
    "END twice": (P + SEND_A + end(1, A), {"order"}),
    "another file between": (P + data(1, 0, A[:5]) + data(2, 0, B), {"order"}),
    "END of another file between": (P + data(1, 0, A[:5]) + end(2, B), {"order"}),
    "offsets shrink": (P + data(1, 5, A[5:]) + data(1, 0, A[:5]), {"order"}),
    "offsets overlap": (P + data(1, 0, A[:5]) + data(1, 4, A[4:]), {"order"}),
    "beyond the size": (P + data(1, 0, A + b"x"), {"order"}),
    "a gap": (P + data(1, 0, A[:5]) + data(1, 6, A[6:]) + end(1, A), {"order"}),
    "an empty file's content": (page(0, 0, ROOT, line("a", 0)) + page(1, 2, V + "b")
                                + write("END", 1, 0, EMPTY), {"order"}),
    "content of a directory": (P + data(0, 0, A), {"order"}),
    "content of no page": (P + data(4, 0, A), {"order"}),
    "SEAL too early": (P + SEND_A + S, {"order"}),
    "SEAL without a page": (write("SEAL", 0, 0, 0, sha256(b"")), {"order", "DONE", "digest"}),
    "SEAL of another manifest": (P + SEND_A + SEND_B + seal(1, 24, *FULL[:3], "h 1 d"), {"digest"}),
    "SEAL of another sum": (P + SEND_A + SEND_B + seal(1, 25, *FULL), {"digest"}),
    "page 1 first": (page(1, 0, ROOT), {"order"}),
    "entry 1 first": (page(0, 1, ROOT), {"order"}),
    "a name-line of an omitted entry": (page(0, 0, ROOT, V + "a", "h 1 b"), {"order"}),
    "a name-line of a link": (page(0, 0, ROOT, "l 777 0 0 1.000000000 - x a", "h 1 b") + seal(
        1, 0, ROOT, "l 777 0 0 1.000000000 - x a", "h 1 b"), {"DONE"}),
    "a directory below a file": (page(0, 0, ROOT, line("a"), line("a/b")), {"order"}),
}


def split(frames):
    """The single frames of a script."""
    while frames:
        header = frames[:frames.index(b"\n") + 1]
        length = len(header) + parse_header(header, True).length
        yield frames[:length]
        frames = frames[length:]


def play(sock, hello, frames, patience=3):
    """Say HELLO and the frames, content only after the NEEDs of all pages, and end the sending direction.

    The result is the verb or the code of the child's last frame. Who says nothing for `patience` seconds
    where a NEED or WELCOME is due is taken for one that will not say it."""
    sock.settimeout(patience)
    said, owed = b"", 1

    def listen(enough):
        nonlocal said
        try:
            while not enough() and (more := sock.recv(65536)):
                said += more
        except OSError:
            pass
    try:
        sock.sendall(hello)
        for frame in split(frames):
            if not frame.startswith(b"PAGE "):
                listen(lambda: said.count(b"WELCOME ") + said.count(b"NEED ") >= owed or b"ERROR " in said)
            sock.sendall(frame)
            owed += frame.startswith(b"PAGE ")
        sock.shutdown(1)
    except OSError:
        pass                                            # it has said ERROR before all of it was sent
    sock.settimeout(10 * patience)
    listen(lambda: False)
    last = [one for one in said.decode("latin-1").split("\n") if one.startswith(("DONE ", "ERROR "))][-1:]
    return (last or ["- "])[0].split(" ")[int(bool(last) and last[0].startswith("ERROR "))]
