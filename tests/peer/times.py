"""The waits of section "Time"."""


class Times:
    """The waits of section "Time", in seconds; `scale` shortens all of them for tests."""

    def __init__(self, scale=1.0, levels=1):
        self.alive, self.silence, self.taken = scale, 6 * scale, 15 * scale
        self.greet, self.linger = 8 * scale, scale
        self.greet_child = 8 * scale * levels               # 8 s for each level from the child down
        self.need = (120 + 15 * (levels - 1)) * scale       # 15 s for each level below the child
        self.close_child, self.close_parent, self.call_again = 15 * scale, 6 * scale, 0.25 * scale
        self._scale, self._below = scale, levels - 1

    def done(self, entries, size):
        """How long a parent waits for DONE."""
        return (900 + 0.005 * entries + min(size, 64 << 30) / (10 << 20) + 15 * self._below) * self._scale
