//! The `crossclause` program: see `crossclause::cli`.

use std::process::ExitCode;

fn main() -> ExitCode {
    crossclause::cli::run()
}
