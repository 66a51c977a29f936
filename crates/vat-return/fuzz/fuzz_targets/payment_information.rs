//! Any bytes as a payment information; what was read is written and read the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vat_return::payment_information::PaymentInformation;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(information) = PaymentInformation::read(bytes) {
        assert_eq!(PaymentInformation::read(information.write().as_bytes()), Ok(information));
    }
});
