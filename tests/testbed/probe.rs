//! What passes from here: TCP connects, and queries by UDP.

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::thread;
use std::time::Duration;

/// A query for `version.bind` of class CH, which every server answers by itself.
const QUERY: &[u8] = b"\0\x01\x01\0\0\x01\0\0\0\0\0\0\x07version\x04bind\0\0\x10\0\x03";

/// Each of `tcp:ADDRESS:PORT` or `udp:ADDRESS:PORT`, all at once.
pub(crate) fn run(specs: &[String]) -> Vec<bool> {
    thread::scope(|scope| {
        let all: Vec<_> = specs.iter().map(|spec| scope.spawn(|| passes(spec))).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    })
}

/// How long a packet may take; a machine under load is asked again with more patience.
pub(crate) fn patience() -> Duration {
    let millis = std::env::var("TESTBED_PATIENCE").ok().and_then(|text| text.parse().ok());
    Duration::from_millis(millis.unwrap_or(400))
}

fn passes(spec: &str) -> bool {
    let (protocol, address) = spec.split_once(':').unwrap();
    let address: SocketAddr = address.parse().unwrap();
    match protocol {
        // No listener is needed: a reset means that packets passed both ways.
        "tcp" => match TcpStream::connect_timeout(&address, patience()) {
            Ok(_) => true,
            Err(error) => error.kind() == ErrorKind::ConnectionRefused,
        },
        _ => query(address).unwrap_or(false),
    }
}

fn query(address: SocketAddr) -> std::io::Result<bool> {
    let socket = UdpSocket::bind("0.0.0.0:0")?;
    socket.set_read_timeout(Some(patience() / 2))?;
    socket.connect(address)?;
    for _ in 0..2 {
        socket.send(QUERY)?;
        if socket.recv(&mut [0; 512]).is_ok() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Sends back what comes to any of the ports by UDP, until the end of the namespaces; says when it is up.
pub(crate) fn echo(ports: &[String]) {
    let sockets = ports.iter().map(|port| {
        let port: u16 = port.parse().unwrap();
        UdpSocket::bind(("0.0.0.0", port)).unwrap()
    });
    let sockets: Vec<UdpSocket> = sockets.collect();
    println!("up");
    thread::scope(|scope| {
        for socket in &sockets {
            scope.spawn(move || {
                let mut buffer = [0; 512];
                while let Ok((length, from)) = socket.recv_from(&mut buffer) {
                    let _ = socket.send_to(&buffer[..length], from);
                }
            });
        }
    });
}
