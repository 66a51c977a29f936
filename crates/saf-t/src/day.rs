//! `xs:date`, which may end in a time zone.

use jiff::civil::Date;

/// Reads `2025-03-01`, `2025-03-01Z` or `2025-03-01+01:00`, with blanks around. The zone changes nothing: the day is the
/// one that is written.
pub fn day(text: &str) -> Option<Date> {
    let text = text.trim_matches([' ', '\t', '\n', '\r']).as_bytes();
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, zone @ ..] = text else { return None };
    let number = |digits: &[u8]| {
        digits
            .iter()
            .try_fold(0_i16, |value, digit| digit.is_ascii_digit().then(|| value * 10 + i16::from(digit - b'0')))
    };
    let in_zone = match zone {
        [] | [b'Z'] => true,
        [b'+' | b'-', h1, h2, b':', n1, n2] => number(&[*h1, *h2])? <= 14 && number(&[*n1, *n2])? < 60,
        _ => false,
    };
    let year = number(&[*y1, *y2, *y3, *y4])?;
    let (month, day) = (i8::try_from(number(&[*m1, *m2])?).ok()?, i8::try_from(number(&[*d1, *d2])?).ok()?);
    Date::new(year, month, day).ok().filter(|_| in_zone && year > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn days_and_their_zones() {
        for text in ["2025-03-01", " 2025-03-01\n", "2025-03-01Z", "2025-03-01+01:00", "2025-03-01-13:59"] {
            assert_eq!(day(text), Some(date(2025, 3, 1)), "{text:?}");
        }
        for text in [
            "",
            "2025-02-30",
            "01.03.2025",
            "20250301",
            "2025-3-1",
            "2025-13-01",
            "0000-01-01",
            "2025-03-01T00:00:00",
            "2025-03-01+25:00",
            "٢٠٢٥-03-01",
        ] {
            assert_eq!(day(text), None, "{text:?}");
        }
    }
}
