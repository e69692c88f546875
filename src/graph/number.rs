//! Numbers as Terraform calculates with them: binary floats of up to 512 bits.

mod decimal;

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use num_bigint::{BigInt, BigUint, Sign};

use decimal::Decimal;

/// Bits of a number that is written in the code.
const WRITTEN: u32 = 512;
/// Bits of a count or an index.
const COUNTED: u32 = 64;
/// Bits of what is calculated with machine floats.
const MACHINE: u32 = 53;
/// No decimal exponent is larger: what is, is no number here.
const MAX_EXPONENT: i32 = 4000;

/// A number: `± mantissa · 2^exponent`, rounded to so many bits.
#[derive(Debug, Clone)]
pub struct Number {
    negative: bool,
    /// Odd, or zero.
    mantissa: BigUint,
    exponent: i32,
    precision: u32,
}

impl Number {
    /// Zero.
    pub fn zero() -> Self {
        Self::from(0u32)
    }

    fn new(negative: bool, mantissa: BigUint, exponent: i32, precision: u32) -> Self {
        let Some(zeros) = mantissa.trailing_zeros() else {
            return Self { negative: false, mantissa, exponent: 0, precision };
        };
        let bits = mantissa.bits();
        if bits - zeros <= u64::from(precision) {
            let shift = i32::try_from(zeros).unwrap_or(i32::MAX);
            return Self {
                negative,
                mantissa: mantissa >> zeros,
                exponent: exponent.saturating_add(shift),
                precision,
            };
        }
        // Round half to even.
        let drop = bits - u64::from(precision);
        let mut kept = &mantissa >> drop;
        let half = BigUint::from(1u32) << (drop - 1);
        let dropped = mantissa - (&kept << drop);
        if dropped > half || (dropped == half && kept.bit(0)) {
            kept += 1u32;
        }
        let drop = i32::try_from(drop).unwrap_or(i32::MAX);
        Self::new(negative, kept, exponent.saturating_add(drop), precision)
    }

    fn signed(value: &BigInt, exponent: i32, precision: u32) -> Self {
        Self::new(value.sign() == Sign::Minus, value.magnitude().clone(), exponent, precision)
    }

    /// `None` beyond what is calculated with here.
    fn checked(self) -> Option<Self> {
        let bits = i64::try_from(self.mantissa.bits()).unwrap_or(i64::MAX);
        let top = bits.saturating_add(i64::from(self.exponent));
        (top.abs() < 20_000 && self.exponent.abs() < 20_000).then_some(self)
    }

    /// Both mantissas at the smaller exponent.
    fn aligned(&self, other: &Self) -> (BigInt, BigInt, i32) {
        let exponent = self.exponent.min(other.exponent);
        (self.at(exponent), other.at(exponent), exponent)
    }

    fn at(&self, exponent: i32) -> BigInt {
        let shift = self.exponent.saturating_sub(exponent).unsigned_abs();
        let sign = if self.negative { Sign::Minus } else { Sign::Plus };
        BigInt::from_biguint(sign, &self.mantissa << shift)
    }

    fn precision_with(&self, other: &Self) -> u32 {
        self.precision.max(other.precision)
    }

    /// The sum.
    pub fn add(&self, other: &Self) -> Option<Self> {
        let (a, b, exponent) = self.aligned(other);
        Self::signed(&(a + b), exponent, self.precision_with(other)).checked()
    }

    /// The difference.
    pub fn sub(&self, other: &Self) -> Option<Self> {
        self.add(&other.neg())
    }

    /// The product.
    pub fn mul(&self, other: &Self) -> Option<Self> {
        let negative = self.negative != other.negative;
        let mantissa = &self.mantissa * &other.mantissa;
        let exponent = self.exponent + other.exponent;
        Self::new(negative, mantissa, exponent, self.precision_with(other)).checked()
    }

