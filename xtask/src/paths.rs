//! The folders that the commands read and write.

use std::env;
use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn root() -> PathBuf {
    // cargo sets the variable when it runs the binary. The compiled-in value is for a binary that is
    // started by hand.
    let manifest_dir = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    manifest_dir
        .parent()
        .map_or(manifest_dir.clone(), Path::to_path_buf)
}

/// The folder that cargo builds into.
pub fn target_dir() -> PathBuf {
    match env::var_os("CARGO_TARGET_DIR").filter(|value| !value.is_empty()) {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// The folder with the results of `wasm-bindgen` and `wasm-opt`, which are bundled with the
/// JavaScript entries.
pub fn web_dir() -> PathBuf {
    // js/tsconfig.json names it, so it does not move with `$CARGO_TARGET_DIR`.
    root().join("target").join("web")
}

/// The folder of the npm package as built.
pub fn pkg_dir() -> PathBuf {
    root().join("pkg")
}

/// The folder of the tools that are installed for this project and shared by all its clones:
/// `$LEANING_TOOLS`, or else `leaning` in the user's cache folder. The programs are in its `bin`.
pub fn tools_dir() -> PathBuf {
    let variable = |name: &str| {
        env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    if let Some(folder) = variable("LEANING_TOOLS") {
        return root().join(folder);
    }
    let home = || env::home_dir().unwrap_or_else(env::temp_dir);
    let cache = if cfg!(windows) {
        variable("LOCALAPPDATA").unwrap_or_else(|| home().join("AppData").join("Local"))
    } else if cfg!(target_os = "macos") {
        home().join("Library").join("Caches")
    } else {
        variable("XDG_CACHE_HOME").unwrap_or_else(|| home().join(".cache"))
    };
    cache.join("leaning")
}
