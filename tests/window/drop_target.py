"""Takes what is dropped on a small window by X11 drag and drop, as a file manager or a mail program does.

Usage: /usr/bin/python3 drop_target.py

Prints `ready`, and then a line for each address that was dropped: `dropped file:///…`.
"""

import gi

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, Gtk  # noqa: E402


def say(line):
    """Tells the test, which reads line by line."""
    print(line, flush=True)


def main():
    """Shows the window until it is closed."""
    window = Gtk.Window(title="Mappe")
    window.set_default_size(150, 110)
    window.set_keep_above(True)
    place = Gtk.EventBox()
    place.add(Gtk.Label(label="Slipp her"))
    place.drag_dest_set(
        Gtk.DestDefaults.ALL,
        [Gtk.TargetEntry.new("text/uri-list", 0, 0)],
        Gdk.DragAction.COPY,
    )

    def take(_place, _context, _x, _y, selection, _info, _time):
        for address in selection.get_uris():
            say(f"dropped {address}")

    place.connect("drag-data-received", take)
    window.add(place)
    window.connect("destroy", Gtk.main_quit)
    window.connect("map-event", lambda *_: say("ready"))
    window.show_all()
    screen = window.get_screen()
    window.move(screen.get_width() - 190, screen.get_height() - 190)
    Gtk.main()


main()
