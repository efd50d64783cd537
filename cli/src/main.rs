//! The command `leaning`.

// `wasm-pack test` at the workspace root builds every default member for wasm32, too. A browser has
// no command line, so the program is empty there.
#[cfg(target_family = "wasm")]
fn main() {}

#[cfg(not(target_family = "wasm"))]
fn main() -> std::process::ExitCode {
    leaning_cli::run()
}
