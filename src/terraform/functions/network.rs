//! Functions over address ranges, for both families.

use std::net::IpAddr;
use std::sync::Arc;

use ipnet::IpNet;

use super::super::fault::error;
use super::{Body, Call, Eval, Outcome};
use crate::graph::{ListKind, Number, Value};

pub(super) fn body(name: &str) -> Option<Body> {
    Some(match name {
        "cidrsubnet" => |call| {
            let (Some(prefix), Some(bits), Some(number)) =
                (call.text(0)?, call.whole(1)?, call.number(2)?)
            else {
                return Ok(None);
            };
            Ok(Range::parse(&prefix)?.subnet(bits, &number)?.map(Value::string))
        },
        "cidrhost" => |call| {
            let (Some(prefix), Some(number)) = (call.text(0)?, call.number(1)?) else {
                return Ok(None);
            };
            Range::parse(&prefix)?.host(&number).map(|host| Some(Value::string(host)))
        },
        "cidrnetmask" => |call| {
            let Some(prefix) = call.text(0)? else { return Ok(None) };
            let range = Range::parse(&prefix)?;
            match range.width {
                32 => Ok(Some(Value::string(range.address(range.mask())))),
                _ => error("cidrnetmask needs an IPv4 range"),
            }
        },
        "cidrsubnets" => |call| {
            let Some(prefix) = call.text(0)? else { return Ok(None) };
            subnets(call, &Range::parse(&prefix)?)
        },
        _ => return None,
    })
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
        let Ok(net) = without_leading_zeros(text).parse::<IpNet>() else {
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
    fn subnet(self, bits: i64, number: &Number) -> Eval<Option<String>> {
        let length = i64::from(self.length).saturating_add(bits);
        let Some(length) = u32::try_from(length).ok().filter(|length| *length <= self.width) else {
            return error("the range is too small for that many bits");
        };
        if !number.is_whole() {
            return error("a whole number is needed");
        }
        if number.is_negative() {
            return Ok(None);
        }
        // A range that becomes larger is not checked by Terraform either.
        let most = u32::try_from(bits).map_or(ones(length), ones);
        let Some(number) = whole(number).filter(|number| *number <= most) else {
            return error("the range has no such subnet");
        };
        let base = self.base | shift(number, self.width - length);
        Ok(Some(format!("{}/{length}", self.address(base))))
    }

    fn host(self, number: &Number) -> Eval<String> {
        let size = ones(self.width - self.length);
        if !number.is_whole() {
            return error("a whole number is needed");
        }
        let offset = if number.is_negative() {
            whole(&number.neg())
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

fn whole(number: &Number) -> Option<u128> {
    number.to_whole()?.try_into().ok()
}

/// Terraform reads `010.0.0.0` as `10.0.0.0`.
fn without_leading_zeros(text: &str) -> String {
    if text.contains(':') {
        return text.to_owned();
    }
    let (address, length) = text.split_once('/').unwrap_or((text, ""));
    let octets: Vec<&str> = address
        .split('.')
        .map(|octet| match octet.trim_start_matches('0') {
            "" if !octet.is_empty() => "0",
            digits => digits,
        })
        .collect();
    format!("{}/{length}", octets.join("."))
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
    Ok(Some(Value::sequence(ListKind::List, out)))
}
