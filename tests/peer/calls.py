"""CALL, both sides (section "A child that dials")."""
import hmac
import socket
import threading
import time

from frames import Refused, write
from link import guard, print_event


def call(address, fields, link_of, child_of, times, attempts=1):
    """A child that dials: CALL, then as on any link; again 250 ms after a failure."""
    for attempt in range(attempts):
        if attempt:
            time.sleep(times.call_again)
        try:
            sock = socket.create_connection(address, times.greet)
        except OSError:
            continue
        link = link_of(sock)
        link.calling = True                                 # it waits for HELLO as long as its plan stands
        link.send(write("CALL", *fields))
        result = child_of(link).run()
        if result:
            return result
    return None


def accept_call(link, plan):
    """The parent's data port: CALL is the first frame and is judged as HELLO is (A child that dials)."""
    link.deadline = link.started + link.times.greet
    frame = link.read()
    if frame is None:
        raise Refused("truncated", "end of input before CALL")
    if frame.verb != "CALL":
        raise Refused("order", "CALL comes first")
    run, epoch, secret, node, parent = frame.fields
    for code, fine in (("run", run == plan.run), ("epoch", epoch == plan.epoch),
                       ("secret", hmac.compare_digest(secret, plan.secret)),
                       ("order", (node, parent) == (plan.child, plan.parent))):
        if not fine:
            raise Refused(code, "not the plan's")
    link.emit("called", run=run, epoch=epoch, child=node)
    return link


def wait_for_call(address, plan, link_of, times, emit=print_event, ready=None):
    """Listen until the plan's child calls (as long as one would wait for WELCOME); its link, or None."""
    listener = socket.create_server(address)
    listener.settimeout(0.05)
    emit({"event": "listening", "port": listener.getsockname()[1]})
    if ready:
        ready(listener.getsockname())
    until, called = time.monotonic() + times.greet_child, []

    def judge(sock):
        link = link_of(sock)
        link = guard(link, lambda: accept_call(link, plan))
        if link:
            called.append(link)
    with listener:
        while not called and time.monotonic() < until:
            try:
                threading.Thread(target=judge, args=(listener.accept()[0],), daemon=True).start()
            except TimeoutError:
                pass
    return called[-1] if called else None
