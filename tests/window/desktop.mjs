// A desktop of its own for one test file: screen, window manager, D-Bus session, unlocked keyring, home folder,
// and an `xdg-open` that opens Debian's Chromium for addresses and remembers everything it was asked to open.

import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { PersonAtTheBrowser } from "./browser.mjs";
import { run, signal, start, stop, until } from "./processes.mjs";

const HERE = fileURLToPath(new URL(".", import.meta.url));

/** Where pictures are kept. */
export const ARTIFACTS = process.env.MOMSBUD_ARTIFACTS ?? join(HERE, "../../artifacts/window");

/**
 * A session bus that starts nothing by itself: what a test has not started (a keyring, a notification service) is not
 * there, as on the machine of somebody who has none. A test may put what the bus is to start into `services`.
 */
const bus = (services) => `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
  "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <auth>EXTERNAL</auth>
  <servicedir>${services}</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`;

/** What opens the test's keyring. */
export const KEYRING_PASSWORD = "password of the test's keyring";

/** The virtual screen, in pixels: room for the window at its default size and a drag source beside it. */
const SCREEN = { width: 1480, height: 920 };

export class Desktop {
  /** @type {import("./processes.mjs").Running[]} */
  #processes = [];

  /**
   * @param {string} root
   * @param {NodeJS.ProcessEnv} env
   */
  constructor(root, env, screen = SCREEN) {
    /** Folder of everything this desktop keeps; removed at the end. */
    this.root = root;
    /** Environment of every program on this desktop. */
    this.env = env;
    this.screen = screen;
    this.browser = new PersonAtTheBrowser(this);
  }

