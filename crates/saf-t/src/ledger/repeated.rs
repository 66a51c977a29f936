//! Vouchers that are the same as one before them: in one file it is asked about, in two the files overlap.

use super::Builder;
use crate::error::{Problem, Refusal};
use crate::limits::company_digits;

impl Builder {
    /// Finds vouchers that are there twice.
    ///
    /// # Errors
    /// When they are in two files.
    pub(super) fn repeated(&mut self) -> Result<(), Refusal> {
        // Half of each hash, and the voucher: eight bytes for each of millions.
        let mut halves: Vec<u64> = (0..u32::try_from(self.ledger.len()).unwrap_or(u32::MAX))
            .map(|voucher| self.hash(voucher) & 0xFFFF_FFFF_0000_0000 | u64::from(voucher))
            .collect();
        halves.sort_unstable();
        let alike = halves.chunk_by(|one, other| one >> 32 == other >> 32).filter(|alike| alike.len() > 1);
        for alike in alike {
            let voucher = |half: &u64| u32::try_from(half & 0xFFFF_FFFF).unwrap_or(u32::MAX);
            let mut whole: Vec<(u64, u32)> = alike.iter().map(voucher).map(|it| (self.hash(it), it)).collect();
            whole.sort_unstable();
            for pair in whole.windows(2) {
                let [(hash, first), (other, second)] = *pair else { continue };
                if hash == other && self.same(first as usize, second as usize) {
                    self.twice(first, second)?;
                }
            }
        }
        Ok(())
    }

    /// A voucher is the same as one before it.
    fn twice(&mut self, first: u32, second: u32) -> Result<(), Refusal> {
        let file = |voucher: u32| self.ledger.voucher(voucher as usize).map_or(0, |row| usize::from(row.file));
        let (one, two) = (file(first), file(second));
        let company = |at: usize| self.ledger.files.get(at).and_then(|file| company_digits(&file.header));
        if self.joint && company(one) != company(two) {
            return Ok(());
        }
        if one != two {
            let name = |file: usize| self.ledger.files.get(file).map(|file| file.name.clone()).unwrap_or_default();
            let voucher = self.ledger.number(first as usize).to_owned();
            let problem = Problem::OverlappingParts { voucher, first: name(one), second: name(two) };
            return Err(Refusal { file: None, problem });
        }
        self.ledger.repeated.push((second, first));
        Ok(())
    }

    /// A hash of what is equal in equal vouchers.
    fn hash(&self, voucher: u32) -> u64 {
        let (ledger, at) = (&self.ledger, voucher as usize);
        let mut hash = Mixed::default();
        if let Some(row) = ledger.voucher(at) {
            hash.add(u64::from(row.journal));
            hash.add(
                u64::from(row.date.year().unsigned_abs()) << 16 | u64::from(row.date.day_of_year().unsigned_abs()),
            );
        }
        ledger.number(at).bytes().for_each(|byte| hash.add(u64::from(byte)));
        for line in ledger.lines_of(at) {
            let (account, net) = ledger.line(line);
            hash.add(account as u64);
            hash.add(net.cast_unsigned());
        }
        for tax in ledger.taxes_of(at).filter_map(|tax| ledger.tax(tax)) {
            hash.add(u64::from(tax.said.code));
            hash.add(tax.amount.cast_unsigned());
        }
        hash.0
    }

    /// Whether two vouchers say the same. Without a line they say nothing.
    fn same(&self, one: usize, two: usize) -> bool {
        let ledger = &self.ledger;
        let key =
            |voucher: usize| ledger.voucher(voucher).map(|row| (row.date, row.journal, row.period, row.period_year));
        let lines = |voucher: usize| ledger.lines_of(voucher).map(|line| ledger.line(line));
        let taxes = |voucher: usize| {
            let first = ledger.lines_of(voucher).start;
            ledger
                .taxes_of(voucher)
                .filter_map(|tax| ledger.tax(tax))
                .map(move |tax| (tax.line as usize - first, tax.said.code, tax.base, tax.amount, tax.said.rate))
        };
        key(one) == key(two)
            && ledger.number(one) == ledger.number(two)
            && !ledger.lines_of(one).is_empty()
            && lines(one).eq(lines(two))
            && taxes(one).eq(taxes(two))
    }
}

/// A hash of what is equal in equal vouchers. Equal hashes are looked at again, so that nobody gains by making them.
#[derive(Default)]
struct Mixed(u64);

impl Mixed {
    #[inline]
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}
