//! What passes from here: TCP connects, datagrams by UDP, and queries for names.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, SocketAddr, TcpStream, UdpSocket};
use std::thread;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

/// A query for `version.bind` of class CH, which every server answers by itself.
const VERSION: &[u8] = b"\0\x01\x01\0\0\x01\0\0\0\0\0\0\x07version\x04bind\0\0\x10\0\x03";

/// What a query got.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Heard {
    Addresses(Vec<String>),
    NxDomain,
    NoData,
    Refused,
    /// SERVFAIL, or nothing.
    Failure,
}

/// Does something for each, all at once; the results are in order.
pub(crate) fn all<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let work = &work;
    thread::scope(|scope| {
        let all: Vec<_> = items.iter().map(|item| scope.spawn(move || work(item))).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    })
}

/// How long a packet may take; a machine under load is asked again with more patience.
pub(crate) fn patience() -> Duration {
    let millis = std::env::var("TESTBED_PATIENCE").ok().and_then(|text| text.parse().ok());
    Duration::from_millis(millis.unwrap_or(400))
}

/// Whether `tcp:ADDRESS:PORT` or `udp:ADDRESS:PORT` is reached, and answers.
pub(crate) fn passes(spec: &str) -> bool {
    let (protocol, address) = spec.split_once(':').unwrap();
    let address: SocketAddr = address.parse().unwrap();
    if protocol == "udp" {
        let half = patience() / 2;
        return (0..2).any(|_| exchange(address, VERSION, half).is_some());
    }
    // No listener is needed: a reset means that packets passed both ways.
    match TcpStream::connect_timeout(&address, patience()) {
        Ok(_) => true,
        Err(error) => error.kind() == ErrorKind::ConnectionRefused,
    }
}

/// Sends a datagram, and gives the first that comes back.
fn exchange(to: SocketAddr, what: &[u8], patience: Duration) -> Option<Vec<u8>> {
    let unspecified: SocketAddr =
        if to.is_ipv4() { ([0; 4], 0).into() } else { ([0_u16; 8], 0).into() };
    let socket = UdpSocket::bind(unspecified).ok()?;
    socket.connect(to).ok()?;
    socket.set_read_timeout(Some(patience)).ok()?;
    socket.send(what).ok()?;
    let mut buffer = vec![0; 4096];
    let length = socket.recv(&mut buffer).ok()?;
    buffer.truncate(length);
    Some(buffer)
}

/// Asks a server for the addresses of a name, as `dig` would, once.
pub(crate) fn ask(server: &str, name: &str) -> Heard {
    let server = SocketAddr::new(server.parse().unwrap(), 53);
    let mut query = b"\0\x07\x01\0\0\x01\0\0\0\0\0\0".to_vec();
    for label in name.split('.') {
        query.push(u8::try_from(label.len()).unwrap());
        query.extend(label.as_bytes());
    }
    query.extend(b"\0\0\x01\0\x01");
    let answer = exchange(server, &query, patience() * 6);
    answer.and_then(|answer| read(&answer)).unwrap_or(Heard::Failure)
}

/// Reads a response (RFC 1035, section 4); `None` where it is none, or cut off.
fn read(answer: &[u8]) -> Option<Heard> {
    if answer.get(2)? & 0x80 == 0 {
        return None; // an echo of the query
    }
    let word = |at: usize| Some(u16::from_be_bytes([*answer.get(at)?, *answer.get(at + 1)?]));
    match answer.get(3)? & 15 {
        0 => {}
        3 => return Some(Heard::NxDomain),
        5 => return Some(Heard::Refused),
        _ => return Some(Heard::Failure),
    }
    let mut at = after_name(answer, 12)? + 4;
    let mut addresses = Vec::new();
    for _ in 0..word(6)? {
        at = after_name(answer, at)?;
        let (kind, length) = (word(at)?, usize::from(word(at + 8)?));
        at += 10;
        if kind == 1 {
            let octets: [u8; 4] = answer.get(at..at + 4)?.try_into().ok()?;
            addresses.push(Ipv4Addr::from(octets).to_string());
        }
        at += length;
    }
    addresses.sort();
    Some(if addresses.is_empty() { Heard::NoData } else { Heard::Addresses(addresses) })
}

/// Where a name ends that begins somewhere.
fn after_name(answer: &[u8], mut at: usize) -> Option<usize> {
    loop {
        match *answer.get(at)? {
            0 => return Some(at + 1),
            length if length >= 0xc0 => return Some(at + 2),
            length => at += 1 + usize::from(length),
        }
    }
}

/// Waits until a server answers.
pub(crate) fn awaits(server: SocketAddr) -> bool {
    let started = Instant::now();
    while started.elapsed() < patience() * 20 {
        if exchange(server, VERSION, Duration::from_millis(100)).is_some() {
            return true;
        }
        thread::sleep(Duration::from_millis(10));
    }
    false
}

/// Binds a port, and gives what sends back all that comes to it by UDP.
pub(crate) fn echo(at: SocketAddr) -> impl FnOnce() + Send + 'static {
    let socket = UdpSocket::bind(at).unwrap();
    move || {
        let mut buffer = [0; 512];
        while let Ok((length, from)) = socket.recv_from(&mut buffer) {
            let _ = socket.send_to(&buffer[..length], from);
        }
    }
}