  /**
   * Opens a desktop.
   *
   * @param {{ width: number, height: number }} screen the virtual screen, in pixels.
   */
  static async open(screen = SCREEN) {
    const root = await mkdtemp(join(tmpdir(), "momsbud-desktop-"));
    const home = join(root, "home");
    const bin = join(root, "bin");
    const runtime = join(root, "run");
    for (const folder of [home, bin]) await mkdir(folder, { recursive: true });
    await mkdir(runtime, { mode: 0o700 });
    /** @type {NodeJS.ProcessEnv} */
    const env = {
      ...process.env,
      HOME: home,
      XDG_CONFIG_HOME: join(home, ".config"),
      XDG_DATA_HOME: join(home, ".local/share"),
      XDG_CACHE_HOME: join(home, ".cache"),
      XDG_RUNTIME_DIR: runtime,
      PATH: `${bin}:${process.env.PATH}`,
      LANG: "C.UTF-8",
      GDK_BACKEND: "x11",
      // The accessibility bus is not part of what is tested and every program would start one.
      NO_AT_BRIDGE: "1",
      GSETTINGS_BACKEND: "memory",
    };
    delete env.WAYLAND_DISPLAY;
    delete env.DBUS_SESSION_BUS_ADDRESS;
    const desktop = new Desktop(root, env, screen);
    // A run that is broken off must not leave its programs behind.
    process.once("exit", () => desktop.#abandon());
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(name, () => process.exit(1));
    try {
      await desktop.#start(bin);
    } catch (error) {
      await desktop.close();
      throw error;
    }
    return desktop;
  }

  async #start(bin) {
    const screen = this.start(
      "Xvfb",
      ["-displayfd", "3", "-screen", "0", `${this.screen.width}x${this.screen.height}x24`, "-nolisten", "tcp"],
      { extraPipe: true },
    );
    const number = await until("Xvfb's display number", () => {
      if (screen.ended) throw new Error(screen.output);
      return screen.pipe.trim();
    });
    this.env.DISPLAY = `:${number}`;

    const rules = join(this.root, "bus.conf");
    await mkdir(this.#services);
    await writeFile(rules, bus(this.#services));
    const running = this.start("dbus-daemon", [`--config-file=${rules}`, "--nofork", "--print-address=1"]);
    const said = await until("the session bus", () => /^unix:\S+$/m.exec(running.output));
    this.env.DBUS_SESSION_BUS_ADDRESS = said[0];

    await this.unlockKeyring();
    let manager = this.start("openbox", []);
    await until("the window manager", () => {
      // On a busy machine it has been seen to give up before the screen was ready for it.
      if (manager.ended) manager = this.start("openbox", []);
      return run("xdotool", ["getwindowfocus"], { env: this.env }).then(() => true);
    });

    const opener = join(bin, "xdg-open");
    await writeFile(opener, this.browser.opener());
    await chmod(opener, 0o755);
  }

  get #services() {
    return join(this.root, "services");
  }

  /** Starts gnome-keyring with an unlocked login keyring, as a login does. */
  async unlockKeyring() {
    await this.#startKeyring(["--unlock"], false, { input: KEYRING_PASSWORD });
  }

  /** Locks the keyring, as a login without a password does, and lets gnome-keyring ask for its password. */
  async lockKeyring() {
    if (this.keyring) await stop(this.keyring);
    const name = "org.gnome.keyring.SystemPrompter";
    await writeFile(
      join(this.#services, `${name}.service`),
      `[D-BUS Service]\nName=${name}\nExec=/usr/libexec/gcr-prompter\n`,
    );
    const bus = "org.freedesktop.DBus";
    await this.run("dbus-send", ["--session", "--print-reply", `--dest=${bus}`, "/org/freedesktop/DBus", `${bus}.ReloadConfig`]);
    // What the bus starts has the bus's environment, which knows no screen yet.
    const screen = `dict:string:string:DISPLAY,${this.env.DISPLAY},HOME,${this.env.HOME},GDK_BACKEND,x11`;
    await this.run("dbus-send", [
      "--session", "--print-reply", `--dest=${bus}`, "/org/freedesktop/DBus", `${bus}.UpdateActivationEnvironment`, screen,
    ]);
    await this.#startKeyring([], true);
  }

  /** Answers the keyring's question as a person does: types, and presses a key. */
  async answerKeyring(password, key = "Return") {
    const asks = ["search", "--onlyvisible", "--class", "gcr-prompter"];
    const window = await until("the keyring's question", async () => (await this.run("xdotool", asks)).trim().split("\n")[0]);
    await this.run("xdotool", ["windowfocus", "--sync", window]);
    if (password) await this.run("xdotool", ["type", "--delay", "20", password]);
    await this.picture(`keyring-${password ? "3" : "1"}-asks`);
    await this.run("xdotool", ["key", key]);
  }

  async #startKeyring(args, locked, options = {}) {
    this.keyring = this.start("gnome-keyring-daemon", ["--foreground", ...args, "--components=secrets"], options);
    await until("the keyring", () =>
      run(
        "dbus-send",
        [
          "--session",
          "--print-reply",
          "--dest=org.freedesktop.secrets",
          "/org/freedesktop/secrets/aliases/default",
          "org.freedesktop.DBus.Properties.Get",
          "string:org.freedesktop.Secret.Collection",
          "string:Locked",
        ],
        { env: this.env },
      ).then((answer) => answer.includes(`boolean ${locked}`)),
    );
  }

  /**
   * Starts a program on this desktop; it ends with the desktop at the latest.
   *
   * @param {string} command
   * @param {string[]} args
   * @param {import("./processes.mjs").Options} options
   */
  start(command, args, options = {}) {
    const running = start(command, args, { ...options, env: { ...this.env, ...options.env } });
    this.#processes.push(running);
    return running;
  }

  /**
   * Runs a short program on this desktop and returns its output.
   *
   * @param {string} command
   * @param {string[]} args
   * @param {import("./processes.mjs").Options} options
   */
  run(command, args, options = {}) {
    return run(command, args, { ...options, env: this.env });
  }

  /**
   * Asks the office's database, or tells it, as a second program would: a row a line.
   *
   * @param {string} statement
   */
  sql(statement) {
    const script = `
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], timeout=30)
with db:
    for row in db.execute(sys.argv[2]):
        print(*row)
`;
    return this.run("/usr/bin/python3", ["-c", script, join(this.root, "data/momsbud.db"), statement]);
  }

  /** Everything `xdg-open` was asked to open, oldest first. */
  async opened() {
    const text = await readFile(join(this.root, "opened"), "utf8").catch(() => "");
    return text.split("\n").filter(Boolean);
  }

  /** What lies on the clipboard. */
  clipboard() {
    return this.run("xclip", ["-selection", "clipboard", "-out"]);
  }

  /**
   * Numbers of the visible windows of a program, or of a name.
   *
   * A window that goes while they are listed ends the list with an error, which is another thing than that there is none:
   * then they are listed again.
   *
   * @param {{ class: string } | { name: string }} of a pattern
   * @returns {Promise<string[]>}
   */
  async windows(of) {
    const [[kind, pattern] = []] = Object.entries(of);
    const listed = await until(`the windows of ${pattern} to be listed`, () =>
      this.run("xdotool", ["search", "--onlyvisible", `--${kind}`, String(pattern)]).then(
        (found) => found.split("\n").filter(Boolean),
        (error) => {
          // It says nothing and ends with 1 when there is none.
          if (/exit 1\s*$/.test(error.message)) return [];
          throw error;
        },
      ),
    );
    return listed;
  }

  /** Title of the window that has the keyboard. */
  async activeWindow() {
    return (await this.run("xdotool", ["getactivewindow", "getwindowname"])).trim();
  }

  /** Keeps a picture of the whole screen as `artifacts/window/NAME.png`, once nothing on it moves any more. */
  async picture(name) {
    let last = await this.#screen();
    for (let tries = 0; tries < 8; tries++) {
      await sleep(200);
      const now = await this.#screen();
      if (now.equals(last)) break;
      last = now;
    }
    await mkdir(ARTIFACTS, { recursive: true });
    await writeFile(join(ARTIFACTS, `${name}.png`), last);
  }

  /** The screen as PNG; the same screen gives the same bytes. */
  async #screen() {
    const path = join(this.root, "screen.png");
    await this.run("import", ["-silent", "-window", "root", "-define", "png:exclude-chunks=date,time", "-strip", path]);
    return readFile(path);
  }

  #abandon() {
    for (const pid of this.browser.pids()) signal(-pid, "SIGKILL");
    for (const { child, ended } of this.#processes) if (child.pid && !ended) signal(-child.pid, "SIGKILL");
  }

  /** Ends every program of this desktop, the last started first, and removes its folder. */
  async close() {
    await this.browser.close();
    for (const running of this.#processes.reverse()) await stop(running);
    this.#abandon();
    await rm(this.root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}
