//! `leaning stand-in`: a server to try `leaning score` with.

use crate::failure::Failure;
use crate::output::Output;
use leaning_scoring::stand_in;
use serde::Serialize;
use std::io::{Write, stdout};

/// Start a server that stands in for a model, to try `leaning score` without one
///
/// It answers on this machine alone, until Ctrl-C, and speaks the protocols of --judge, --rewards and --embed. It
/// counts words, list items, contractions and the like: nobody should take its numbers for a judgement. When it is
/// ready it prints its address.
#[derive(Debug, clap::Args)]
#[command(
    verbatim_doc_comment,
    after_help = "\
Example:
  leaning stand-in
  leaning stand-in --port 0 --json"
)]
pub struct Arguments {
    /// The port; 0 is any that is free
    #[arg(long, value_name = "NUMBER", default_value_t = stand_in::PORT)]
    port: u16,
}

/// The server's address.
#[derive(Serialize)]
struct Started<'a> {
    url: &'a str,
}

pub fn run(arguments: &Arguments, output: Output) -> Result<(), Failure> {
    let subject = format!("127.0.0.1:{}", arguments.port);
    let failure = |error: std::io::Error| Failure::new(&subject, error);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(failure)?;
    let mut printed = Ok(());
    let served = runtime.block_on(stand_in::serve(arguments.port, |url| {
        printed = output.print(&Started { url }, |page| {
            page.words(
                crate::terminal::colour::ACCENT,
                &[format!("export LEANING_MODEL_URL={url}")],
            );
            Ok(())
        });
        let _ = stdout().flush();
    }));
    printed?;
    served.map_err(failure)
}