    /// The quotient; `None` for a division by zero.
    pub fn div(&self, other: &Self) -> Option<Self> {
        if other.is_zero() {
            return None;
        }
        let precision = self.precision_with(other);
        let shift = u64::from(precision) + 2 + other.mantissa.bits();
        let dividend = &self.mantissa << shift;
        let mut quotient = &dividend / &other.mantissa;
        let mut exponent = self.exponent - other.exponent - i32::try_from(shift).ok()?;
        if &quotient * &other.mantissa != dividend {
            // A bit below all others stands for what is left.
            quotient = (quotient << 1u32) + 1u32;
            exponent -= 1;
        }
        Self::new(self.negative != other.negative, quotient, exponent, precision).checked()
    }

    /// What a division to a whole number (towards zero) leaves.
    pub fn rem(&self, other: &Self) -> Option<Self> {
        let whole = self.div(other)?.trunc();
        let back = Self { precision: self.precision, ..other.mul(&whole)? };
        let result = self.sub(&back)?;
        Some(Self { precision: self.precision, ..result })
    }

    /// With the other sign.
    #[must_use]
    pub fn neg(&self) -> Self {
        Self { negative: !self.negative && !self.is_zero(), ..self.clone() }
    }

    /// Without a sign.
    #[must_use]
    pub fn abs(&self) -> Self {
        Self { negative: false, ..self.clone() }
    }

    /// The whole part, towards zero.
    #[must_use]
    pub fn trunc(&self) -> Self {
        if self.exponent >= 0 {
            return self.clone();
        }
        let mantissa = &self.mantissa >> self.exponent.unsigned_abs();
        Self::new(self.negative, mantissa, 0, self.precision)
    }

    /// The next whole number below.
    #[must_use]
    pub fn floor(&self) -> Self {
        let whole = self.trunc();
        if self.negative && whole != *self {
            return whole.sub(&Self::from(1u32)).unwrap_or(whole);
        }
        whole
    }

    /// The next whole number above.
    #[must_use]
    pub fn ceil(&self) -> Self {
        self.neg().floor().neg()
    }

    /// Whether it is zero.
    pub fn is_zero(&self) -> bool {
        self.mantissa.bits() == 0
    }

    /// Whether it is less than zero.
    pub fn is_negative(&self) -> bool {
        self.negative
    }

    /// Whether it has no fraction.
    pub fn is_whole(&self) -> bool {
        self.exponent >= 0
    }

    /// As a whole number of any size.
    pub fn to_whole(&self) -> Option<BigInt> {
        self.is_whole().then(|| self.at(0))
    }

    /// As a machine integer.
    pub fn to_i64(&self) -> Option<i64> {
        (self.exponent < 64).then(|| self.to_whole()).flatten()?.try_into().ok()
    }

    /// As a machine float, the nearest one.
    pub fn to_f64(&self) -> f64 {
        let rounded = Self::new(self.negative, self.mantissa.clone(), self.exponent, MACHINE);
        rounded.to_string().parse().unwrap_or(f64::NAN)
    }

    /// A whole number of any size.
    pub fn whole(value: &BigInt) -> Option<Self> {
        Self::signed(value, 0, WRITTEN.max(u32::try_from(value.bits()).ok()?)).checked()
    }

    fn shortest(&self) -> Decimal {
        Decimal::shortest(&self.mantissa, self.exponent, self.precision)
    }

    fn exact(&self) -> Decimal {
        Decimal::of(&self.mantissa, self.exponent)
    }

    /// With so many digits after the point.
    pub fn fixed(&self, digits: usize) -> String {
        self.sign(&self.exact().fixed(digits))
    }

    /// `1.5e+06`; without a number of digits, as many as are needed.
    pub fn scientific(&self, digits: Option<usize>) -> String {
        let decimal = if digits.is_some() { self.exact() } else { self.shortest() };
        self.sign(&decimal.scientific(digits))
    }

    /// `%g`: the shorter of the two forms.
    pub fn general(&self, digits: Option<usize>) -> String {
        let decimal = if digits.is_some() { self.exact() } else { self.shortest() };
        self.sign(&decimal.general(digits))
    }

