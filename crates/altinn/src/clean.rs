//! Makes an authority's words fit to be shown and logged: bounded, printable, without secrets or national ids.

use shown::Shown;

use crate::BearerToken;

/// Cleans a text: the token, should the authority echo it, and whole national ids are masked; the rest is what [`Shown`]
/// leaves.
pub(crate) fn clean(text: &str, token: Option<&BearerToken>) -> String {
    let text = match token.map(BearerToken::expose) {
        Some(secret) if !secret.is_empty() => text.replace(secret, "[secret]"),
        _ => text.to_owned(),
    };
    mask_national_ids(&Shown::text(&text))
}

/// Replaces the last five digits of every national id (fødselsnummer, D-number, synthetic ones too) by bullets.
/// Eleven digits that are no such number, e.g. an account number, stay.
fn mask_national_ids(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, digits) = rest.split_at(start);
        let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        let (run, after) = digits.split_at(end);
        masked.push_str(before);
        if is_national_id(run) {
            masked.push_str(&run[..6]);
            masked.push_str("•••••");
        } else {
            masked.push_str(run);
        }
        rest = after;
    }
    masked.push_str(rest);
    masked
}

fn is_national_id(run: &str) -> bool {
    const FIRST: [u32; 10] = [3, 7, 6, 1, 8, 9, 4, 5, 2, 1];
    const SECOND: [u32; 11] = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1];
    if run.len() != 11 {
        return false;
    }
    let digits: Vec<u32> = run.bytes().map(|b| u32::from(b - b'0')).collect();
    let sum = |weights: &[u32]| digits.iter().zip(weights).map(|(d, w)| d * w).sum::<u32>();
    // Day + 40 marks a D-number, month + 40, + 65 or + 80 a synthetic person.
    let (day, month) = ((digits[0] * 10 + digits[1]) % 40, digits[2] * 10 + digits[3]);
    let month = match month {
        81..=92 => month - 80,
        66..=77 => month - 65,
        41..=52 => month - 40,
        other => other,
    };
    (1..=31).contains(&day) && (1..=12).contains(&month) && sum(&FIRST) % 11 == 0 && sum(&SECOND) % 11 == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_national_id_loses_its_last_five_digits_and_an_account_number_stays() {
        // A synthetic person of Tenor's series (month + 80) and the account number of the official example.
        assert_eq!(clean("pid 17858290082 refused", None), "pid 178582••••• refused");
        assert_eq!(clean("konto 12345678903, KID 99999999999999", None), "konto 12345678903, KID 99999999999999");
    }

    #[test]
    fn a_token_that_is_echoed_is_masked() {
        let token = BearerToken::new("abc.def.ghi");
        assert_eq!(clean("bad token abc.def.ghi\u{0}\u{7}!", Some(&token)), "bad token [secret]!");
    }

    #[test]
    fn what_cannot_be_seen_is_not_there_when_a_national_id_is_looked_for() {
        assert_eq!(clean("pid 178582\u{200b}90082\n\u{1b}[2J\u{202e}refused", None), "pid 178582••••• [2Jrefused");
    }

    #[test]
    fn length_is_bounded() {
        assert_eq!(clean(&"å".repeat(10_000), None).chars().count(), shown::LONGEST_TEXT);
    }
}
