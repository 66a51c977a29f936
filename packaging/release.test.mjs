import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, expect, test } from "vitest";
import { manifests } from "./manifests.mjs";
import { notes } from "./notes.mjs";

const HERE = import.meta.dirname;
const CHANGELOG = "# Changelog\n\n## Unreleased\n\nNot yet.\n\n## 1.10.0 (2027-01-02)\n\nTen.\n\n- A point.\n\n## 1.1.0\n\nOne.\n";
const folder = mkdtempSync(join(tmpdir(), "momsbud-release-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("a version's notes are its own, and a version without any stops the release", () => {
  expect(notes(CHANGELOG, "v1.10.0")).toBe("Ten.\n\n- A point.");
  expect(notes(CHANGELOG, "v1.1.0")).toBe("One.");
  expect(() => notes(CHANGELOG, "v1.1")).toThrow("says nothing of 1.1");
  expect(() => notes("## 2.0.0\n\n## 1.0.0\n\nOne.\n", "v2.0.0")).toThrow();
});

test("every system is offered its own signed file, as the bundler and the workflow name them", () => {
  const files = {
    "windows-x86_64": "Momsbud_1.1.0_x64-setup.exe",
    "darwin-aarch64": "macos-arm-Momsbud.app.tar.gz",
    "darwin-x86_64": "macos-intel-Momsbud.app.tar.gz",
    "linux-x86_64": "Momsbud_1.1.0_x86_64.AppImage",
  };
  for (const [system, file] of Object.entries(files)) {
    writeFileSync(join(folder, file), "");
    writeFileSync(join(folder, `${file}.sig`), `signature for ${system}\n`);
  }
  writeFileSync(join(folder, "CHANGELOG.md"), CHANGELOG);
  const latest = (name) => {
    const written = execFileSync("node", [join(HERE, "latest.mjs"), folder, "v1.1.0", join(folder, "CHANGELOG.md")], {
      encoding: "utf8",
      stdio: "pipe",
    });
    return JSON.parse(written)[name];
  };
  expect(latest("version")).toBe("1.1.0");
  expect(latest("notes")).toBe("One.");
  for (const [system, file] of Object.entries(files)) {
    expect(latest("platforms")[system]).toEqual({
      url: `https://github.com/momsbud/momsbud/releases/download/v1.1.0/${file}`,
      signature: `signature for ${system}`,
    });
  }
  rmSync(join(folder, "macos-intel-Momsbud.app.tar.gz"));
  expect(() => latest("version")).toThrow("nothing in");
});

test("winget, Homebrew and AUR are told of the files that were released, and of their checksums", () => {
  const names = [
    "Momsbud_1.1.0_x64-setup.exe",
    "Momsbud_1.1.0_x64.msi",
    "Momsbud_1.1.0_aarch64.dmg",
    "Momsbud_1.1.0_x64.dmg",
    "momsbud_1.1.0_amd64.deb",
  ];
  for (const name of names) writeFileSync(join(folder, name), name);
  const written = manifests(folder, "v1.1.0");
  const all = Object.values(written).join("\n");
  for (const name of names) {
    const sum = createHash("sha256").update(name).digest("hex");
    expect(all.toLowerCase()).toContain(sum);
  }
  expect(all).toContain("releases/download/v1.1.0/Momsbud_1.1.0_x64-setup.exe");
  expect(all).toContain("PackageVersion: 1.1.0");
  execFileSync("bash", ["-n"], { input: written["aur/PKGBUILD"] });
  rmSync(join(folder, "Momsbud_1.1.0_x64.msi"));
  expect(() => manifests(folder, "v1.1.0")).toThrow("nothing in");
});

test("the workflow names the files so", () => {
  const workflow = readFileSync(join(HERE, "../.github/workflows/release.yml"), "utf8");
  for (const name of ["macos-arm", "macos-intel"]) expect(workflow).toContain(`name: ${name},`);
  expect(workflow).toContain('"$GITHUB_WORKSPACE/out/$NAME-$(basename "$file")"');
});
