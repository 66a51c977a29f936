/**
 * The right mouse button and the menu key: what can be done with what is under them, in the window's own words.
 *
 * The web view's menu speaks of pages and reloading, which a program has not. In a box for text the system's own stays:
 * only that may paste.
 */
import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent } from "react";
import { useTell } from "../parts/announce";
import { useCommand } from "../commands";
import { useTexts } from "../i18n/useTexts";
import { useBackend } from "../office";
import { testIds } from "../testids";
import { lineOf, plain, rowsOf } from "../parts/copying";
import { print } from "../parts/printing";
import s from "./ContextMenu.module.css";

interface Item {
  id: "copy" | "copyRow" | "copyKid" | "copyAmount" | "open" | "archive" | "print";
  text: string;
  run: () => void;
}

interface Place {
  x: number;
  y: number;
  items: Item[];
  opener: Element | null;
}

/** What was under the pointer, as far as the menu can do something with it. */
interface Found {
  selection: string;
  row: HTMLTableRowElement | null;
  link: HTMLElement | null;
}

function find(target: Element): Found {
  const marked = window.getSelection();
  const rows = marked ? rowsOf(marked) : [];
  const selection = rows.length > 0 ? rows.map((row) => lineOf(row)).join("\n") : plain(marked?.toString() ?? "");
  const row = target.closest<HTMLTableRowElement>("tr[data-tsv]");
  const own = target.closest<HTMLElement>("main a[href], main [data-testid='sample']");
  return { selection, row, link: own ?? row?.querySelector<HTMLElement>("a[href]") ?? null };
}

export function ContextMenu() {
  const { t } = useTexts();
  const backend = useBackend();
  const tell = useTell();
  const [place, setPlace] = useState<Place | null>(null);
  const copy = useCommand(
    async (text: string, what: string) => {
      await backend.copyText(text);
      return what;
    },
    {
      done: (what) => {
        tell(t("a11y.copied", { what }));
      },
    },
  );
  const archive = useCommand((filing: string) => backend.showArchive(filing));

  const itemsFor = ({ selection, row, link }: Found): Item[] => {
    const items: Item[] = [];
    const add = (id: Item["id"], run: () => void) => {
      items.push({ id, text: t(`menu.${id}`), run });
    };
    if (selection !== "") {
      add("copy", () => {
        copy.run(selection, t("menu.selection"));
      });
    }
    if (link) {
      add("open", () => {
        link.click();
      });
    }
    if (row) {
      const { kid, amount, filing, tsv = "" } = row.dataset;
      add("copyRow", () => {
        copy.run(tsv, t("menu.row"));
      });
      if (kid !== undefined) {
        add("copyKid", () => {
          copy.run(kid, "KID");
        });
      }
      if (amount !== undefined) {
        add("copyAmount", () => {
          copy.run(amount, t("pay.amountWhat"));
        });
      }
      if (filing !== undefined) {
        add("archive", () => {
          archive.run(filing);
        });
      }
    }
    add("print", () => void print());
    return items;
  };
  const latest = useRef(itemsFor);
  useEffect(() => {
    latest.current = itemsFor;
  });
  useEffect(() => {
    const open = (event: MouseEvent) => {
      const { target } = event;
      if (!(target instanceof Element) || target.closest("input, textarea")) return;
      event.preventDefault();
      if (target.closest("dialog")) return;
      // The menu key gives no place of its own: the element that has the focus is the place.
      const box = target.getBoundingClientRect();
      const keyed = event.clientX === 0 && event.clientY === 0;
      setPlace({
        x: keyed ? box.left + 16 : event.clientX,
        y: keyed ? box.bottom : event.clientY,
        items: latest.current(find(target)),
        opener: document.activeElement,
      });
    };
    document.addEventListener("contextmenu", open);
    return () => {
      document.removeEventListener("contextmenu", open);
    };
  }, []);
  if (!place) return null;
  return (
    <Menu
      key={`${String(place.x)} ${String(place.y)}`}
      place={place}
      onClose={() => {
        setPlace(null);
        if (place.opener instanceof HTMLElement && place.opener.isConnected)
          place.opener.focus({ preventScroll: true });
      }}
    />
  );
}

function Menu({ place: { x, y, items }, onClose }: { place: Place; onClose: () => void }) {
  const { t } = useTexts();
  const menu = useRef<HTMLUListElement>(null);
  useLayoutEffect(() => {
    const element = menu.current;
    if (!element) return;
    const { width, height } = element.getBoundingClientRect();
    element.style.left = `${String(Math.max(0, Math.min(x, window.innerWidth - width - 4)))}px`;
    element.style.top = `${String(Math.max(0, Math.min(y, window.innerHeight - height - 4)))}px`;
    element.querySelector<HTMLElement>("button")?.focus({ preventScroll: true });
  }, [x, y]);
  useEffect(() => {
    const away = ({ target }: Event) => {
      if (target instanceof Node && !menu.current?.contains(target)) onClose();
    };
    document.addEventListener("pointerdown", away);
    window.addEventListener("blur", onClose);
    window.addEventListener("wheel", away, { passive: true });
    return () => {
      document.removeEventListener("pointerdown", away);
      window.removeEventListener("blur", onClose);
      window.removeEventListener("wheel", away);
    };
  }, [onClose]);
  const onKeyDown = (event: KeyboardEvent) => {
    const buttons = [...(menu.current?.querySelectorAll<HTMLElement>("button") ?? [])];
    const at = buttons.findIndex((button) => button === document.activeElement);
    switch (event.key) {
      case "ArrowDown":
        buttons[(at + 1) % buttons.length]?.focus();
        break;
      case "ArrowUp":
        buttons[(at - 1 + buttons.length) % buttons.length]?.focus();
        break;
      case "Home":
        buttons[0]?.focus();
        break;
      case "End":
        buttons.at(-1)?.focus();
        break;
      case "Escape":
      case "Tab":
        onClose();
        break;
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <ul
      ref={menu}
      className={s.ctxmenu}
      role="menu"
      tabIndex={-1}
      aria-label={t("menu.label")}
      data-testid={testIds.contextMenu}
      onKeyDown={onKeyDown}
    >
      {items.map(({ id, text, run }) => (
        <li key={id} role="none">
          <button
            type="button"
            role="menuitem"
            tabIndex={-1}
            data-testid={testIds.contextItem}
            data-value={id}
            onClick={() => {
              onClose();
              run();
            }}
          >
            {text}
          </button>
        </li>
      ))}
    </ul>
  );
}
