//! Functions over address ranges, for both families.

use std::net::IpAddr;
use std::sync::Arc;

use ipnet::IpNet;

use super::super::fault::error;
use super::{Call, Eval, Outcome};
use crate::graph::Value;

pub(super) fn apply(call: &Call<'_>) -> Outcome {
    let Some(prefix) = call.text(0)? else { return Ok(None) };
    let range = Range::parse(&prefix)?;
    match call.name {
        "cidrsubnet" => {
            let (Some(bits), Some(number)) = (call.whole(1)?, call.number(2)?) else {
                return Ok(None);
            };
            Ok(range.subnet(bits, number)?.map(Value::string))
        }
        "cidrhost" => {
            let Some(number) = call.number(1)? else { return Ok(None) };
            range.host(number).map(|host| Some(Value::string(host)))
        }
        "cidrnetmask" => match range.width {
            32 => Ok(Some(Value::string(range.address(range.mask())))),
            _ => error("cidrnetmask needs an IPv4 range"),
        },
        "cidrsubnets" => subnets(call, &range),
        _ => Ok(None),
    }
}

/// An address range as a number and a length.
#[derive(Debug, Clone, Copy)]
struct Range {
    base: u128,
    length: u32,
    /// 32 or 128.
    width: u32,
}

impl Range {
    fn parse(text: &Arc<str>) -> Eval<Self> {
        let Ok(net) = text.parse::<IpNet>() else {
            return error(format!("{text:?} is no address range"));
        };
        Ok(match net.trunc() {
            IpNet::V4(net) => Self {
                base: u128::from(u32::from(net.network())),
                length: u32::from(net.prefix_len()),
                width: 32,
            },
            IpNet::V6(net) => Self {
                base: u128::from(net.network()),
                length: u32::from(net.prefix_len()),
                width: 128,
            },
        })
    }

    fn mask(self) -> u128 {
        let host = ones(self.width - self.length);
        ones(self.width) & !host
    }

    fn address(self, number: u128) -> String {
        if self.width == 32 {
            let number = u32::try_from(number & ones(32)).unwrap_or(u32::MAX);
            IpAddr::from(number.to_be_bytes()).to_string()
        } else {
            IpAddr::from(number.to_be_bytes()).to_string()
        }
    }

    /// The `number`th of the ranges that are `bits` longer. `None` where Terraform's own answer makes
    /// no sense (negative numbers).
    fn subnet(self, bits: i64, number: f64) -> Eval<Option<String>> {
        let Ok(bits) = u32::try_from(bits) else { return error("negative extra bits") };
        let length = self.length.saturating_add(bits);
        if length > self.width {
            return error("the range is too small for that many bits");
        }
        if number < 0.0 {
            return Ok(None);
        }
        let Some(number) = whole(number).filter(|number| *number <= ones(bits)) else {
            return error("the range has no such subnet");
        };
        let base = self.base | shift(number, self.width - length);
        Ok(Some(format!("{}/{length}", self.address(base))))
    }

    fn host(self, number: f64) -> Eval<String> {
        let size = ones(self.width - self.length);
        let offset = if number < 0.0 {
            whole(-number)
                .filter(|back| *back <= size.saturating_add(1) && *back > 0)
                .map(|back| size - (back - 1))
        } else {
            whole(number).filter(|number| *number <= size)
        };
        match offset {
            Some(offset) => Ok(self.address(self.base | offset)),
            None => error("the range has no such host"),
        }
    }
}

/// A number with the lowest `bits` bits set.
fn ones(bits: u32) -> u128 {
    if bits >= 128 { u128::MAX } else { (1u128 << bits) - 1 }
}

fn shift(number: u128, bits: u32) -> u128 {
    if bits >= 128 { 0 } else { number << bits }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // checked
fn whole(number: f64) -> Option<u128> {
    (number.fract() == 0.0 && (0.0..1e30).contains(&number)).then_some(number as u128)
}

fn subnets(call: &Call<'_>, range: &Range) -> Outcome {
    let mut out = Vec::new();
    let mut next = range.base;
    let end = range.base | ones(range.width - range.length);
    let mut full = false;
    for at in 1..call.values.len() {
        let Some(bits) = call.whole(at)? else { return Ok(None) };
        let Some(bits) = u32::try_from(bits).ok().filter(|bits| *bits >= 1 && *bits <= 32) else {
            return error("cidrsubnets extends by 1 to 32 bits");
        };
        let length = range.length + bits;
        if length > range.width {
            return error("the range is too small for that many bits");
        }
        let size = ones(range.width - length);
        // The next free address on a boundary of this size.
        let base = match next.checked_add(size) {
            Some(up) if !full => up & !size,
            _ => return error("the range has no room left"),
        };
        if base > end || base + size > end {
            return error("the range has no room left");
        }
        out.push(call.node(Value::string(format!("{}/{length}", range.address(base)))));
        full = base + size == u128::MAX;
        next = (base + size).wrapping_add(1);
    }
    Ok(Some(Value::list(out)))
}
