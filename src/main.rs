//! The `sokbo` program: arguments to command to exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    sokbo::cli::main()
}
