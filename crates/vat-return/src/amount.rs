//! Exact sums and products of amounts that may be larger than a [`Decimal`] can add up.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// Fractions are counted in this part of a krone: the smallest a [`Decimal`] has.
const PARTS: i128 = 10_i128.pow(Decimal::MAX_SCALE);

/// Longest text that is read as a number, in bytes: what is larger or finer than a [`Decimal`] has fewer digits than this.
const LONGEST_NUMBER: usize = 100;

/// A number out of anybody's text, with a point before its decimals; none where it is no number, or is longer than a number
/// can be.
///
/// The library that reads numbers goes one call deeper for each digit, unless the compiler saves it that: a text of some
/// hundred thousand zeros would end the program.
#[must_use]
pub fn number(text: &str) -> Option<Decimal> {
    if text.len() > LONGEST_NUMBER { None } else { text.parse().ok() }
}

/// A sum of amounts, exact for up to 10⁹ of them. Ordered by value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Sum {
    /// Kroner, rounded down.
    whole: i128,
    /// What is left, in 10⁻²⁸ kroner, from 0 up to one krone.
    parts: i128,
}

impl Sum {
    /// Adds an amount.
    pub(crate) fn add(&mut self, amount: Decimal) {
        let mantissa = amount.mantissa();
        if amount.scale() == 0 {
            self.whole = self.whole.saturating_add(mantissa);
            return;
        }
        let unit = 10_i128.pow(amount.scale());
        let parts = self.parts + mantissa.rem_euclid(unit) * (PARTS / unit);
        self.whole = self.whole.saturating_add(mantissa.div_euclid(unit)).saturating_add(parts.div_euclid(PARTS));
        self.parts = parts.rem_euclid(PARTS);
    }

    /// The sum without its sign.
    pub(crate) fn abs(self) -> Self {
        match (self.whole.is_negative(), self.parts) {
            (false, _) => self,
            (true, 0) => Self { whole: -self.whole, parts: 0 },
            (true, parts) => Self { whole: -self.whole - 1, parts: PARTS - parts },
        }
    }

    /// The sum as an amount to show; the largest there is when it does not fit.
    pub(crate) fn amount(self) -> Decimal {
        let parts = Decimal::try_from_i128_with_scale(self.parts, Decimal::MAX_SCALE).unwrap_or_default();
        Decimal::try_from_i128_with_scale(self.whole, 0)
            .ok()
            .and_then(|whole| whole.checked_add(parts))
            .unwrap_or(if self.whole.is_negative() { Decimal::MIN } else { Decimal::MAX })
            .normalize()
    }
}

impl From<Decimal> for Sum {
    fn from(amount: Decimal) -> Self {
        let mut sum = Self::default();
        sum.add(amount);
        sum
    }
}

impl FromIterator<Decimal> for Sum {
    fn from_iter<I: IntoIterator<Item = Decimal>>(amounts: I) -> Self {
        let mut sum = Self::default();
        for amount in amounts {
            sum.add(amount);
        }
        sum
    }
}

/// A rate as a number: `25`, `11,11` or `11.11`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Percent {
    mantissa: i128,
    scale: u32,
}

