"""A panel that takes tray icons (StatusNotifierWatcher, as KDE and GNOME's extension have one), without drawing them.

Usage: /usr/bin/python3 tray_host.py

Prints `ready`, then `item SERVICE PATH` for each program that puts an icon into it.
"""

from gi.repository import Gio, GLib

NAME = "org.kde.StatusNotifierWatcher"
INTERFACE = f"""
<node><interface name="{NAME}">
  <method name="RegisterStatusNotifierItem"><arg type="s" direction="in"/></method>
  <method name="RegisterStatusNotifierHost"><arg type="s" direction="in"/></method>
  <property name="RegisteredStatusNotifierItems" type="as" access="read"/>
  <property name="IsStatusNotifierHostRegistered" type="b" access="read"/>
  <property name="ProtocolVersion" type="i" access="read"/>
  <signal name="StatusNotifierItemRegistered"><arg type="s"/></signal>
  <signal name="StatusNotifierHostRegistered"/>
</interface></node>
"""
items = []


def say(*words):
    """Tells the test, which reads line by line."""
    print(*words, flush=True)


def called(connection, sender, path, interface, method, given, answer):
    """A program puts its icon here: under its own name on the bus, or an object of it."""
    if method == "RegisterStatusNotifierItem":
        (item,) = given.unpack()
        service, place = (sender, item) if item.startswith("/") else (item, "/StatusNotifierItem")
        items.append(service + place)
        connection.emit_signal(None, path, NAME, "StatusNotifierItemRegistered", GLib.Variant("(s)", (service + place,)))
        say("item", service, place)
    answer.return_value(None)


def asked(connection, sender, path, interface, name):
    """What the panel says of itself."""
    return {
        "RegisteredStatusNotifierItems": GLib.Variant("as", items),
        "IsStatusNotifierHostRegistered": GLib.Variant("b", True),
        "ProtocolVersion": GLib.Variant("i", 0),
    }[name]


def main():
    """Takes icons until it is ended."""
    bus = Gio.bus_get_sync(Gio.BusType.SESSION)
    interface = Gio.DBusNodeInfo.new_for_xml(INTERFACE).interfaces[0]
    bus.register_object("/StatusNotifierWatcher", interface, called, asked, None)
    Gio.bus_own_name_on_connection(bus, NAME, Gio.BusNameOwnerFlags.NONE, lambda *_: say("ready"), None)
    GLib.MainLoop().run()


main()
