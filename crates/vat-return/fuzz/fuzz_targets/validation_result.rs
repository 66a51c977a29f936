//! Any bytes as a validation result; what was read is written and read the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vat_return::validation_result::{Shape, ValidationResult};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(result) = ValidationResult::read(bytes) {
        let again = ValidationResult::read(result.write(Shape::Old).as_bytes()).expect("the older shape can be read");
        assert_eq!(again.outcome, result.outcome);
        // The current shape wants at least one detail a deviation, which the older one does not.
        if result.deviations.iter().all(|deviation| !deviation.details.is_empty()) {
            assert_eq!(ValidationResult::read(result.write(Shape::Current).as_bytes()), Ok(result));
        }
    }
});
