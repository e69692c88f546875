//! Runs the built program in a tree of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// No run on a hostile tree may take longer, in a debug build on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// How many cases a property is tried on: as many as `PROPTEST_CASES` says, else these.
pub(crate) fn cases(few: u32) -> u32 {
    let told = std::env::var("PROPTEST_CASES").ok();
    told.map_or(few, |told| told.parse().expect("PROPTEST_CASES is a number"))
}

/// Settings of a property that is tried on a few cases where nobody says more.
pub(crate) fn property(few: u32) -> proptest::prelude::ProptestConfig {
    proptest::prelude::ProptestConfig {
        cases: cases(few),
        failure_persistence: None,
        ..proptest::prelude::ProptestConfig::default()
    }
}

/// A folder that is gone when the test ends.
pub(crate) struct Tree {
    _temp: tempfile::TempDir,
    top: PathBuf,
}

impl Tree {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let temp = tempfile::tempdir().unwrap();
        let top = temp.path().canonicalize().unwrap();
        let tree = Self { _temp: temp, top };
        for (name, text) in files {
            tree.write(name, text);
        }
        tree
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.top.join(name)
    }

    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Runs the program here.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with(arguments, &[])
    }

    /// Runs the program here with some environment variables.
    pub(crate) fn run_with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Ran {
        let mut command = program(&self.top);
        command.args(arguments).envs(variables.iter().copied());
        Self::wait(command)
    }

    /// Runs the program here as a user who may not do everything: `None` where the superuser cannot become
    /// one, or that one may not start the program.
    #[cfg(unix)]
    pub(crate) fn run_as_nobody(&self, arguments: &[&str]) -> Option<Ran> {
        if !rustix::process::geteuid().is_root() {
            return Some(self.run(arguments));
        }
        let own = env!("CARGO_BIN_EXE_eksdns-lint");
        let nobody = |arguments: &[&str]| {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=65534", "--regid=65534", "--clear-groups", own]).args(arguments);
            command.current_dir(&self.top).stdin(Stdio::null());
            command
        };
        let starts = nobody(&["--version"]).output().is_ok_and(|output| output.status.success());
        starts.then(|| Self::wait(nobody(arguments)))
    }

    fn wait(mut command: Command) -> Ran {
        let started = Instant::now();
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        let streams = (read(child.stdout.take()), read(child.stderr.take()));
        while child.try_wait().unwrap().is_none() {
            if started.elapsed() > PATIENCE {
                let _ = child.kill();
                panic!("it still runs after {PATIENCE:?}");
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        let status = child.wait().unwrap();
        let (stdout, stderr) = (streams.0.join().unwrap(), streams.1.join().unwrap());
        Ran::new(Output { status, stdout, stderr })
    }
}

fn read(stream: Option<impl std::io::Read + Send + 'static>) -> std::thread::JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        stream.expect("a pipe").read_to_end(&mut bytes).expect("it can be read");
        bytes
    })
}

/// What the system grants every run where it can: two and a half gibibytes of address space, of which the stacks
/// of two threads take one, used or not, and what the allocator sets aside for all that is kept another; and processor
/// time.
const GRANTED: &str = "ulimit -v 2621440 && ulimit -t 120 && exec \"$0\" \"$@\"";

/// The program, to be run in a folder, within bounds, without what the environment says about colour.
pub(crate) fn program(folder: &Path) -> Command {
    let mut command = if cfg!(target_os = "linux") {
        let mut shell = Command::new("sh");
        shell.args(["-c", GRANTED, env!("CARGO_BIN_EXE_eksdns-lint")]);
        shell.env("RAYON_NUM_THREADS", "2");
        shell
    } else {
        Command::new(env!("CARGO_BIN_EXE_eksdns-lint"))
    };
    command.current_dir(folder).stdin(Stdio::null());
    for variable in ["NO_COLOR", "CLICOLOR_FORCE", "FORCE_COLOR", "CLICOLOR", "RUST_BACKTRACE"] {
        command.env_remove(variable);
    }
    command
}

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    fn new(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("the output is UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("the output is UTF-8"),
        }
    }
}
