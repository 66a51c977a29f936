// Other displays than the X server of the other tests: Wayland, which most Linux desktops are, and none at all.

import assert from "node:assert/strict";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Desktop } from "./desktop.mjs";
import { start, until } from "./processes.mjs";
import { ids, Program, PROGRAM } from "./program.mjs";

const SOCKET = "momsbud-wayland";

test("on Wayland the window is drawn, and a return is filed", async () => {
  const desktop = await Desktop.open();
  let program;
  try {
    const compositor = desktop.start("weston", [
      "--backend=x11-backend.so", "--use-pixman", "--width=1400", "--height=860", "--idle-time=0", `--socket=${SOCKET}`,
    ]);
    const socket = join(desktop.env.XDG_RUNTIME_DIR ?? "", SOCKET);
    await until("the compositor", async () => {
      if (compositor.ended) throw new Error(compositor.output);
      return stat(socket).then(() => true);
    });
    program = await Program.start(desktop, { env: { WAYLAND_DISPLAY: SOCKET, GDK_BACKEND: "wayland" } });
    await program.signIn("Ingrid Solvang");
    await program.sendSample();
    await program.see(ids.openReceipt);
    // Waits for two pictures to be drawn: a window that is never drawn never is.
    await program.picture("wayland");
  } finally {
    await program?.quit();
    await desktop.close();
  }
});

test("without a display it says what it needs and how to do without, in the user's language", async () => {
  const folder = await mkdtemp(join(tmpdir(), "momsbud-no-display-"));
  const { DISPLAY: _x, WAYLAND_DISPLAY: _wayland, ...env } = process.env;
  const said = async () => {
    const program = start(PROGRAM, [], { env: { ...env, MOMSBUD_DATA_DIR: folder } });
    await until("the program to end", () => program.ended);
    assert.equal(program.child.exitCode, 1);
    assert.doesNotMatch(program.output, /panic|RUST_BACKTRACE/);
    return program.output;
  };
  try {
    assert.match(await said(), /finner ingen skjerm.*momsbud-cli/);
    await writeFile(join(folder, "look.json"), '{ "language": "en" }');
    assert.match(await said(), /finds no display.*momsbud-cli/);
  } finally {
    await rm(folder, { recursive: true });
  }
});
