#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| office::hardening::foreign::integration_file(bytes));
