//! A company's name as it is shown. Enhetsregisteret, and what takes its names from there, writes every name in capitals; in a
//! list they are louder than anything else and slower to read. What is kept stays as it was registered.

/// Forms of organisation that are written in capitals, and what else stays so: numerals of kings and branches.
const CAPITALS: [&str; 31] = [
    "AS", "ASA", "ANS", "DA", "SA", "BA", "KS", "NUF", "ENK", "IKS", "KF", "FKF", "SF", "SE", "BBL", "BRL", "STI",
    "AL", "AB", "NAV", "NRK", "USA", "EU", "IT", "II", "III", "IV", "VII", "VIII", "IX", "XI",
];
/// Words that are small unless they come first.
const SMALL: [&str; 12] = ["OG", "I", "PÅ", "AV", "FOR", "TIL", "MED", "VED", "FRA", "AVD", "UNDER", "DE"];
/// Words of this many letters may be somebody's initials, where they are all of a name.
const INITIALS: usize = 3;

/// The name with small letters where it has none: `LAKSELV TREVARE AS` is shown as `Lakselv Trevare AS`. A name that somebody
/// wrote with small letters is left alone.
///
/// ```
/// assert_eq!(view::readable_name("LAKSELV TREVARE AS"), "Lakselv Trevare AS");
/// assert_eq!(view::readable_name("eBok Øst AS"), "eBok Øst AS");
/// ```
#[must_use]
pub fn readable_name(name: &str) -> String {
    if name.chars().any(char::is_lowercase) {
        return name.to_owned();
    }
    let words: Vec<&str> = name.split(' ').collect();
    let own = words.iter().filter(|word| !is_capitals(word)).count();
    let shown = words.iter().enumerate().map(|(place, word)| {
        if SMALL.contains(word) && place > 0 {
            word.to_lowercase()
        } else if is_capitals(word) || (own == 1 && word.chars().count() <= INITIALS) {
            (*word).to_owned()
        } else {
            readable_word(word)
        }
    });
    shown.collect::<Vec<_>>().join(" ")
}

/// Whether a word is written in capitals in any text: a form of organisation, a word that cannot be spoken, one with digits or
/// with points within.
fn is_capitals(word: &str) -> bool {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
    let spoken = bare.chars().any(|c| "AEIOUYÆØÅÄÖÉÜ".contains(c));
    CAPITALS.contains(&bare) || !spoken || bare.chars().any(|c| c.is_ascii_digit() || c == '.' || c == '/')
}

/// A capital at the beginning of each part: `ØST-VEST` becomes `Øst-Vest`, `MIKKEL'S` `Mikkel's`.
fn readable_word(word: &str) -> String {
    let mut begins = true;
    let mut shown = String::with_capacity(word.len());
    for letter in word.chars() {
        if begins {
            shown.push(letter);
        } else {
            shown.extend(letter.to_lowercase());
        }
        begins = !letter.is_alphanumeric() && letter != '\'' && letter != '’';
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::readable_name;

    #[test]
    fn names_in_capitals_are_shown_in_small_letters() {
        for (registered, shown) in [
            ("LAKSELV TREVARE AS", "Lakselv Trevare AS"),
            ("LAKSELV TREVARE AS AVD ALTA", "Lakselv Trevare AS avd Alta"),
            ("ØSTBYEN TRYKKERI OG FORLAG ANS", "Østbyen Trykkeri og Forlag ANS"),
            ("ØST-VEST MASKIN DA", "Øst-Vest Maskin DA"),
            ("GÅRD & GRUNN ASA", "Gård & Grunn ASA"),
            ("MIKKEL'S BAKERI NUF", "Mikkel's Bakeri NUF"),
            ("HANSEN (UNDER AVVIKLING)", "Hansen (Under Avvikling)"),
            // Whoever is called by three letters, or by what nobody can pronounce.
            ("IBM AS", "IBM AS"),
            ("BDO AS", "BDO AS"),
            ("DNB BANK ASA", "DNB Bank ASA"),
            ("A.B. MØLLER AS", "A.B. Møller AS"),
            ("3D TRYKK AS", "3D Trykk AS"),
            ("A/S NORSK FISK", "A/S Norsk Fisk"),
            ("I FJOR AS", "I Fjor AS"),
        ] {
            assert_eq!(readable_name(registered), shown);
            assert_eq!(readable_name(shown), shown, "once is enough");
        }
    }

    #[test]
    fn names_with_small_letters_and_what_is_no_name_are_left_alone() {
        for name in ["eBok Øst AS", "NORDmann as", "Vika Tolketjenester AS", "", "  ", "311797816", "—"] {
            assert_eq!(readable_name(name), name);
        }
    }
}
