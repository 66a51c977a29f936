//! Any bytes as a file, packed or not: what is said of it stays within its bounds, and no name is more than a line.
#![no_main]

use files::{Bounds, Content, Look, packed};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let small = packed::Bounds { entries: 200, depth: 3, bytes: 4_000_000, ratio: 300, nested: 1_000_000 };
    let bounds = Bounds { bytes: 2_000_000, packed: small, ..Bounds::default() };
    let (mut items, mut read) = (0_usize, 0_usize);
    Look::new(bounds).bytes("fil.xml", bytes.to_vec(), true, &mut |item| {
        items += 1;
        let name = item.name.file_name();
        assert!(!name.chars().any(char::is_control), "{name:?}");
        if let Content::Return(bytes) | Content::Shown(bytes) = &item.content {
            read += bytes.len();
        }
        assert!(item.kind.title(vat_return::Language::Nb).ends_with('.'));
    });
    assert!(items <= 2_000, "{items}");
    assert!(read <= bytes.len() + 8_000_000, "{read}");
});
