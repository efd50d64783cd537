//! The tools to set up, by purpose. Each check is cheap, and nothing is installed twice.

use anyhow::Result;

use crate::{WrongUsage, browsers, npm, rust};

/// `cargo xtask setup [--browsers]`
pub fn command_line(arguments: &[String]) -> Result<()> {
    let with_browsers = match arguments {
        [] => false,
        [flag] if flag == "--browsers" => true,
        _ => return Err(WrongUsage("setup takes nothing but --browsers".into()).into()),
    };
    for_building()?;
    if with_browsers {
        for_native_tests()?;
        for_browser_tests()?;
        println!("Everything that building and testing need is installed.");
    } else {
        println!("Everything that building needs is installed.");
    }
    Ok(())
}

/// Installs what `package` needs: Rust's wasm target, wasm-bindgen, and the tools from npm.
pub fn for_building() -> Result<()> {
    npm::packages()?;
    rust::wasm_target()?;
    rust::wasm_bindgen()
}

/// Installs what formatting and lints need.
pub fn for_native_tests() -> Result<()> {
    rust::component("rustfmt", "fmt")?;
    rust::component("clippy", "clippy")?;
    rust::wasm_target()
}

/// Installs what tests in browsers need. [`browsers::drivers`] then finds the drivers.
pub fn for_browser_tests() -> Result<()> {
    browsers::install()?;
    rust::wasm_target()?;
    rust::wasm_bindgen()?;
    rust::wasm_pack()?;
    rust::geckodriver()
}
