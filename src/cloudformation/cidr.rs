//! `Fn::Cidr`: blocks of one size, cut from the start of a network.

use ipnet::IpNet;

/// The most blocks that one call gives.
const MAX_COUNT: u64 = 256;

/// `count` blocks with `host_bits` bits for hosts each; an error says what is wrong.
pub(super) fn blocks(network: &str, count: u64, host_bits: u64) -> Result<Vec<String>, String> {
    let network: IpNet =
        network.trim().parse().map_err(|_| format!("`{network}` is not an IP network"))?;
    if !(1..=MAX_COUNT).contains(&count) {
        return Err(format!("Fn::Cidr gives 1 to {MAX_COUNT} blocks, not {count}"));
    }
    let network = network.trunc();
    let width = u64::from(network.max_prefix_len());
    let prefix = u64::from(network.prefix_len());
    let Some(new) = width.checked_sub(host_bits).filter(|new| *new >= prefix) else {
        return Err(format!("a block with {host_bits} host bits does not fit into {network}"));
    };
    if new - prefix < 64 && count > 1 << (new - prefix) {
        return Err(format!("{network} has no room for {count} blocks with {host_bits} host bits"));
    }
    Ok((0..u128::from(count)).map(|at| block(&network, at, host_bits, new)).collect())
}

fn block(network: &IpNet, at: u128, host_bits: u64, prefix: u64) -> String {
    // A block of all bits is the network itself, and the only one.
    let offset = u32::try_from(host_bits).ok().and_then(|bits| at.checked_shl(bits)).unwrap_or(0);
    match network {
        IpNet::V4(network) => {
            let offset = u32::try_from(offset).unwrap_or(0);
            let first = u32::from(network.network()).wrapping_add(offset);
            format!("{}/{prefix}", std::net::Ipv4Addr::from(first))
        }
        IpNet::V6(network) => {
            let first = u128::from(network.network()).wrapping_add(offset);
            format!("{}/{prefix}", std::net::Ipv6Addr::from(first))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::blocks;

    /// The examples of
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-cidr.html>:
    /// six blocks with the mask /27 (5 bits for hosts), a /24 of a /16 (8), an IPv6 subnet (64).
    #[test]
    fn cuts_blocks_as_the_reference_shows() {
        assert_eq!(
            blocks("192.168.0.0/24", 6, 5).unwrap(),
            [
                "192.168.0.0/27",
                "192.168.0.32/27",
                "192.168.0.64/27",
                "192.168.0.96/27",
                "192.168.0.128/27",
                "192.168.0.160/27"
            ]
        );
        assert_eq!(blocks("10.0.0.0/16", 3, 8).unwrap()[2], "10.0.2.0/24");
        assert_eq!(blocks("2001:db8::/56", 2, 64).unwrap()[1], "2001:db8:0:1::/64");
    }

    #[test]
    fn starts_at_the_network_and_fills_it() {
        assert_eq!(blocks("10.0.0.77/24", 1, 8).unwrap(), ["10.0.0.0/24"]);
        assert_eq!(blocks("255.255.255.0/24", 256, 0).unwrap()[255], "255.255.255.255/32");
        assert_eq!(blocks("::/0", 1, 128).unwrap(), ["::/0"]);
        assert_eq!(blocks("::/0", 2, 127).unwrap()[1], "8000::/1");
    }

    #[test]
    fn refuses_what_does_not_fit() {
        for (network, count, bits) in [
            ("10.0.0.0", 1, 8),
            ("10.0.0.0/24", 0, 4),
            ("10.0.0.0/24", 257, 0),
            ("10.0.0.0/24", 17, 4),
            ("10.0.0.0/24", 1, 9),
            ("10.0.0.0/24", 1, 33),
            ("10.0.0.0/24", 1, u64::MAX),
        ] {
            assert!(blocks(network, count, bits).is_err(), "{network} {count} {bits}");
        }
    }
}
