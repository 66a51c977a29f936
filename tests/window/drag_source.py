"""Offers one file by X11 drag and drop from a small window, as a file manager does.

Usage: /usr/bin/python3 drag_source.py PATH...

Prints one word a line as the drag goes on: ready, begin, asked (the target has asked for the files), end or failed.
"""

import pathlib
import sys

import gi

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, Gtk  # noqa: E402


def say(word):
    """Tells the test, which reads line by line."""
    print(word, flush=True)


def main(paths):
    """Shows the window until it is closed."""
    addresses = [pathlib.Path(path).absolute().as_uri() for path in paths]
    window = Gtk.Window(title="Filer")
    window.set_default_size(150, 110)
    window.set_keep_above(True)
    icon = Gtk.EventBox()
    icon.add(Gtk.Label(label="\n".join(pathlib.Path(path).name for path in paths[:4])))
    icon.drag_source_set(
        Gdk.ModifierType.BUTTON1_MASK,
        [Gtk.TargetEntry.new("text/uri-list", 0, 0)],
        Gdk.DragAction.COPY,
    )

    def give(_icon, _context, selection, _info, _time):
        selection.set_uris(addresses)
        say("asked")

    icon.connect("drag-data-get", give)
    icon.connect("drag-begin", lambda *_: say("begin"))
    icon.connect("drag-failed", lambda *_: say("failed") and False)
    icon.connect("drag-end", lambda *_: say("end"))
    window.add(icon)
    window.connect("destroy", Gtk.main_quit)
    window.connect("map-event", lambda *_: say("ready"))
    window.show_all()
    screen = window.get_screen()
    window.move(screen.get_width() - 190, screen.get_height() - 190)
    Gtk.main()


main(sys.argv[1:])
