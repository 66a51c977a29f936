"""Momsbud as it is when a second start meets it about to end: it has the name on the bus, and goes without an answer.

Usage: /usr/bin/python3 ending_program.py TIMES

Prints `ready`, then `asked` for each start that has met it; after so many it is gone for good.
"""

import os
import sys

from gi.repository import Gio, GLib

NAME = "no.momsbud.desktop.SingleInstance"
INTERFACE = """
<node><interface name="org.SingleInstance.DBus">
  <method name="ExecuteCallback"><arg type="as" direction="in"/><arg type="s" direction="in"/></method>
</interface></node>
"""


def say(word):
    """Tells the test, which reads line by line."""
    print(word, flush=True)


def main(times):
    """Holds the name until somebody asks, then ends, or begins anew while there are times left."""

    def asked(*_):
        say("asked")
        if times > 1:
            os.execv(sys.executable, [sys.executable, __file__, str(times - 1)])
        os._exit(0)

    bus = Gio.bus_get_sync(Gio.BusType.SESSION)
    interface = Gio.DBusNodeInfo.new_for_xml(INTERFACE).interfaces[0]
    bus.register_object("/" + NAME.replace(".", "/"), interface, asked, None, None)
    Gio.bus_own_name_on_connection(bus, NAME, Gio.BusNameOwnerFlags.NONE, lambda *_: say("ready"), None)
    GLib.MainLoop().run()


main(int(sys.argv[1]))