impl Percent {
    /// Reads a rate with a comma or a point; anything else is not a number.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let (negative, digits) = match text.as_bytes() {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            rest => (false, rest),
        };
        let (mut mantissa, mut scale, mut count) = (0_i128, None, 0_u32);
        for byte in digits {
            match byte {
                b'0'..=b'9' if count < 18 => {
                    mantissa = mantissa * 10 + i128::from(byte - b'0');
                    scale = scale.map(|scale| scale + 1);
                    count += 1;
                }
                b',' | b'.' if scale.is_none() => scale = Some(0),
                _ => return None,
            }
        }
        let mantissa = if negative { -mantissa } else { mantissa };
        (count > 0).then_some(Self { mantissa, scale: scale.unwrap_or(0) })
    }

    /// Whether `base` times the rate is further from `vat` than `tolerance` kroner.
    pub(crate) fn misses(self, base: Decimal, vat: Decimal, tolerance: u32) -> bool {
        self.exactly_misses(base, vat, tolerance).unwrap_or_else(|| {
            // Beyond 10³⁸ an approximation is as good: no tolerance matters there.
            let float = |amount: Decimal| amount.to_f64().unwrap_or_default();
            (float(base) * self.float() / 100.0 - float(vat)).abs() > f64::from(tolerance)
        })
    }

    /// Everything counted in the smallest unit that occurs; nothing when a number grows too large.
    fn exactly_misses(self, base: Decimal, vat: Decimal, tolerance: u32) -> Option<bool> {
        let product = base.mantissa().checked_mul(self.mantissa)?;
        // base · rate / 100 has this many decimals, the tax perhaps fewer or more.
        let (left, right) = (base.scale() + self.scale + 2, vat.scale());
        let digits = left.max(right);
        let product = product.checked_mul(10_i128.checked_pow(digits - left)?)?;
        let tax = vat.mantissa().checked_mul(10_i128.checked_pow(digits - right)?)?;
        let tolerance = i128::from(tolerance).checked_mul(10_i128.checked_pow(digits)?)?;
        Some(product.checked_sub(tax)?.checked_abs()? > tolerance)
    }

    /// Whether `base` times the rate is at least `percent_kroner` hundredths of a krone.
    pub(crate) fn reaches(self, base: Decimal, percent_kroner: u32) -> bool {
        let exact = || {
            let product = base.mantissa().checked_mul(self.mantissa)?;
            let limit = i128::from(percent_kroner).checked_mul(10_i128.checked_pow(base.scale() + self.scale)?)?;
            Some(product >= limit)
        };
        exact().unwrap_or_else(|| base.to_f64().unwrap_or_default() * self.float() >= f64::from(percent_kroner))
    }

    /// Whether both are the same number, however many decimals they are written with.
    pub(crate) fn equals(self, other: Self) -> bool {
        let scaled = |rate: Self, digits: u32| {
            10_i128.checked_pow(digits - rate.scale).and_then(|unit| rate.mantissa.checked_mul(unit))
        };
        let digits = self.scale.max(other.scale);
        // Eighteen digits times ten to the eighteenth always fit.
        scaled(self, digits) == scaled(other, digits)
    }

    /// A share of one as per cent: `0.25` is 25; none where it is no such share.
    pub(crate) fn of_share(self) -> Option<Self> {
        let one = 10_i128.checked_pow(self.scale)?;
        let share = self.mantissa > 0 && self.mantissa < one;
        share.then(|| self.mantissa.checked_mul(100).map(|mantissa| Self { mantissa, ..self })).flatten()
    }

    /// Whether `base` times the rate is nothing.
    pub(crate) fn is_nothing_of(self, base: Decimal) -> bool {
        self.mantissa == 0 || base.is_zero()
    }

    /// `base` times the rate in whole kroner, the fraction dropped, where it can be told.
    pub(crate) fn of(self, base: Decimal) -> Option<Decimal> {
        let rate = Decimal::try_from_i128_with_scale(self.mantissa, self.scale).ok()?;
        Some(base.checked_mul(rate)?.checked_div(Decimal::ONE_HUNDRED)?.trunc())
    }

    #[expect(clippy::cast_precision_loss, reason = "only an approximation is wanted")]
    fn float(self) -> f64 {
        self.mantissa as f64 / 10_f64.powi(i32::try_from(self.scale).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn amount(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn sum(amounts: &[&str]) -> Sum {
        amounts.iter().map(|text| amount(text)).collect()
    }

    #[test]
    fn sums_carry_fractions_both_ways() {
        assert_eq!(sum(&["0.5", "0.5"]), sum(&["1"]));
        assert_eq!(sum(&["-0.25", "1", "-0.75"]), Sum::default());
        assert_eq!(sum(&["-1.5"]).abs(), sum(&["1.5"]));
        assert_eq!(sum(&["-2"]).abs(), sum(&["2"]));
        assert_eq!(sum(&["-1.5"]).amount(), amount("-1.5"));
        assert!(sum(&["-0.0000000000000000000000000001"]) < Sum::default());
        assert!(sum(&["1.2"]) < sum(&["1.21"]));
    }

    #[test]
    fn sums_between_minus_one_and_one_keep_their_size() {
        assert_eq!(sum(&["0.5"]).abs(), sum(&["0.5"]));
        assert_eq!(sum(&["-0.5"]).abs(), sum(&["0.5"]));
        assert_eq!(sum(&["-0.9", "-0.9"]).abs().amount(), amount("1.8"));
        assert_eq!(sum(&["0.9", "0.9"]).amount(), amount("1.8"));
    }

    #[test]
    fn sums_outgrow_a_decimal() {
        let (most, least) = (Decimal::MAX.to_string(), Decimal::MIN.to_string());
        let sum = sum(&[&most, &most, "-1"]);
        assert_ne!(sum, self::sum(&[&most, &most]));
        assert_eq!(sum.amount(), Decimal::MAX);
        assert!(sum > self::sum(&[&most]));
        assert_eq!(self::sum(&[&least, &least]).amount(), Decimal::MIN);
    }

    #[test]
    fn rates_are_read_with_comma_or_point() {
        assert_eq!(Percent::read("11,11"), Percent::read("11.11"));
        assert_eq!(Percent::read("25.0").unwrap().of(amount("100")), Some(amount("25")));
        assert_eq!(Percent::read("+25"), Percent::read(" 25 "));
        assert_eq!(Percent::read("-25").unwrap().of(amount("100")), Some(amount("-25")));
        assert_eq!(Percent::read(",5").unwrap().of(amount("1000")), Some(amount("5")));
        assert_eq!(Percent::read("25").unwrap().of(amount("7")), Some(amount("1")));
        for text in ["", "25%", "25 %", "1,1,1", ",", "høy", "-", "1e2", "１２", "--1", "+"] {
            assert_eq!(Percent::read(text), None, "{text:?}");
        }
    }

    #[test]
    fn rates_are_the_same_however_they_are_written() {
        let rate = |text: &str| Percent::read(text).unwrap();
        assert!(rate("25").equals(rate("25.000")) && rate("11,11").equals(rate("11.110")));
        assert!(!rate("25").equals(rate("25.001")) && !rate("0").equals(rate("0,00000000000000001")));
    }

    #[test]
    fn a_rate_has_up_to_eighteen_digits() {
        let rate = Percent::read("123456789,012345678").unwrap();
        assert_eq!(rate, Percent { mantissa: 123_456_789_012_345_678, scale: 9 });
        assert_eq!(Percent::read("1234567890123456789"), None);
        assert_eq!(Percent::read("0,0000000000000000001"), None);
    }

    #[test]
    fn the_tolerance_is_met_exactly_and_not_crossed() {
        let cases = [
            ("25", "1000", "260", 10, false),
            ("25", "1000", "261", 10, true),
            ("25", "1000", "260.01", 10, true),
            ("25", "-1000", "-240", 10, false),
            ("25", "-1000", "250", 10, true),
            ("11,11", "100000", "11110", 0, false),
            ("11,11", "100000.01", "11110", 0, true),
            // More decimals in the tax than in base and rate together.
            ("25", "1000", "250.00000", 0, false),
            ("25", "1000", "250.00001", 0, true),
            ("25", "1000", "260.00000", 10, false),
            // More in base and rate.
            ("25.000", "1000.00", "250", 0, false),
            ("25.000", "1000.01", "250", 0, true),
            ("25", "79228162514264337593543950335", "1", 10, true),
            ("100", "79228162514264337593543950335", "79228162514264337593543950335", 10, false),
            // A float would not see these eleven kroner.
            ("25", "40000000000000000000000", "10000000000000000000010", 10, false),
            ("25", "40000000000000000000000", "10000000000000000000011", 10, true),
            // Beyond what is counted exactly.
            ("50.00000000", "79228162514264337593543950335", "39614081257132168796771975168", 10, false),
            ("50.00000000", "-79228162514264337593543950335", "-39614081257132168796771975168", 10, false),
            ("50.00000000", "79228162514264337593543950335", "-39614081257132168796771975168", 10, true),
            ("50.00000000", "79228162514264337593543950335", "79228162514264337593543950335", 10, true),
            ("25.0000000000", "1000.0000000000000000000000000", "260", 10, false),
            ("25.0000000000", "1000.0000000000000000000000000", "260.5", 10, true),
            ("25.0000000000", "1000.0000000000000000000000000", "240", 10, false),
            ("25.0000000000", "1000.0000000000000000000000000", "239.5", 10, true),
        ];
        for (rate, base, vat, tolerance, misses) in cases {
            let found = Percent::read(rate).unwrap().misses(amount(base), amount(vat), tolerance);
            assert_eq!(found, misses, "{base} × {rate} % and {vat} ± {tolerance}");
        }
    }

    #[test]
    fn one_krone_of_tax_is_the_border() {
        let cases = [
            ("25", "4", true),
            ("25", "3.99", false),
            ("25", "-4", false),
            ("25.0", "4.00", true),
            ("25.0", "3.99", false),
            ("0.01", "10000", true),
            ("0.01", "9999", false),
            // Beyond what is counted exactly.
            ("25.0000000000000000", "4.000000000000000000000000000", true),
            ("25.0000000000000000", "3.990000000000000000000000000", false),
            ("25.0000000000000000", "-4.000000000000000000000000000", false),
        ];
        for (rate, base, reaches) in cases {
            assert_eq!(Percent::read(rate).unwrap().reaches(amount(base), 100), reaches, "{base} × {rate} %");
        }
    }

    #[test]
    fn nothing_of_something_and_something_of_nothing() {
        assert!(Percent::read("0").unwrap().is_nothing_of(amount("4")));
        assert!(Percent::read("25").unwrap().is_nothing_of(amount("0.00")));
        assert!(!Percent::read("25").unwrap().is_nothing_of(amount("4")));
    }
}
