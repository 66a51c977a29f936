//! The returns that lie open, in their order: each is found by its key, and those of one period by what they are about,
//! without looking through all of them. An office drops tens of thousands of files in an evening, and each of them is
//! looked up a dozen times.

use std::{collections::HashMap, ops::Deref};

use vat_return::{Category, Period};
use view::{CardNote, VerdictName, ids::CardId};

use super::Card;

/// What two returns that must not both be filed have in common.
type Occasion = (String, Category, Period);

/// How many others of its period a card names: of a folder with a thousand versions of one return each would name all.
const MOST_NAMED: usize = 10;

/// The returns that lie open.
#[derive(Debug, Default, Clone)]
pub(crate) struct OpenCards {
    cards: Vec<Card>,
    places: HashMap<CardId, usize>,
    /// Where the unfiled cards of each occasion are, in order.
    occasions: HashMap<Occasion, Vec<usize>>,
}

impl Deref for OpenCards {
    type Target = [Card];

    fn deref(&self) -> &[Card] {
        &self.cards
    }
}

impl OpenCards {
    /// A card by its key.
    pub(crate) fn find(&self, id: &CardId) -> Option<&Card> {
        self.cards.get(*self.places.get(id)?)
    }

    /// Lays a card behind the others.
    pub(crate) fn push(&mut self, card: Card) {
        let place = self.cards.len();
        self.places.insert(card.id.clone(), place);
        if let Some(key) = unfiled(&card) {
            self.occasions.entry(key).or_default().push(place);
        }
        self.cards.push(card);
    }

    /// Changes a card, if it is there.
    pub(crate) fn change(&mut self, id: &CardId, change: impl FnOnce(&mut Card)) {
        let Some(place) = self.places.get(id).copied() else { return };
        let Some(card) = self.cards.get_mut(place) else { return };
        let before = unfiled(card);
        change(card);
        let now = unfiled(card);
        if before == now {
            return;
        }
        if let Some(places) = before.and_then(|key| self.occasions.get_mut(&key))
            && let Ok(at) = places.binary_search(&place)
        {
            places.remove(at);
        }
        if let Some(places) = now.map(|key| self.occasions.entry(key).or_default())
            && let Err(at) = places.binary_search(&place)
        {
            places.insert(at, place);
        }
    }

    /// Takes a card away.
    pub(crate) fn remove(&mut self, id: &CardId) -> Option<Card> {
        let card = self.cards.remove(*self.places.get(id)?);
        self.arrange();
        Some(card)
    }

    /// Takes away all cards of which this is so, in their order.
    pub(crate) fn take(&mut self, which: impl FnMut(&Card) -> bool) -> Vec<Card> {
        let (taken, left) = std::mem::take(&mut self.cards).into_iter().partition(which);
        self.cards = left;
        self.arrange();
        taken
    }

    /// Other cards that are about the same as this one and not filed: key and file name of each.
    pub(crate) fn twins(&self, card: &Card) -> impl Iterator<Item = (&CardId, &str)> {
        let places = occasion(card).and_then(|key| self.occasions.get(&key)).map(Vec::as_slice).unwrap_or_default();
        let cards = places.iter().filter_map(|place| self.cards.get(*place));
        let id = card.id.clone();
        cards.filter(move |other| other.id != id).map(|other| (&other.id, other.file_name.as_str()))
    }

    /// The same as notes on the card.
    pub(crate) fn twin_notes(&self, card: &Card) -> Vec<CardNote> {
        let note =
            |(card, file): (&CardId, &str)| CardNote::SamePeriod { card: card.to_string(), file: file.to_owned() };
        self.twins(card).take(MOST_NAMED).map(note).collect()
    }

    fn arrange(&mut self) {
        let cards = std::mem::take(&mut self.cards);
        self.places.clear();
        self.occasions.clear();
        self.cards.reserve(cards.len());
        cards.into_iter().for_each(|card| self.push(card));
    }
}

/// What a card is about, when it is about something that can be filed twice: a filing that is over leaves its return free,
/// and what is invalid cannot be filed at all.
fn occasion(card: &Card) -> Option<Occasion> {
    if card.verdict() == VerdictName::Invalid {
        return None;
    }
    let vat_return = &card.content.as_ref().ok()?.vat_return;
    let number = vat_return.org_number.as_ref()?.value.to_string();
    Some((number, vat_return.category.value, vat_return.period.value))
}

/// The same of a card that is not filed: one that is being filed or has been is told of by the filing itself.
fn unfiled(card: &Card) -> Option<Occasion> {
    if card.filing.is_some() { None } else { occasion(card) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::cards::ReadFile;
    use vat_return::samples;
    use view::ids::FilingId;

    fn card(id: &str, content: &str) -> Card {
        let found = ReadFile::a_return(format!("{id}.xml"), None, content.as_bytes().to_vec().into());
        Card::new(CardId::named(id), found, "2026-11-21T12:00:00Z".parse().unwrap())
    }

    fn twins(lying: &OpenCards, id: &str) -> Vec<String> {
        lying.twins(lying.find(&CardId::named(id)).unwrap()).map(|(id, _)| id.name()).collect()
    }

    #[test]
    fn cards_of_one_period_find_each_other_whatever_becomes_of_them() {
        let sample = std::str::from_utf8(samples::by_id("fjordlys").unwrap().bytes).unwrap();
        let mut lying = OpenCards::default();
        for id in ["a", "b", "c"] {
            lying.push(card(id, sample));
        }
        lying.push(card("other", &sample.replace("september-oktober", "mai-juni")));
        lying.push(card("none", "<x/>"));
        assert_eq!(twins(&lying, "b"), ["a", "c"]);
        assert!(twins(&lying, "other").is_empty() && twins(&lying, "none").is_empty());
        // Filed, it is in nobody's way; given up, it is again, where it was.
        lying.change(&CardId::named("a"), |card| card.filing = Some(FilingId::from(uuid::Uuid::nil())));
        assert_eq!(
            (twins(&lying, "b"), twins(&lying, "a")),
            (vec!["c".to_owned()], vec!["b".to_owned(), "c".to_owned()])
        );
        lying.change(&CardId::named("a"), |card| card.filing = None);
        assert_eq!(twins(&lying, "c"), ["a", "b"]);
        assert_eq!(lying.remove(&CardId::named("a")).unwrap().id.name(), "a");
        assert!(lying.remove(&CardId::named("a")).is_none() && lying.find(&CardId::named("a")).is_none());
        assert_eq!(twins(&lying, "c"), ["b"]);
        assert_eq!(lying.take(|card| card.id.name() == "b").len(), 1);
        assert!(twins(&lying, "c").is_empty());
        assert_eq!(lying.iter().map(|card| card.id.name()).collect::<Vec<_>>(), ["c", "other", "none"]);
    }

    #[test]
    fn a_thousand_versions_of_one_period_are_all_known_and_a_few_named() {
        let sample = std::str::from_utf8(samples::by_id("fjordlys").unwrap().bytes).unwrap();
        let one = card("0", sample);
        let mut lying = OpenCards::default();
        for n in 0..1_000 {
            lying.push(Card { id: CardId::named(&n.to_string()), ..one.clone() });
        }
        assert_eq!(lying.twins(&one).count(), 999);
        assert_eq!(lying.twin_notes(&one).len(), MOST_NAMED);
    }
}
