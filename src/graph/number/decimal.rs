//! Decimal digits of a binary number.

use num_bigint::BigUint;

/// `0.digits · 10^point`, without a sign.
#[derive(Debug, Clone)]
pub(super) struct Decimal {
    /// `0` to `9`, without zeros at the end.
    digits: Vec<u8>,
    point: i64,
}

impl Decimal {
    /// `mantissa · 2^exponent`, exactly.
    pub(super) fn of(mantissa: &BigUint, exponent: i32) -> Self {
        let steps = exponent.unsigned_abs();
        let (scaled, shift) = if exponent >= 0 {
            (mantissa << steps, 0)
        } else {
            (mantissa * BigUint::from(5u32).pow(steps), i64::from(steps))
        };
        let mut digits = scaled.to_str_radix(10).into_bytes();
        let point = i64::try_from(digits.len()).unwrap_or(i64::MAX) - shift;
        while digits.last() == Some(&b'0') {
            digits.pop();
        }
        let point = if digits.is_empty() { 0 } else { point };
        Self { digits, point }
    }

    /// The fewest digits of which the nearest number of so many bits is this one.
    pub(super) fn shortest(mantissa: &BigUint, exponent: i32, precision: u32) -> Self {
        let exact = Self::of(mantissa, exponent);
        let shift = u64::from(precision + 1).saturating_sub(mantissa.bits());
        if exact.digits.is_empty() || (exact.point > 0 && exact.digits.len() <= 15) {
            return exact;
        }
        let (Ok(down), even) = (i32::try_from(shift), shift > 1 || !mantissa.bit(0)) else {
            return exact;
        };
        // The last bit is half of the distance to the next number.
        let doubled = mantissa << shift;
        let lower = Self::of(&(&doubled - 1u32), exponent - down);
        let upper = Self::of(&(&doubled + 1u32), exponent - down);
        for at in 0..exact.digits.len() {
            let (digit, low, high) = (exact.digits[at], lower.digit(at), upper.digit(at));
            let ok_down = low != digit || (even && at + 1 == lower.digits.len());
            let ok_up = digit != high && (even || digit + 1 < high || at + 1 < upper.digits.len());
            match (ok_down, ok_up) {
                (true, true) => return exact.rounded(at + 1),
                (true, false) => return exact.cut(at + 1),
                (false, true) => return exact.raised(at + 1),
                (false, false) => {}
            }
        }
        exact
    }

    fn digit(&self, at: usize) -> u8 {
        self.digits.get(at).copied().unwrap_or(b'0')
    }

    fn cut(mut self, count: usize) -> Self {
        self.digits.truncate(count);
        while self.digits.last() == Some(&b'0') {
            self.digits.pop();
        }
        self
    }

    fn raised(mut self, count: usize) -> Self {
        self.digits.truncate(count);
        while self.digits.last() == Some(&b'9') {
            self.digits.pop();
        }
        if let Some(last) = self.digits.last_mut() {
            *last += 1;
        } else {
            self.digits.push(b'1');
            self.point += 1;
        }
        self
    }

    /// To so many digits, half to even.
    fn rounded(self, count: usize) -> Self {
        if count >= self.digits.len() {
            return self;
        }
        let half = self.digits[count] == b'5' && count + 1 == self.digits.len();
        let up = if half {
            count > 0 && (self.digits[count - 1] - b'0') % 2 == 1
        } else {
            self.digits[count] >= b'5'
        };
        if up { self.raised(count) } else { self.cut(count) }
    }

    /// To so many digits after the point.
    fn to_places(&self, places: usize) -> Self {
        let wanted = self.point + i64::try_from(places).unwrap_or(i64::MAX);
        match usize::try_from(wanted) {
            Ok(count) => self.clone().rounded(count),
            Err(_) => Self { digits: Vec::new(), point: 0 },
        }
    }

    /// All digits.
    pub(super) fn plain(&self) -> String {
        let places = i64::try_from(self.digits.len()).unwrap_or(i64::MAX) - self.point;
        self.places(usize::try_from(places).unwrap_or(0))
    }

    pub(super) fn fixed(&self, places: usize) -> String {
        self.to_places(places).places(places)
    }

    fn places(&self, places: usize) -> String {
        let mut out = String::new();
        for at in 0..self.point.max(0) {
            out.push(self.char_at(at));
        }
        if out.is_empty() {
            out.push('0');
        }
        if places > 0 {
            out.push('.');
            let from = self.point;
            for at in 0..i64::try_from(places).unwrap_or(0) {
                out.push(self.char_at(from + at));
            }
        }
        out
    }

    fn char_at(&self, at: i64) -> char {
        usize::try_from(at).map_or('0', |at| char::from(self.digit(at)))
    }

    pub(super) fn scientific(&self, digits: Option<usize>) -> String {
        let decimal = match digits {
            Some(digits) => self.clone().rounded(digits + 1),
            None => self.clone(),
        };
        let after = digits.unwrap_or_else(|| decimal.digits.len().saturating_sub(1));
        let mut out = String::from(decimal.char_at(0));
        if after > 0 {
            out.push('.');
            out.extend((0..after).map(|at| char::from(decimal.digit(at + 1))));
        }
        let exponent = if decimal.digits.is_empty() { 0 } else { decimal.point - 1 };
        let sign = if exponent < 0 { '-' } else { '+' };
        format!("{out}e{sign}{:02}", exponent.abs())
    }

    pub(super) fn general(&self, digits: Option<usize>) -> String {
        let decimal = match digits {
            Some(digits) => self.clone().rounded(digits.max(1)),
            None => self.clone(),
        };
        let count = i64::try_from(decimal.digits.len()).unwrap_or(i64::MAX);
        let mut limit = digits.map_or(6, |digits| i64::try_from(digits.max(1)).unwrap_or(i64::MAX));
        if limit > count && count >= decimal.point {
            limit = count;
        }
        if digits.is_none() {
            limit = 6;
        }
        let exponent = decimal.point - 1;
        if !decimal.digits.is_empty() && (exponent < -4 || exponent >= limit) {
            return decimal.scientific(None);
        }
        decimal.plain()
    }
}
