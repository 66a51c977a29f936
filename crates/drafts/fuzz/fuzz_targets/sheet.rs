//! Any bytes as a spreadsheet, or as the part of one that holds the cells: it is understood or refused within its bounds,
//! each of its rows says what became of it, and what became a draft can be summed, checked, and written on the template
//! that reads the same.
#![no_main]

use std::io::{Cursor, Read, Write};
use std::sync::OnceLock;

use drafts::Draft;
use drafts::sheet::{Defaults, Outcome, open, understand, workbook};
use vat_return::{Category, Context, Language, Period, PeriodKind};
use zip::write::SimpleFileOptions;

const PERIOD: Period = Period { kind: PeriodKind::TwoMonths, index: 5, year: 2026 };

/// Parts packed as they are, so that their sums are right.
fn pack<'a>(parts: impl Iterator<Item = (String, Vec<u8>)> + 'a) -> Vec<u8> {
    let mut packed = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, bytes) in parts {
        packed.start_file(name, stored).and_then(|()| Ok(packed.write_all(&bytes)?)).expect("memory can be written");
    }
    packed.finish().expect("memory can be written").into_inner()
}

/// The parts of an empty template: written once, since writing one takes longer than reading what is tried.
fn template() -> &'static [(String, Vec<u8>)] {
    static PARTS: OnceLock<Vec<(String, Vec<u8>)>> = OnceLock::new();
    PARTS.get_or_init(|| {
        let draft = Draft::new("311797816", PERIOD, Category::Ordinary);
        let book = workbook(&draft, Language::Nb).expect("an empty template");
        let mut book = zip::ZipArchive::new(Cursor::new(book)).expect("what was written can be read");
        (0..book.len())
            .map(|at| {
                let mut file = book.by_index(at).expect("it is there");
                let (name, mut was) = (file.name().expect("a name").into_owned(), Vec::new());
                file.read_to_end(&mut was).expect("it can be read");
                (name, was)
            })
            .collect()
    })
}

/// A workbook with one of its parts replaced.
fn xlsx(part: &str, bytes: &[u8]) -> Vec<u8> {
    pack(template().iter().map(|(name, was)| {
        let is = if name.ends_with(part) { bytes.to_vec() } else { was.clone() };
        (name.clone(), is)
    }))
}

fn file(bytes: &[u8]) -> Vec<u8> {
    let Some((kind, rest)) = bytes.split_first() else { return Vec::new() };
    match kind {
        b'0' => {
            let mimetype = b"application/vnd.oasis.opendocument.spreadsheet".to_vec();
            let parts =
                [("mimetype", mimetype), ("META-INF/manifest.xml", b"<m/>".to_vec()), ("content.xml", rest.to_vec())];
            pack(parts.into_iter().map(|(name, bytes)| (name.to_owned(), bytes)))
        }
        b'1' => xlsx("sheet1.xml", rest),
        b'2' => xlsx("sharedStrings.xml", rest),
        b'3' => {
            let mut file =
                cfb::CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new())).expect("memory");
            file.create_stream("/Workbook").and_then(|mut into| into.write_all(rest)).expect("memory");
            file.flush().expect("memory");
            file.into_inner().into_inner()
        }
        _ => bytes.to_vec(),
    }
}

// calamine breaks off at some files, which is caught; what is not caught ends the run all the same.
libfuzzer_sys::fuzz_target!(init: std::panic::set_hook(Box::new(|_| {})), |bytes: &[u8]| {
    let Ok((grids, _)) = open(&file(bytes)) else { return };
    let defaults = Defaults { org_number: Some("311797816".into()), period: PERIOD, category: Category::Ordinary };
    for grid in grids.iter().take(5) {
        let understood = understand(grid, "a", &defaults, None);
        assert_eq!(understood.rows.len(), grid.rows.len());
        for (_, outcome) in &understood.rows {
            if let Outcome::Line { draft, line, .. } = outcome {
                assert!(understood.drafts[*draft].line(*line).is_some());
            }
        }
        for draft in understood.drafts.iter().take(3) {
            let (_, lines) = draft.checked(&Context::on(PERIOD.last_day()));
            assert_eq!(lines.len(), draft.filled().count());
            if let Ok(made) = draft.made() {
                assert_eq!(made.read.assessed_vat.value, draft.sum());
            }
            if let Ok(written) = workbook(draft, Language::Nb) {
                assert!(open(&written).is_ok(), "what was written can be read");
            }
        }
    }
});
