//! Any bytes as a return: no panic, complaints that can be told, and what was read is written and read the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vat_return::{Context, Language, check_bytes, read};

fuzz_target!(|bytes: &[u8]| {
    match read(bytes) {
        Ok(vat_return) => {
            let written = vat_return.write();
            let again = read(written.as_bytes()).expect("what was written can be read");
            assert_eq!(again.write(), written);
            assert_eq!(again.lines.len(), vat_return.lines.len());
        }
        Err(rejection) => {
            assert!(!rejection.text(Language::Nb).is_empty());
            for complaint in rejection.complaints() {
                assert!(complaint.at.line >= 1 && complaint.at.column >= 1);
                assert!(!complaint.text(Language::En).is_empty());
            }
        }
    }
    let _ = check_bytes(bytes, &Context::on(today()));
});

/// Any day will do, as long as it is always the same.
fn today() -> jiff::civil::Date {
    jiff::civil::date(2026, 11, 21)
}
