"""Hands links over to the program that runs, as so many second starts with a link do, one after the other.

Usage: flood.py COUNT. Ends when the last one has been taken.
"""

import sys

from gi.repository import Gio, GLib

NAME = "no.momsbud.desktop.SingleInstance"
FORMS = (
    "momsbud://callback?code={0}&state={0}",
    "no.momsbud.desktop:/callback?code={0}&state={0}",
    "momsbud://callback?error=access_denied&state={0}",
    "momsbud:{0}",
)

bus = Gio.bus_get_sync(Gio.BusType.SESSION)
for number in range(int(sys.argv[1])):
    link = FORMS[number % len(FORMS)].format(number)
    arguments = GLib.Variant("(ass)", (["momsbud", link], "/"))
    path = "/" + NAME.replace(".", "/")
    bus.call_sync(NAME, path, "org.SingleInstance.DBus", "ExecuteCallback", arguments, None, 0, 60_000)
