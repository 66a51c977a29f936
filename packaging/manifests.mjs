// Writes what the package collections of others want to know of a release, to be sent to each by a person:
//
//     node manifests.mjs FOLDER TAG OUT
//
// winget (https://aka.ms/winget-manifest.installer.1.9.0.schema.json), a Homebrew cask and an AUR package of the .deb. Flathub builds
// everything itself, from sources without a network, and is not among them.

import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * The manifests by their names.
 *
 * @param {string} folder what is released
 * @param {string} tag `v` and the version
 * @returns {Record<string, string>}
 */
export function manifests(folder, tag) {
  const version = tag.replace(/^v/, "");
  const files = readdirSync(folder);

  /** A file of the release: where it is fetched, and its checksum. */
  function released(name) {
    const file = files.find((candidate) => name.test(candidate));
    if (file === undefined) throw new Error(`nothing in ${folder} is called like ${name}`);
    const sum = createHash("sha256")
      .update(readFileSync(join(folder, file)))
      .digest("hex");
    return { url: `https://github.com/momsbud/momsbud/releases/download/${tag}/${encodeURIComponent(file)}`, sum };
  }

  const setup = released(/_x64-setup\.exe$/);
  const msi = released(/_x64\.msi$/);
  const arm = released(/_aarch64\.dmg$/);
  const intel = released(/_x64\.dmg$/);
  const deb = released(/_amd64\.deb$/);

  const head = (kind) =>
    `# yaml-language-server: $schema=https://aka.ms/winget-manifest.${kind}.1.9.0.schema.json\n\n` +
    `PackageIdentifier: Momsbud.Momsbud\nPackageVersion: ${version}\n`;
  const tail = (kind) => `ManifestType: ${kind}\nManifestVersion: 1.9.0\n`;
  const installer = (type, scope, { url, sum }) =>
    `- Architecture: x64\n  InstallerType: ${type}\n  Scope: ${scope}\n  InstallerUrl: ${url}\n  InstallerSha256: ${sum.toUpperCase()}\n`;

  return {
    "winget/Momsbud.Momsbud.yaml": `${head("version")}DefaultLocale: nb-NO\n${tail("version")}`,
    "winget/Momsbud.Momsbud.installer.yaml":
      `${head("installer")}MinimumOSVersion: 10.0.17763.0\nUpgradeBehavior: install\nCommands:\n- momsbud-cli\n` +
      `Protocols:\n- momsbud\n- no.momsbud.desktop\nDependencies:\n  PackageDependencies:\n  - PackageIdentifier: Microsoft.EdgeWebView2Runtime\n` +
      `Installers:\n${installer("nullsoft", "user", setup)}${installer("wix", "machine", msi)}${tail("installer")}`,
    "winget/Momsbud.Momsbud.locale.nb-NO.yaml":
      `${head("defaultLocale")}PackageLocale: nb-NO\nPublisher: Momsbud\nPackageName: Momsbud\nPackageUrl: https://github.com/momsbud/momsbud\n` +
      `License: MIT\nShortDescription: Sender inn mva-meldinger\n${tail("defaultLocale")}`,
    "homebrew/momsbud.rb": `cask "momsbud" do
  arch arm: "aarch64", intel: "x64"

  version "${version}"
  sha256 arm:   "${arm.sum}",
         intel: "${intel.sum}"

  url "https://github.com/momsbud/momsbud/releases/download/v#{version}/Momsbud_#{version}_#{arch}.dmg"
  name "Momsbud"
  desc "Files Norwegian VAT returns"
  homepage "https://github.com/momsbud/momsbud"

  auto_updates true
  depends_on macos: ">= :big_sur"

  app "Momsbud.app"
  binary "#{appdir}/Momsbud.app/Contents/MacOS/momsbud-cli"
end
`,
    "aur/PKGBUILD": `pkgname=momsbud-bin
pkgver=${version}
pkgrel=1
pkgdesc="Files Norwegian VAT returns"
arch=("x86_64")
url="https://github.com/momsbud/momsbud"
license=("MIT")
depends=("webkit2gtk-4.1" "gtk3" "libayatana-appindicator" "xdg-utils" "ca-certificates")
optdepends=("gnome-keyring: keeps a sign-in between runs" "kwallet: keeps a sign-in between runs")
provides=("momsbud")
conflicts=("momsbud")
source=("${deb.url}")
sha256sums=("${deb.sum}")

package() {
  bsdtar -xf data.tar.xz -C "$pkgdir"
  rm -r "$pkgdir/usr/share/lintian"
  install -Dm644 "$pkgdir/usr/share/doc/momsbud/copyright" "$pkgdir/usr/share/licenses/$pkgname/LICENSE"
}
`,
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [folder = "", tag = "", out = ""] = process.argv.slice(2);
  for (const [name, text] of Object.entries(manifests(folder, tag))) {
    const file = join(out, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
