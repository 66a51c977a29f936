//! Parts of a split set by their names: `SAF-T Financial_999999999_20160401235911_1_12.xml` (facts, section 7, "File name").

/// Which part of how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part {
    /// From 1.
    pub number: u16,
    /// How many there are.
    pub of: u16,
}

impl Part {
    /// The part a file's name says it is.
    pub fn of_name(name: &str) -> Option<Self> {
        let name = name.rsplit(['/', '\\']).next()?;
        let name = without_gz(name);
        let stem = match name.rsplit_once('.') {
            Some((stem, extension)) if ["xml", "zip"].iter().any(|known| extension.eq_ignore_ascii_case(known)) => stem,
            _ => name,
        };
        let (rest, of) = stem.rsplit_once('_')?;
        let (_, number) = rest.rsplit_once('_')?;
        let read = |text: &str| {
            // Fourteen digits are a time, nine an organisation number.
            let fits = (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
            text.parse::<u16>().ok().filter(|number| fits && *number > 0)
        };
        let part = Self { number: read(number)?, of: read(of)? };
        (part.number <= part.of).then_some(part)
    }

    /// Numbers that no file has, out of the parts that a delivery's names say they are.
    pub fn missing(parts: &[Self]) -> Vec<Self> {
        let of = parts.iter().map(|part| part.of).max().unwrap_or(0);
        let has = |number| parts.iter().any(|part| part.number == number);
        (1..=of).filter(|number| !has(*number)).map(|number| Self { number, of }).collect()
    }
}

/// The name of what a gzip file packs.
pub(crate) fn without_gz(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((packed, ending)) if ending.eq_ignore_ascii_case("gz") => packed,
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_by_name() {
        let part = |name| Part::of_name(name).map(|part| (part.number, part.of));
        assert_eq!(part("SAF-T Financial_999999999_20160401235911_1_12.xml"), Some((1, 12)));
        assert_eq!(part("2025/SAF-T Financial_999999999_20160401235911_03_12.XML"), Some((3, 12)));
        assert_eq!(part("SAF-T Financial_999999999_20160401235911.xml"), None);
        assert_eq!(part("regnskap_2025.xml"), None);
        assert_eq!(part("a_3_2.xml"), None);
        assert_eq!(part("januar.xml"), None);
        let parts: Vec<Part> = [1, 2, 5].map(|number| Part { number, of: 5 }).to_vec();
        assert_eq!(Part::missing(&parts).iter().map(|part| part.number).collect::<Vec<_>>(), [3, 4]);
    }
}
