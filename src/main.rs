//! Arguments in, bytes out, exit code.

mod cli;

/// Analysis is many small pieces of memory on all threads at once: the allocator of musl, which releases for Linux are
/// linked with, makes a run several times as long, that of glibc a quarter.
#[cfg(unix)]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    cli::run()
}
