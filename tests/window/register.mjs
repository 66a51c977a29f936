// A PostgreSQL of the test's own, on a private socket: Debian's server. It refuses to run as root, so that for root it runs as `nobody`.

import { readdirSync } from "node:fs";
import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { PROGRAM } from "./program.mjs";

const run = promisify(execFile);
const SERVERS = "/usr/lib/postgresql";
const PASSWORD = "fjell-og-vidde";

export class Server {
  /** @param {string} folder */
  constructor(folder) {
    this.folder = folder;
  }

  /** Makes a cluster and starts it. */
  static async start() {
    const server = new Server(await mkdtemp(join(tmpdir(), "momsbud-pg-")));
    if (process.getuid?.() === 0) await run("chown", ["daemon:daemon", server.folder]);
    const { data } = server;
    await server.#tool("initdb", ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]);
    const settings = `listen_addresses = ''\nunix_socket_directories = '${server.folder}'\nfsync = off\nmax_connections = 40\n`;
    await appendFile(join(data, "postgresql.conf"), settings);
    await writeFile(join(data, "pg_hba.conf"), "local all postgres trust\nlocal all all scram-sha-256\n");
    await server.up();
    await server.sql("postgres", `CREATE ROLE admin LOGIN CREATEROLE PASSWORD '${PASSWORD}'`);
    await server.sql("postgres", "CREATE DATABASE momsbud OWNER admin");
    return server;
  }

  get data() {
    return join(this.folder, "data");
  }

  /** Where a desk finds it, in a role. */
  address(role) {
    return `postgresql://${role}@${encodeURIComponent(this.folder)}/momsbud?connect_timeout=30`;
  }

  #tool(name, args) {
    const version = readdirSync(SERVERS).sort((a, b) => Number(b) - Number(a))[0];
    const program = join(SERVERS, version, "bin", name);
    const asServer = ["--reuid=1", "--regid=1", "--groups=0", program, ...args];
    const [command, all] = process.getuid?.() === 0 ? ["setpriv", asServer] : [program, args];
    return run(command, all, { cwd: "/" });
  }

  async up() {
    await this.#tool("pg_ctl", ["-D", this.data, "-w", "-t", "60", "-l", join(this.folder, "log"), "start"]);
  }

  async down() {
    await this.#tool("pg_ctl", ["-D", this.data, "-w", "-m", "fast", "stop"]);
  }

  /** Hand-written SQL with the server's own account; what it says. */
  async sql(database, statement) {
    const { stdout } = await this.#tool("psql", ["-h", this.folder, "-U", "postgres", "-d", database, "-Atc", statement]);
    return stdout.trim();
  }

  /** Writes down from now on who asks what, and when. */
  async listens() {
    for (const [name, value] of [["log_line_prefix", "%u %n "], ["log_statement", "all"]]) {
      await this.sql("postgres", `ALTER SYSTEM SET ${name} = '${value}'`);
    }
    await this.sql("postgres", "SELECT pg_reload_conf()");
  }

  /** When a role has asked something, in seconds, since the server listens. */
  async asked(role) {
    const log = await readFile(join(this.folder, "log"), "utf8");
    return [...log.matchAll(/^(\S+) ([\d.]+) LOG: {2}(?:statement|execute)/gm)]
      .filter(([, who]) => who === role)
      .map(([, , at]) => Number(at));
  }

  async close() {
    await this.down().catch(() => undefined);
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** A desk of the command line: an installation of its own in the desktop's session. */
export class CommandDesk {
  /**
   * @param {import("./desktop.mjs").Desktop} desktop
   * @param {string} data
   * @param {string} archive
   */
  constructor(desktop, data, archive) {
    this.desktop = desktop;
    this.env = { MOMSBUD_DATA_DIR: data, MOMSBUD_ARCHIVE_DIR: archive };
  }

  /** Begins a command. */
  start(args, { input = "", env = {} } = {}) {
    const options = { env: { ...this.env, ...env }, input };
    return this.desktop.start(join(dirname(PROGRAM), "momsbud-cli"), args, options);
  }

  /** The same with something typed, to its end; what it prints. */
  async say(args, input) {
    const command = join(dirname(PROGRAM), "momsbud-cli");
    const running = run(command, args, { env: { ...this.desktop.env, ...this.env } });
    running.child.stdin?.end(input);
    return (await running).stdout;
  }
}

/** Makes a register, from a desk. */
export const aRegister = (server, desk) =>
  desk.say(["register", "create", server.address("admin")], `${PASSWORD}\n`);

/** Lets somebody in who may prepare and file; her password. */
export async function admitted(server, desk, { role, name }) {
  const may = ["--may", "prepare,file", "--register", server.address("admin"), "--json"];
  return JSON.parse(await desk.say(["register", "admit", role, "--name", name, ...may], `${PASSWORD}\n`)).password;
}

/** Makes a register, and moves desks in: each a role, a name, and the desk. */
export async function aFirm(server, desks) {
  const [first] = desks;
  await aRegister(server, first.desk);
  for (const her of desks) {
    const { role, desk } = her;
    const password = await admitted(server, first.desk, her);
    await desk.say(["register", "move-in", "--json", "--desk", `pc-${role}`, server.address(role)], `${password}\n`);
  }
}
