//! Any bytes as an envelope; what was read is written and read the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vat_return::envelope::Envelope;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(envelope) = Envelope::read(bytes) {
        for namespace in [false, true] {
            let written = envelope.write(namespace);
            assert_eq!(Envelope::read(written.as_bytes()).as_ref(), Ok(&envelope));
        }
    }
});
