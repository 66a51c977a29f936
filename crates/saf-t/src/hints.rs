//! What texts hint at: what no code says and a specification must.

/// What a text hints at (facts, section 2, "Specifications").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Hints(u8);

impl Hints {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// Uttak.
    pub const WITHDRAWAL: Self = Self(1);
    /// Tap på krav.
    pub const LOSS: Self = Self(2);

    /// Whether it is hinted at.
    pub fn has(self, hint: Self) -> bool {
        self.0 & hint.0 != 0
    }

    /// Both together.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What a text hints at. "Omsetning og uttak" is the standard text of codes 5 and 6 and hints at nothing.
    pub fn of(text: &str) -> Self {
        // Nearly every text is settled without a copy of it: both words are looked for by a letter that is not common.
        let bytes = text.as_bytes();
        let has = |letters: (u8, u8), before: usize, word: &[u8]| {
            memchr::memchr2_iter(letters.0, letters.1, bytes).any(|at| {
                let from = at.checked_sub(before);
                let part = from.and_then(|from| bytes.get(from..from + word.len()));
                part.is_some_and(|part| part.eq_ignore_ascii_case(word))
            })
        };
        if !has((b'u', b'U'), 0, b"uttak") && !has((b'p', b'P'), 2, b"tap p") {
            return Self::NONE;
        }
        let text = text.to_lowercase();
        let mut hints = Self::NONE;
        if text.replace("omsetning og uttak", "").replace("omsetnad og uttak", "").contains("uttak") {
            hints = hints.with(Self::WITHDRAWAL);
        }
        if ["tap på krav", "tap på fordring", "tap på kundefordring", "tap på kunde"]
            .iter()
            .any(|loss| text.contains(loss))
        {
            hints = hints.with(Self::LOSS);
        }
        hints
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_wherever_they_stand() {
        for text in ["Uttak", "privat UTTAK varer", "uttak", "Varer til uttaksmerke", "u uttak"] {
            assert_eq!(Hints::of(text), Hints::WITHDRAWAL, "{text}");
        }
        for text in ["Tap på krav", "TAP PÅ FORDRING 2025", "konstatert tap på kunder", "p tap på krav"] {
            assert_eq!(Hints::of(text), Hints::LOSS, "{text}");
        }
        assert_eq!(Hints::of("uttak og tap på krav"), Hints::WITHDRAWAL.with(Hints::LOSS));
        for text in ["", "p", "u", "ap p", "Omsetning og uttak", "utt", "tap pr.", "utta", "Faktura til kunde 7"] {
            assert_eq!(Hints::of(text), Hints::NONE, "{text}");
        }
    }
}
