//! The order in which people look for a name: without case, numbers by their value, and æ, ø and å after z.

use std::{cmp::Ordering, iter::Peekable, str::Chars};

/// What a name is put in order by. Names that differ stand in one order always, also where only their case differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameKey(String);

impl NameKey {
    /// Of a name.
    #[must_use]
    pub fn of(name: &str) -> Self {
        Self(name.to_owned())
    }
}

impl Ord for NameKey {
    fn cmp(&self, other: &Self) -> Ordering {
        natural(&self.0, &other.0).then_with(|| self.0.cmp(&other.0))
    }
}

impl PartialOrd for NameKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn natural(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.chars().peekable(), b.chars().peekable());
    loop {
        let found = match (a.peek().copied(), b.peek().copied()) {
            (None, None) => return Ordering::Equal,
            (one, other) if is_digit(one) && is_digit(other) => {
                let (one, other) = (number(&mut a), number(&mut b));
                (one.len(), one).cmp(&(other.len(), other))
            }
            (one, other) => {
                a.next();
                b.next();
                one.map(place).cmp(&other.map(place))
            }
        };
        if found.is_ne() {
            return found;
        }
    }
}

fn is_digit(letter: Option<char>) -> bool {
    letter.is_some_and(|letter| letter.is_ascii_digit())
}

/// The digits that follow, without the zeros before them.
fn number(letters: &mut Peekable<Chars<'_>>) -> String {
    let mut digits = String::new();
    while let Some(digit) = letters.next_if(char::is_ascii_digit) {
        digits.push(digit);
    }
    digits.trim_start_matches('0').to_owned()
}

/// Where a letter stands in the Norwegian alphabet.
fn place(letter: char) -> u32 {
    const AFTER_ALL: u32 = char::MAX as u32;
    match letter.to_lowercase().next().unwrap_or(letter) {
        'æ' | 'ä' => AFTER_ALL + 1,
        'ø' | 'ö' => AFTER_ALL + 2,
        'å' => AFTER_ALL + 3,
        other => u32::from(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_as_people_look_for_them() {
        let wanted = [
            "",
            "0.xml",
            "1.xml",
            "2.xml",
            "02.xml",
            "10.xml",
            "melding 9 av 10.xml",
            "Melding 10 av 10.xml",
            "zulu.xml",
            "Ærfugl AS",
            "ørn AS",
            "Østbyen 2 AS",
            "Østbyen 10 AS",
            "Ås",
            "Åsen",
        ];
        let mut found = wanted;
        found.reverse();
        found.sort_by_cached_key(|name| NameKey::of(name));
        // Where the numbers are the same, the shorter way to write it is no other number.
        let same = |name: &str| name.replace("02", "2");
        assert_eq!(found.map(same), wanted.map(same));
    }

    #[test]
    fn the_order_is_one_whatever_is_compared_with_what() {
        let names = ["a", "A", "1", "01", "a1", "a01", "a 1", "å", "Å", "z", "", "a10", "a2", "9a", "10"];
        let keys = names.map(NameKey::of);
        for a in &keys {
            for b in &keys {
                assert_eq!(a.cmp(b), b.cmp(a).reverse());
                assert_eq!(a.cmp(b).is_eq(), a == b);
                for c in keys.iter().filter(|c| a <= b && b <= *c) {
                    assert!(a <= c, "{a:?} {b:?} {c:?}");
                }
            }
        }
    }
}
