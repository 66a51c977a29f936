//! The texts of a delivery: what a ledger leaves out because no figure needs it, and what a person reads and searches.
//!
//! They hold names of customers and suppliers, and are kept in memory only as long as the delivery is looked at.

use crate::delivery::{File, Progress, again};
use crate::error::{Problem, Refusal};
use crate::limits::{Limits, is_wanted};
use crate::voucher::{Header, Sink, Voucher};
use std::collections::HashMap;

/// A piece of the words: where it begins, and its length.
type Piece = (u32, u32);

const NOBODY: u32 = u32::MAX;

#[derive(Debug, Clone, Copy)]
struct LineWords {
    text: Piece,
    reference: Piece,
    party: u32,
}

/// Texts, references and counterparties, by the indices of the [`Ledger`](crate::Ledger) of the same files.
#[derive(Debug, Default)]
pub struct Texts {
    words: String,
    vouchers: Vec<(Piece, u32)>,
    lines: Vec<LineWords>,
    parties: Vec<String>,
}

impl Texts {
    /// How many vouchers there are texts of.
    pub fn len(&self) -> usize {
        self.vouchers.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.vouchers.is_empty()
    }

    /// The text of a voucher.
    pub fn voucher(&self, index: usize) -> &str {
        self.vouchers.get(index).map_or("", |(text, _)| self.piece(*text))
    }

    /// The text of a line, else of its voucher.
    pub fn line(&self, voucher: usize, line: usize) -> &str {
        match self.lines.get(line) {
            Some(words) if words.text.1 > 0 => self.piece(words.text),
            _ => self.voucher(voucher),
        }
    }

    /// The reference of a line.
    pub fn reference(&self, line: usize) -> &str {
        self.lines.get(line).map_or("", |words| self.piece(words.reference))
    }

    /// The customer or supplier that a line names: by name, else by id.
    pub fn party_of_line(&self, line: usize) -> Option<&str> {
        let party = self.lines.get(line)?.party;
        self.parties.get(party as usize).map(String::as_str)
    }

    /// The customer or supplier of a voucher: the first that one of its lines names.
    pub fn party(&self, voucher: usize) -> &str {
        let from = self.vouchers.get(voucher).map_or(0, |(_, first)| *first as usize);
        let to = self.vouchers.get(voucher + 1).map_or(self.lines.len(), |(_, first)| *first as usize);
        let lines = self.lines.get(from..to).unwrap_or_default();
        let party = lines.iter().map(|line| line.party).find(|party| *party != NOBODY);
        party.and_then(|party| self.parties.get(party as usize)).map_or("", String::as_str)
    }

    fn piece(&self, (from, length): Piece) -> &str {
        self.words.get(from as usize..(from + length) as usize).unwrap_or_default()
    }
}

/// Reads the texts of the files that a ledger was read of.
///
/// # Errors
/// [`Refusal`] when the files cannot be read any more, or the reading is broken off.
pub fn read_texts(files: &mut [File<'_>], limits: &Limits, progress: &mut Progress<'_>) -> Result<Texts, Refusal> {
    let mut gathered = Gathered { only: limits.company.clone(), ..Gathered::default() };
    again(files, limits, progress, &mut gathered)?;
    let mut texts = gathered.texts;
    texts.words.shrink_to_fit();
    texts.lines.shrink_to_fit();
    Ok(texts)
}

#[derive(Default)]
struct Gathered {
    texts: Texts,
    only: Option<String>,
    by_id: HashMap<String, u32>,
}

impl Gathered {
    fn keep(&mut self, text: &str, before: Piece) -> Result<Piece, Problem> {
        if text.is_empty() {
            return Ok((0, 0));
        }
        // Most lines say what their voucher says.
        if self.texts.piece(before) == text {
            return Ok(before);
        }
        let from = u32::try_from(self.texts.words.len()).map_err(|_| Problem::TooMuch)?;
        let length = u32::try_from(text.len()).map_err(|_| Problem::TooMuch)?;
        from.checked_add(length).ok_or(Problem::TooMuch)?;
        self.texts.words.push_str(text);
        Ok((from, length))
    }

    fn party_of(&mut self, id: &str) -> u32 {
        if id.is_empty() {
            return NOBODY;
        }
        if let Some(known) = self.by_id.get(id) {
            return *known;
        }
        let index = u32::try_from(self.texts.parties.len()).unwrap_or(NOBODY);
        self.texts.parties.push(id.to_owned());
        self.by_id.insert(id.to_owned(), index);
        index
    }
}

impl Sink for Gathered {
    fn header(&mut self, header: &Header) -> Result<(), Problem> {
        is_wanted(header, self.only.as_deref())
    }

    fn party(&mut self, id: &str, name: &str) {
        let index = self.party_of(id);
        if let Some(known) = self.texts.parties.get_mut(index as usize)
            && !name.is_empty()
        {
            name.clone_into(known);
        }
    }

    fn voucher(&mut self, voucher: &Voucher) -> Result<(), Problem> {
        if voucher.date.is_none() {
            return Ok(());
        }
        let first = u32::try_from(self.texts.lines.len()).map_err(|_| Problem::TooMuch)?;
        let text = self.keep(&voucher.text, (0, 0))?;
        self.texts.vouchers.push((text, first));
        let mut reference_before = (0, 0);
        for line in &voucher.lines {
            let own = voucher.words(&line.text);
            let text = if own == voucher.text { (0, 0) } else { self.keep(own, text)? };
            let reference = if line.reference.is_empty() { &line.document } else { &line.reference };
            let reference = self.keep(voucher.words(reference), reference_before)?;
            reference_before = reference;
            let id = if line.customer.is_empty() { &line.supplier } else { &line.customer };
            let party = self.party_of(voucher.words(id));
            self.texts.lines.push(LineWords { text, reference, party });
        }
        Ok(())
    }
}
