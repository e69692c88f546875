//! Arguments in, bytes out, exit code.

mod cli;

fn main() -> std::process::ExitCode {
    cli::run()
}
