//! Any bytes as one of Skatteetaten's documents, and as a return that may be mended: what is mended is mended once, and
//! what is not changes no byte.
#![no_main]

use files::{Document, FileKind};
use libfuzzer_sys::fuzz_target;
use vat_return::{Language, mend::mend, read};

fuzz_target!(|bytes: &[u8]| {
    for kind in FileKind::ALL {
        if let Some(document) = Document::read(kind, bytes) {
            for language in Language::ALL.iter().copied() {
                assert!(document.facts(language).iter().all(|fact| !fact.label.is_empty()));
            }
        }
    }
    if let Ok(mended) = mend(bytes) {
        if mended.changes.is_empty() {
            assert_eq!(mended.bytes, bytes);
        } else {
            assert!(read(bytes).is_err() || read(&mended.bytes).is_ok(), "what could be read can be read");
            let again = mend(&mended.bytes).expect("what was mended can be mended");
            assert_eq!(again.bytes, mended.bytes, "once is enough");
        }
    }
});
