//! Characters that nobody sees, or that look like others: what is quoted of a file shows them.
//!
//! A code with a space of no width, a remark whose å is written with two characters, and a Cyrillic а look right wherever
//! they are quoted. So they are shown by their code point, and named.

use crate::language::Language;

/// Text with what cannot be seen, or cannot be told from something else, shown as `[U+200B]`; a blank for what a terminal
/// would obey.
///
/// ```
/// assert_eq!(vat_return::revealed("\u{202e}3\u{200b}"), "[U+202E]3[U+200B]");
/// assert_eq!(vat_return::revealed("gjenutførsel"), "gjenutførsel");
/// ```
pub fn revealed(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match name(character) {
            // A dash can be seen, and stands in many a remark; it is named where it is wrong.
            Some(Surprise::Dash) => shown.push(character),
            Some(_) => shown.push_str(&format!("[U+{:04X}]", u32::from(character))),
            None if character.is_control() => shown.push(' '),
            None => shown.push(character),
        }
    }
    shown
}

/// What kind of surprise a character is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Surprise {
    /// No width at all.
    NoWidth,
    /// Turns the direction of writing.
    Direction,
    /// A byte order mark, or a no-break space of no width.
    Mark,
    /// A hyphen that shows at the end of a line only.
    SoftHyphen,
    /// A space that is not the usual one.
    Space,
    /// Ends a line, or steers a printer.
    Control,
    /// Put over the letter before it.
    Combining,
    /// A dash or a minus that is not the hyphen of the keyboard.
    Dash,
    /// A letter, digit or sign that looks like one of ours.
    Lookalike(&'static str),
    /// What no script has, and what stands for something that was lost.
    Nothing,
}

fn name(character: char) -> Option<Surprise> {
    Some(match character {
        '\u{feff}' => Surprise::Mark,
        '\u{ad}' => Surprise::SoftHyphen,
        '\u{200b}'..='\u{200d}'
        | '\u{2060}'..='\u{2065}'
        | '\u{206a}'..='\u{206f}'
        | '\u{17b4}'
        | '\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{34f}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}' => Surprise::NoWidth,
        '\u{1}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' => {
            Surprise::Control
        }
        '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => Surprise::Direction,
        '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => Surprise::Space,
        // Letters and patterns of which nothing is drawn.
        '\u{115f}' | '\u{1160}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}' => Surprise::Space,
        '\u{300}'..='\u{36f}'
        | '\u{483}'..='\u{489}'
        | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}'
        | '\u{fe20}'..='\u{fe2f}' => Surprise::Combining,
        '\u{2010}'..='\u{2015}' | '\u{2043}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' => Surprise::Dash,
        '\u{370}'..='\u{3ff}' => Surprise::Lookalike("greek"),
        '\u{400}'..='\u{52f}' => Surprise::Lookalike("cyrillic"),
        '\u{660}'..='\u{669}' | '\u{6f0}'..='\u{6f9}' => Surprise::Lookalike("arabic"),
        '\u{ff01}'..='\u{ff5e}' => Surprise::Lookalike("wide"),
        // Latin letters end at U+024F; those of Vietnam and the letters of Wales have a place of their own.
        '\u{1e00}'..='\u{1eff}' | '\u{bc}'..='\u{be}' => return None,
        '\u{131}' | '\u{17f}' | '\u{1c0}'..='\u{1c3}' | '\u{237}' => Surprise::Lookalike("letter"),
        '\u{201a}' | '\u{2024}' | '\u{2044}' | '\u{2215}' | '\u{2236}' | '\u{589}' | '\u{66b}' | '\u{66c}' => {
            Surprise::Lookalike("sign")
        }
        '\u{e000}'..='\u{f8ff}' | '\u{fdd0}'..='\u{fdef}' | '\u{fffc}'..='\u{ffff}' | '\u{f0000}'.. => {
            Surprise::Nothing
        }
        other if other > '\u{24f}' && other.is_alphabetic() => Surprise::Lookalike("letter"),
        other if !other.is_ascii() && other.is_numeric() => Surprise::Lookalike("digit"),
        _ => return None,
    })
}

/// A sentence that names what cannot be seen in texts, or nothing.
pub(crate) fn said<'t>(texts: impl Iterator<Item = &'t str>, language: Language) -> Option<String> {
    let mut seen: Vec<String> = Vec::new();
    let mut padded = false;
    for text in texts {
        padded |= !text.trim().is_empty() && text.trim_matches([' ', '\t', '\n', '\r']) != text;
        for character in text.chars() {
            let Some(surprise) = name(character) else { continue };
            let known = format!("U+{:04X} ({})", u32::from(character), word(surprise, language));
            if !seen.contains(&known) {
                seen.push(known);
            }
        }
    }
    let characters = seen.join(", ");
    Some(match (seen.is_empty(), padded) {
        (true, false) => return None,
        (true, true) => crate::text(language, "invisible.blanksAround").to_owned(),
        (false, _) => crate::filled(language, "invisible.contains", &[("characters", &characters)]),
    })
}

