//! Asking all rules of a return in order takes no memory from the heap: texts are made when they are read.
#![allow(clippy::unwrap_used)]

use jiff::civil::date;
use vat_return::{Context, check, read, samples};

#[test]
fn a_return_in_order_is_checked_without_allocating() {
    let context = Context::on(date(2026, 11, 21));
    let mut clean = 0;
    for sample in samples::ALL {
        let ret = read(sample.bytes).unwrap();
        // The tables are read at the first use.
        if !check(&ret, &context).findings.is_empty() {
            continue;
        }
        let taken = allocation_counter::measure(|| drop(check(&ret, &context)));
        assert_eq!(taken.count_total, 0, "{}", sample.id);
        clean += 1;
    }
    assert!(clean >= 2);
}
