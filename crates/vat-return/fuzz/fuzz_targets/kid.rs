//! Any text as one of the three numbers with a check digit.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vat_return::{AccountNumber, Kid, OrgNumber};

fuzz_target!(|text: &str| {
    if let Ok(kid) = Kid::parse(text) {
        assert_eq!(kid.as_str(), text);
        assert_eq!(kid.grouped().replace('\u{a0}', ""), text);
    }
    if let Ok(number) = OrgNumber::parse(text) {
        assert_eq!(OrgNumber::parse(&number.grouped()), Ok(number));
    }
    if let Ok(number) = AccountNumber::parse(text) {
        assert_eq!(AccountNumber::parse(&number.grouped()), Ok(number));
    }
});