    fn sign(&self, digits: &str) -> String {
        if self.negative { format!("-{digits}") } else { digits.to_owned() }
    }
}

impl fmt::Display for Number {
    /// All digits, no exponent, as few as give this number back.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sign(&self.shortest().plain()))
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.negative == other.negative
            && self.exponent == other.exponent
            && self.mantissa == other.mantissa
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        let (a, b, _) = self.aligned(other);
        a.cmp(&b)
    }
}

macro_rules! from_machine {
    ($($kind:ty),*) => {$(
        impl From<$kind> for Number {
            fn from(value: $kind) -> Self {
                Self::signed(&BigInt::from(value), 0, COUNTED)
            }
        }
    )*};
}

from_machine!(u32, i32, u64, i64, usize);

impl Number {
    /// Of a machine float; `None` where it is no number.
    pub fn from_f64(value: f64) -> Option<Self> {
        let exact = Self::from_str(&format!("{value:e}")).ok()?;
        Some(Self::new(exact.negative, exact.mantissa, exact.exponent, MACHINE))
    }
}

/// A text that is no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotANumber;

impl FromStr for Number {
    type Err = NotANumber;

    fn from_str(text: &str) -> Result<Self, NotANumber> {
        let (negative, rest) = match text.as_bytes().first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            _ => (false, text),
        };
        let (digits, exponent) = match rest.find(['e', 'E']) {
            Some(at) => (&rest[..at], rest[at + 1..].parse::<i32>().map_err(|_| NotANumber)?),
            None => (rest, 0),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let long = whole.len() + fraction.len();
        let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if long == 0 || long > 4096 || !are_digits(whole) || !are_digits(fraction) {
            return Err(NotANumber);
        }
        if long == whole.len()
            && exponent == 0
            && let Ok(digits) = whole.parse::<u64>()
        {
            return Ok(Self::new(negative, BigUint::from(digits), 0, WRITTEN));
        }
        let all = format!("{whole}{fraction}");
        let digits = BigUint::from_str(&all).map_err(|_| NotANumber)?;
        let shift = i32::try_from(fraction.len()).map_err(|_| NotANumber)?;
        let exponent = exponent.checked_sub(shift).ok_or(NotANumber)?;
        if exponent.abs() > MAX_EXPONENT {
            return Err(NotANumber);
        }
        let power = BigUint::from(10u32).pow(exponent.unsigned_abs());
        let value = if exponent >= 0 {
            Some(Self::new(negative, digits * power, 0, WRITTEN))
        } else {
            let part =
                |mantissa| Self { negative: false, mantissa, exponent: 0, precision: WRITTEN };
            // Not normalised: the division only needs the ratio.
            part(digits).div(&part(power)).map(|it| if negative { it.neg() } else { it })
        };
        value.ok_or(NotANumber)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Number {
        text.parse().unwrap()
    }

    #[test]
    fn numbers_print_as_they_were_written() {
        for text in ["0", "1", "-1", "0.1", "2.5", "1000", "9007199254740993", "0.000001"] {
            assert_eq!(number(text).to_string(), text);
        }
        assert_eq!(number("1e21").to_string(), "1000000000000000000000");
        assert_eq!(number("1.50").to_string(), "1.5");
        assert!("".parse::<Number>().is_err() && "1e".parse::<Number>().is_err());
    }

    #[test]
    fn sums_have_no_binary_noise() {
        assert_eq!(number("0.1").add(&number("0.2")).unwrap().to_string(), "0.3");
        assert_eq!(number("-7").rem(&number("3")).unwrap(), number("-1"));
        assert_eq!(number("1").div(&number("0")), None);
        assert_eq!(number("-2.5").floor(), number("-3"));
        assert_eq!(number("-2.5").ceil(), number("-2"));
        let third = Number::from(1u32).div(&Number::from(3u32)).unwrap();
        assert_eq!(third.to_string(), "0.33333333333333333334");
        assert!((third.to_f64() - 1.0 / 3.0).abs() < 1e-16);
    }
}
