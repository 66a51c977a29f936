//! Columns that take few bytes where nearly all values are small: a ledger of millions of lines has little else.

use std::collections::HashMap;
use std::hash::Hash;

/// Stands in [`Amounts`] for an amount that lies beside.
const BESIDE: i32 = i32::MIN;

/// Amounts in øre, four bytes each; those beyond some 21 million kroner lie beside.
#[derive(Debug, Default)]
pub(crate) struct Amounts {
    small: Vec<i32>,
    large: HashMap<usize, i64>,
}

impl Amounts {
    pub(crate) fn push(&mut self, amount: i64) {
        let small = i32::try_from(amount).unwrap_or(BESIDE);
        if small == BESIDE {
            self.large.insert(self.small.len(), amount);
        }
        self.small.push(small);
    }

    #[inline]
    pub(crate) fn get(&self, at: usize) -> Option<i64> {
        match *self.small.get(at)? {
            BESIDE => self.large.get(&at).copied(),
            small => Some(i64::from(small)),
        }
    }
}

/// Indices of accounts: two bytes each, four where there are more accounts than that.
#[derive(Debug)]
pub(crate) enum Indices {
    Short(Vec<u16>),
    Long(Vec<u32>),
}

impl Default for Indices {
    fn default() -> Self {
        Self::Short(Vec::new())
    }
}

impl Indices {
    pub(crate) fn push(&mut self, index: u32) {
        match self {
            Self::Short(short) => match u16::try_from(index) {
                Ok(index) => short.push(index),
                Err(_) => {
                    let mut long: Vec<u32> = short.iter().map(|index| u32::from(*index)).collect();
                    long.push(index);
                    *self = Self::Long(long);
                }
            },
            Self::Long(long) => long.push(index),
        }
    }

    #[inline]
    pub(crate) fn get(&self, at: usize) -> Option<usize> {
        match self {
            Self::Short(short) => short.get(at).map(|index| usize::from(*index)),
            Self::Long(long) => long.get(at).map(|index| *index as usize),
        }
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Short(short) => short.len(),
            Self::Long(long) => long.len(),
        }
    }
}

/// Values that are the same again and again: each is kept once, and known by its index.
#[derive(Debug)]
pub(crate) struct Once<T> {
    all: Vec<T>,
    known: HashMap<T, u32>,
    last: u32,
}

impl<T> Default for Once<T> {
    fn default() -> Self {
        Self { all: Vec::new(), known: HashMap::new(), last: 0 }
    }
}

impl<T: Copy + Eq + Hash> Once<T> {
    /// The index of a value; none beyond 2³² of them.
    pub(crate) fn index(&mut self, value: T) -> Option<u32> {
        // Neighbours are often alike.
        if self.get(self.last) == Some(&value) {
            return Some(self.last);
        }
        let index = match self.known.get(&value) {
            Some(index) => *index,
            None => {
                let index = u32::try_from(self.all.len()).ok()?;
                self.all.push(value);
                self.known.insert(value, index);
                index
            }
        };
        self.last = index;
        Some(index)
    }

    #[inline]
    pub(crate) fn get(&self, index: u32) -> Option<&T> {
        self.all.get(index as usize)
    }

    /// No more will come.
    pub(crate) fn finish(&mut self) {
        self.known = HashMap::new();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_amount_comes_back() {
        let all = [0, 1, -1, i64::from(i32::MAX), i64::from(i32::MIN), i64::from(i32::MIN) + 1, i64::MAX, i64::MIN];
        let mut amounts = Amounts::default();
        all.iter().for_each(|amount| amounts.push(*amount));
        let back: Vec<i64> = (0..all.len()).map(|at| amounts.get(at).unwrap()).collect();
        assert_eq!(back, all);
        assert_eq!(amounts.get(all.len()), None);
        assert_eq!(amounts.large.len(), 3, "what 32 bits hold lies in the column");
    }

    #[test]
    fn more_accounts_than_two_bytes_count() {
        let mut indices = Indices::default();
        let all = [0_u32, 65_535, 7, 65_536, 3, u32::MAX];
        for (at, index) in all.into_iter().enumerate() {
            assert_eq!(indices.len(), at);
            indices.push(index);
        }
        let back: Vec<usize> = (0..all.len()).map(|at| indices.get(at).unwrap()).collect();
        assert_eq!(back, all.map(|index| index as usize));
    }

    #[test]
    fn what_is_the_same_is_kept_once() {
        let mut once = Once::default();
        let indices: Vec<u32> =
            ["a", "a", "b", "a", "c", "b"].into_iter().map(|text| once.index(text).unwrap()).collect();
        assert_eq!(indices, [0, 0, 1, 0, 2, 1]);
        assert_eq!((once.get(2), once.get(3)), (Some(&"c"), None));
    }
}