fn word(surprise: Surprise, language: Language) -> &'static str {
    let key = match surprise {
        Surprise::NoWidth => "invisible.aCharacterWithoutWidth",
        Surprise::Direction => "invisible.turnsTheDirectionOfWriting",
        Surprise::Mark => "invisible.byteOrderMark",
        Surprise::SoftHyphen => "invisible.softHyphen",
        Surprise::Space => "invisible.anotherSpaceThanTheUsual",
        Surprise::Combining => "invisible.aMarkPutOverThe",
        Surprise::Control => "invisible.aControlCharacter",
        Surprise::Dash => "invisible.anotherDashThanTheHyphen",
        Surprise::Lookalike("letter") => "invisible.aLetterOfAnotherAlphabet",
        Surprise::Lookalike("digit") => "invisible.aDigitThatIsNone",
        Surprise::Lookalike("sign") => "invisible.aSignThatLooksLike",
        Surprise::Nothing => "invisible.aCharacterOfNoScript",
        Surprise::Lookalike("cyrillic") => "invisible.aCyrillicLetter",
        Surprise::Lookalike("greek") => "invisible.aGreekLetter",
        Surprise::Lookalike("arabic") => "invisible.anArabicDigit",
        Surprise::Lookalike(_) => "invisible.aFullWidthCharacter",
    };
    crate::text(language, key)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn f11_what_cannot_be_seen_is_named() {
        let say = |text: &str| said([text].into_iter(), Language::Nb);
        assert_eq!(say("tapPåKrav"), None);
        assert_eq!(
            say("tapPa\u{30a}Krav").unwrap(),
            "Det ser ikke slik ut, men i teksten står U+030A (tegn som legges over bokstaven foran)."
        );
        assert!(say("\u{202e}3\u{200b}").unwrap().contains("U+202E (snur skriveretningen), U+200B (tegn uten bredde)"));
        assert!(say("kreditn\u{43e}ta").unwrap().contains("U+043E (kyrillisk bokstav)"));
        assert!(say("kre\u{ad}ditnota").unwrap().contains("U+00AD (myk bindestrek)"));
        assert!(say("25\u{a0}").unwrap().contains("U+00A0 (hardt mellomrom)"));
        assert_eq!(say(" tjenesteeksport ").unwrap(), "Det står mellomrom foran eller bak teksten.");
        assert_eq!(revealed("\u{feff}<?xml"), "[U+FEFF]<?xml");
    }

    #[test]
    fn f11_what_no_script_has_and_signs_that_look_like_others_are_named() {
        for character in "\u{e000}\u{fffd}\u{fdd0}\u{f8ff}\u{10fffd}\u{201a}\u{2024}\u{66b}\u{2236}\u{1c0}".chars() {
            let text = format!("11{character}11");
            let code = format!("U+{:04X}", u32::from(character));
            assert!(said([text.as_str()].into_iter(), Language::Nb).is_some_and(|said| said.contains(&code)), "{code}");
            assert!(revealed(&text).contains(&code), "{code}");
        }
    }

    #[test]
    fn f11_nothing_that_shows_nothing_or_looks_like_something_else_goes_unnamed() {
        let unseen = "\u{85}\u{2028}\u{e0041}\u{3164}\u{2800}\u{115f}\u{2060}\u{206a}\u{fff9}\u{20dd}\u{1d173}";
        // Of other scripts: dotless i, Armenian, a mathematical three, a Devanagari three, a raised two.
        let alike = "\u{131}\u{578}\u{1d7d1}\u{969}\u{b2}";
        for character in unseen.chars().chain(alike.chars()) {
            let text = format!("a{character}b");
            let code = format!("U+{:04X}", u32::from(character));
            assert!(said([text.as_str()].into_iter(), Language::Nb).unwrap().contains(&code), "{code}");
            assert!(revealed(&text).contains(&code), "{code}");
        }
        for dash in ["\u{2011}", "\u{2013}", "\u{2212}"] {
            let text = format!("september{dash}oktober");
            assert!(said([text.as_str()].into_iter(), Language::En).unwrap().contains("another dash than the hyphen"));
            assert_eq!(revealed(&text), text);
        }
        let plain = "Čáhppesšuvvi på Øye: «25 %» – å, ü, ß, é, €, §";
        assert_eq!(revealed(plain), plain);
    }
}
