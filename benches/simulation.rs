//! How long a hub and its spokes take, and how much memory: 2,000 VPCs and 500 clusters.
//!
//! Each spoke is peered with the hub, and has its rules; the hub's outbound endpoint forwards each
//! cluster's name to the inbound endpoint of the cluster's VPC. The growth from 250 to 2,000 VPCs tells
//! whether anything is quadratic.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a bench fails and talks as tests do")]

mod allocator;
mod trees;

use std::time::Instant;

use eksdns_lint::{Options, check};

use trees::estate;

fn main() {
    let mut last = None;
    for vpcs in [250, 500, 1000, 2000] {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("main.tf"), estate(vpcs, vpcs / 4)).unwrap();
        let started = Instant::now();
        let run = check(&[folder.path().to_path_buf()], folder.path(), Options::default()).unwrap();
        let seconds = started.elapsed().as_secs_f64();
        assert_eq!(run.failures, Vec::<String>::new());
        let growth = last.map_or(String::new(), |last| format!(", {:.1} times", seconds / last));
        println!(
            "{vpcs} VPCs, {} clusters: {seconds:.2} s{growth}, at most {} MB so far; {} findings",
            vpcs / 4,
            peak_kilobytes() / 1024,
            run.outcome.findings.len()
        );
        last = Some(seconds);
    }
}

/// The most memory that the process had, where the system tells.
fn peak_kilobytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
