//! Bundles `ui/` (styles, scripts, htmx, the Inter font) into `OUT_DIR` and writes `assets.rs`, the list
//! of files that `src/assets.rs` embeds.
//!
//! It deliberately never writes into the source tree: packages come from `ui/node_modules` if somebody
//! installed them, else from `npm ci` inside `OUT_DIR`. Without Node the plain styles and scripts are
//! embedded as they are, with a warning; the pages then lack only htmx and the Inter font.

use std::collections::hash_map::DefaultHasher;
use std::env;
use std::fs;
use std::hash::{Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The styles in cascade order; `font.css` joins them only in the bundle.
const STYLES: [&str; 9] = [
    "tokens.css",
    "base.css",
    "frame.css",
    "parts.css",
    "strip.css",
    "pages.css",
    "map.css",
    "floor.css",
    "measured.css",
];

/// The scripts that need no package; the bundle's entry adds htmx.
const SCRIPTS: [&str; 10] = [
    "keys.js",
    "list.js",
    "desk.js",
    "clock.js",
    "drop.js",
    "morph.js",
    "rows.js",
    "stream.js",
    "presence.js",
    "live.js",
];

fn main() -> io::Result<()> {
    let ui = root().join("ui");
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    for watched in ["styles", "scripts", "package.json", "package-lock.json"] {
        println!("cargo:rerun-if-changed={}", ui.join(watched).display());
    }
    println!("cargo:rerun-if-env-changed=BATON_WITHOUT_NODE");
    let assets = out.join("assets");
    if assets.exists() {
        fs::remove_dir_all(&assets)?;
    }
    fs::create_dir_all(&assets)?;
    if let Err(reason) = bundle(&ui, &out, &assets) {
        println!(
            "cargo:warning=ui: built without Node ({reason}); pages lack htmx and the Inter font"
        );
        plain(&ui, &assets)?;
    }
    fs::write(out.join("assets.rs"), listing(&assets)?)
}

fn root() -> PathBuf {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    here.join("../..")
}

/// The full bundle: esbuild minifies, hashes the names and copies the font.
fn bundle(ui: &Path, out: &Path, assets: &Path) -> Result<(), String> {
    if env::var_os("BATON_WITHOUT_NODE").is_some() {
        return Err("BATON_WITHOUT_NODE is set".to_owned());
    }
    let modules = modules(ui, out)?;
    let status = Command::new(modules.join("esbuild/bin/esbuild"))
        .arg(ui.join("styles/app.css"))
        .arg(ui.join("scripts/app.js"))
        .args([
            "--bundle",
            "--minify",
            "--loader:.woff2=file",
            "--log-level=warning",
        ])
        .args(["--format=esm", "--public-path=/assets"])
        .args(["--entry-names=[name]-[hash]", "--asset-names=[name]-[hash]"])
        .arg(format!("--outdir={}", assets.display()))
        .env("NODE_PATH", &modules)
        .status()
        .map_err(|error| format!("esbuild did not start: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err("esbuild failed; its message stands above".to_owned())
    }
}

/// Where the npm packages are; installs them under `OUT_DIR` if nobody has yet.
fn modules(ui: &Path, out: &Path) -> Result<PathBuf, String> {
    let own = ui.join("node_modules");
    if own.join("esbuild").exists() {
        return Ok(own);
    }
    let npm = out.join("npm");
    let lock = fs::read(ui.join("package-lock.json")).map_err(|error| error.to_string())?;
    let done = npm.join("package-lock.json");
    if fs::read(&done).is_ok_and(|old| old == lock) && npm.join("node_modules/esbuild").exists() {
        return Ok(npm.join("node_modules"));
    }
    fs::create_dir_all(&npm).map_err(|error| error.to_string())?;
    for file in ["package.json", "package-lock.json"] {
        fs::copy(ui.join(file), npm.join(file)).map_err(|error| error.to_string())?;
    }
    let status = Command::new("npm")
        .args([
            "ci",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
            "--fetch-retries=1",
            "--fetch-timeout=30000",
        ])
        .current_dir(&npm)
        .status()
        .map_err(|error| format!("npm did not start: {error}"))?;
    if status.success() {
        Ok(npm.join("node_modules"))
    } else {
        Err("npm ci failed".to_owned())
    }
}

/// The plain build: styles joined, scripts copied side by side (they import each other by name).
fn plain(ui: &Path, assets: &Path) -> io::Result<()> {
    let mut css = String::from("@layer tokens, base, frame, parts, strip, pages;\n");
    for style in STYLES {
        css.push_str(&fs::read_to_string(ui.join("styles").join(style))?);
    }
    fs::write(
        assets.join(format!("app-{}.css", hash(css.as_bytes()))),
        css,
    )?;
    plain_scripts(ui, assets)
}

/// The modules keep their names, for they import each other; the entry's hash covers them all.
fn plain_scripts(ui: &Path, assets: &Path) -> io::Result<()> {
    let (mut main, mut all) = (String::new(), Vec::new());
    for name in SCRIPTS {
        let text = fs::read(ui.join("scripts").join(name))?;
        main.push_str(&format!("import \"./{name}\";\n"));
        all.extend_from_slice(&text);
        fs::write(assets.join(name), text)?;
    }
    all.extend_from_slice(main.as_bytes());
    fs::write(assets.join(format!("app-{}.js", hash(&all))), main)
}

fn hash(bytes: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    format!("{:08X}", hasher.finish() as u32)
}

/// The Rust source that names the two entries and embeds every file.
fn listing(assets: &Path) -> io::Result<String> {
    let mut names: Vec<String> = fs::read_dir(assets)?
        .filter_map(|entry| {
            entry
                .ok()
                .map(|entry| entry.file_name().to_string_lossy().into_owned())
        })
        .collect();
    names.sort();
    let entry = |suffix: &str| {
        names
            .iter()
            .find(|name| name.starts_with("app-") && name.ends_with(suffix))
            .cloned()
            .unwrap_or_default()
    };
    let mut text = format!(
        "pub(super) const STYLE: &str = \"/assets/{}\";\npub(super) const SCRIPT: &str = \"/assets/{}\";\n",
        entry(".css"),
        entry(".js")
    );
    text.push_str("pub(super) static FILES: &[(&str, &[u8])] = &[\n");
    for name in &names {
        let path = assets.join(name);
        text.push_str(&format!(
            "    ({name:?}, include_bytes!({:?})),\n",
            path.display().to_string()
        ));
    }
    text.push_str("];\n");
    Ok(text)
}
