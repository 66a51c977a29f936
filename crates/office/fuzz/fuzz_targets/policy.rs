#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| office::hardening::foreign::policy(bytes));
