//! Build script of the shell: Tauri's context, with the capabilities and permissions where this layout keeps them.

fn main() {
    // tauri-build watches only its default places.
    println!("cargo:rerun-if-changed=src-tauri/capabilities");
    println!("cargo:rerun-if-changed=src-tauri/permissions");
    println!("cargo:rerun-if-changed=ui/dist");
    println!("cargo:rerun-if-changed=packaging/windows/program.manifest");
    // With a manifest of its own, the program's own commands are refused unless a capability allows them.
    let commands = tauri_build::AppManifest::new().permissions_path_pattern("./src-tauri/permissions/*.toml");
    let windows =
        tauri_build::WindowsAttributes::new().app_manifest(include_str!("../packaging/windows/program.manifest"));
    let attributes = tauri_build::Attributes::new()
        .windows_attributes(windows)
        .capabilities_path_pattern("./src-tauri/capabilities/**/*.json")
        .app_manifest(commands);
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo:warning={error:#}");
        std::process::exit(1);
    }
}
