//! Any bytes as a delivery: no panic, a refusal that can be told, and what was read gives a draft whose sum is that of its
//! lines, the same when it is read again.
#![no_main]

use books::{Request, draft};
use libfuzzer_sys::fuzz_target;
use saf_t::{File, Limits, read_again, read_delivery};
use std::io::Cursor;
use std::ops::ControlFlow;

fuzz_target!(|bytes: &[u8]| {
    let mut source = Cursor::new(bytes);
    let mut files = [File { name: "a_1_1.xml".to_owned(), source: &mut source }];
    let limits = Limits { unpacked: 1 << 20, free: 1 << 20, ..Limits::default() };
    match read_delivery(&mut files, &limits, &mut |_| ControlFlow::Continue(())) {
        Ok(ledger) => {
            let made = draft(&ledger, &Request::default());
            assert_eq!(made.sum(), made.lines.iter().map(books::DraftLine::vat).sum::<i128>());
            for question in &made.questions {
                assert!(question.vouchers.iter().all(|voucher| *voucher < ledger.len()));
                assert!(!question.text(vat_return::Language::Nb).is_empty());
            }
            let mut count = 0;
            let again = read_again(&mut files, &limits, &mut |_| ControlFlow::Continue(()), &mut |_, _| count += 1);
            assert!(again.is_ok());
            assert_eq!(count, ledger.len());
        }
        Err(refusal) => {
            assert!(!books::texts::refusal(&refusal, vat_return::Language::En).is_empty());
        }
    }
});
