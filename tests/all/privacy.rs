//! Nothing in the program can open a connection or start another program.

use std::path::Path;

/// Libraries that open connections, or that others are built on who do.
const CONNECTING: [&str; 24] = [
    "async-std",
    "attohttpc",
    "aws-config",
    "curl",
    "curl-sys",
    "hickory-resolver",
    "hyper",
    "isahc",
    "mio",
    "native-tls",
    "openssl",
    "openssl-sys",
    "opentelemetry",
    "quinn",
    "reqwest",
    "rustls",
    "sentry",
    "smol",
    "socket2",
    "surf",
    "tokio",
    "trust-dns-resolver",
    "tungstenite",
    "ureq",
];

#[test]
fn no_library_opens_connections() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let lock = std::fs::read_to_string(top.join("Cargo.lock")).unwrap();
    let names = lock.lines().filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'));
    let names: Vec<&str> = names.collect();
    assert!(names.contains(&"serde_json"), "the packages are read");
    for name in CONNECTING {
        assert!(!names.contains(&name), "{name} is among the dependencies");
    }
}

#[test]
fn the_sources_open_no_connection_and_start_no_program() {
    let forbidden = [
        "std::net",
        "TcpStream",
        "UdpSocket",
        "ToSocketAddrs",
        "process::Command",
        "Command::new(",
    ];
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                files += 1;
                let text = std::fs::read_to_string(&path).unwrap();
                let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
                for line in code {
                    // Addresses are values here, not places to connect to.
                    let line = line.replace("std::net::{Ip", "").replace("std::net::Ip", "");
                    let found = forbidden.iter().find(|word| line.contains(**word));
                    assert_eq!(found, None, "{}: {line}", path.display());
                }
            }
        }
    }
    assert!(files > 100);
}
