//! How far a document has come in a sequence of the schema.

use super::{Element, Particle};

/// A place in a sequence, and how often it was used.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Progress {
    pub(crate) place: usize,
    pub(crate) used: u32,
}

impl Progress {
    /// Goes on to the element of this name, if it may come now.
    #[inline]
    pub(crate) fn admit(&mut self, particles: &'static [Particle], name: &str) -> Option<&'static Element> {
        let Self { mut place, mut used } = *self;
        while let Some(particle) = particles.get(place) {
            if let Some(element) = particle.any_of.iter().find(|element| element.name == name) {
                if used > 0 && !particle.repeated {
                    return None;
                }
                *self = Self { place, used: used + 1 };
                return Some(element);
            }
            if particle.required && used == 0 {
                return None;
            }
            place += 1;
            used = 0;
        }
        None
    }

    /// The names of the required elements between here and `until`, or none if there are none.
    pub(crate) fn missing(self, particles: &[Particle], until: usize) -> Option<String> {
        let from = if self.used > 0 { self.place + 1 } else { self.place };
        let absent = particles.get(from..until)?.iter().filter(|particle| particle.required);
        let names: Vec<String> = absent.map(choice).collect();
        (!names.is_empty()).then(|| names.join(", "))
    }

    /// The names of the elements that may come now.
    pub(crate) fn allowed(self, particles: &[Particle]) -> String {
        let mut names = Vec::new();
        for (index, particle) in particles.iter().enumerate().skip(self.place) {
            let here = index == self.place && self.used > 0;
            if !here || particle.repeated {
                names.push(choice(particle));
            }
            if particle.required && !here {
                break;
            }
        }
        names.join(", ")
    }
}

fn choice(particle: &Particle) -> String {
    particle.any_of.iter().map(|element| element.name).collect::<Vec<_>>().join(" | ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::periods::{PERIOD, TEXT};
    use crate::schema::{Tag, any, maybe, one, some};

    static A: Element = Element { name: "a", tag: Tag::Frame, of: &TEXT };
    static B: Element = Element { name: "b", tag: Tag::Frame, of: &TEXT };
    static C: Element = Element { name: "c", tag: Tag::Frame, of: &TEXT };

    fn admitted(particles: &'static [Particle], names: &str) -> (usize, Progress) {
        let mut progress = Progress::default();
        let count = names.split_terminator(' ').take_while(|name| progress.admit(particles, name).is_some()).count();
        (count, progress)
    }

    #[test]
    fn one_maybe_any_and_some() {
        static SEQUENCE: [Particle; 4] = [one(&[&A]), maybe(&[&B]), any(&[&C]), some(&[&PERIOD])];
        assert_eq!(admitted(&SEQUENCE, "a b c c c skattleggingsperiode skattleggingsperiode").0, 7);
        assert_eq!(admitted(&SEQUENCE, "a skattleggingsperiode").0, 2);
        assert_eq!(admitted(&SEQUENCE, "b").0, 0);
        assert_eq!(admitted(&SEQUENCE, "a a").0, 1);
        assert_eq!(admitted(&SEQUENCE, "a c b").0, 2);
    }

    #[test]
    fn what_is_missing_and_what_may_come() {
        static SEQUENCE: [Particle; 4] = [one(&[&A, &B]), maybe(&[&B]), any(&[&C]), one(&[&PERIOD])];
        let start = Progress::default();
        assert_eq!(start.missing(&SEQUENCE, 4).as_deref(), Some("a | b, skattleggingsperiode"));
        assert_eq!(start.allowed(&SEQUENCE), "a | b");
        let (_, after) = admitted(&SEQUENCE, "b c");
        assert_eq!(after.missing(&SEQUENCE, 3), None);
        assert_eq!(after.allowed(&SEQUENCE), "c, skattleggingsperiode");
        let (_, end) = admitted(&SEQUENCE, "a skattleggingsperiode");
        assert_eq!((end.missing(&SEQUENCE, 4), end.allowed(&SEQUENCE)), (None, String::new()));
    }
}
