//! Work inside of network namespaces, each by a thread that moves there.

use std::fs::File;
use std::io::Write as _;
use std::os::fd::AsFd as _;
use std::process::{Child, Command, Stdio};
use std::thread;

use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};

/// Moves this thread into a namespace; what it starts is there too.
fn enter(space: &str) {
    let link = File::open(format!("/run/netns/{space}")).unwrap();
    move_into_link_name_space(link.as_fd(), Some(LinkNameSpaceType::Network)).unwrap();
}

/// Does something in each namespace, all at once; the results are in order.
pub(crate) fn each<T: Send, R: Send>(
    jobs: impl IntoIterator<Item = (String, T)>,
    work: impl Fn(&str, T) -> R + Sync,
) -> Vec<R> {
    let work = &work;
    thread::scope(|scope| {
        let job = |(space, job): (String, T)| {
            scope.spawn(move || {
                enter(&space);
                work(&space, job)
            })
        };
        let started: Vec<_> = jobs.into_iter().map(job).collect();
        started.into_iter().map(|one| one.join().unwrap()).collect()
    })
}

/// Starts something in a namespace that runs until all of them end.
pub(crate) fn forever(space: String, work: impl FnOnce() + Send + 'static) {
    thread::spawn(move || {
        enter(&space);
        work();
    });
}

/// Runs a command with an input; it must succeed.
pub(crate) fn command(program: &str, arguments: &[&str], input: &str) {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {arguments:?}: {errors}\n{input}");
}

/// Starts a daemon.
pub(crate) fn daemon(program: &str, arguments: &[String]) -> Child {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().unwrap()
}
