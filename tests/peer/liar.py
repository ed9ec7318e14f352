"""The Liar: it sits in a link's writer, sees each frame, and lies once, at a seeded moment."""
import random
import socket
import time

ONCE = {"HELLO", "SEAL", "WELCOME", "DONE"}               # verbs of which there is one on a link
MUTE, CUT = object(), object()          # what a lie may yield besides bytes: silence; end of input


class Liar:
    """One lie, told once (on one link). It changes the n-th fit frame, n < moment at random."""

    def __init__(self, name, lie, seed=1, moment=3, emit=lambda event: None):
        self.name, self.lie, self.random, self.emit = name, lie, random.Random(f"{name} {seed}"), emit
        self.wait = 0 if self.lie.first or ONCE.issuperset(self.lie.verbs) else self.random.randrange(moment)
        self.lied_at = self.link = self.mute = self.silent = self.filter = self.sealed = self.deaf = None

    def tell(self, data, link):
        """The bytes to send in place of a frame."""
        if link is self.link:
            if self.mute:
                return
            if self.filter:
                yield from self._say(self.filter(data), link)
                return
        if data.startswith(b"SEAL "):
            self.sealed = link
        header, _, payload = data.partition(b"\n")
        words = header.decode("latin-1").split(" ")
        if self.lied_at is not None or words[0] not in self.lie.verbs \
                or (self.name.startswith("answer-") and self.sealed is not link):
            yield data
            return
        if self.wait:
            self.wait -= 1
            yield data
            return
        pieces = self.lie.tell(self, words, payload, data)
        if pieces is None:                                  # not fit for it; the next one may be
            yield data
            return
        self.lied_at, self.link = time.monotonic(), link
        self.emit({"event": "lied", "lie": self.name, "what": header.decode("latin-1")[:100]})
        yield from self._say(pieces, link)

    def _say(self, pieces, link):
        for piece in pieces:
            if piece is MUTE:
                self.mute = self.silent = True
                return
            if piece is CUT:
                self.mute = True
                link.sock.shutdown(socket.SHUT_WR)
                return
            if isinstance(piece, float):
                time.sleep(piece * link.times.alive)
            else:
                yield piece
