//! Runs `xmllint` on many documents at once.

use crate::official::{needed::absent, official};
use std::path::{Path, PathBuf};
use std::process::Command;

pub(crate) struct Xmllint {
    schema: PathBuf,
    pub(crate) examples: PathBuf,
}

/// What xmllint says of one document.
#[derive(Debug, Clone, Default)]
pub(crate) struct Verdict {
    pub(crate) valid: bool,
    /// Its error lines about the document.
    pub(crate) errors: Vec<String>,
}

impl Xmllint {
    /// `None`, with the reason printed, where schema or program are absent; in CI that is a failure, as [`official`] says.
    pub(crate) fn find() -> Option<Self> {
        let schema = official("xsd/no.skatteetaten.fastsetting.avgift.mva.skattemeldingformerverdiavgift.v1.0.xsd")?;
        let examples = official("eksempler/melding")?;
        if Command::new("xmllint").arg("--version").output().is_err() {
            absent("xmllint", "xmllint is not installed (package libxml2-utils)");
            return None;
        }
        Some(Self { schema, examples })
    }

    /// The verdict on each document, in order.
    pub(crate) fn validate<'a>(&self, documents: impl Iterator<Item = &'a [u8]>) -> Vec<Verdict> {
        let folder = std::env::temp_dir().join(format!("momsbud-differential-{}", std::process::id())).join(unique());
        std::fs::create_dir_all(&folder).unwrap();
        let mut count = 0;
        for document in documents {
            std::fs::write(folder.join(file_name(count)), document).unwrap();
            count += 1;
        }
        let numbers: Vec<usize> = (0..count).collect();
        // Two at a time, for two cores.
        let half = count.div_ceil(2).max(1);
        let verdicts = std::thread::scope(|scope| {
            let workers: Vec<_> = numbers
                .chunks(half)
                .map(|numbers| {
                    let folder = &folder;
                    scope.spawn(move || {
                        numbers.chunks(500).flat_map(|batch| self.batch(folder, batch)).collect::<Vec<_>>()
                    })
                })
                .collect();
            workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
        });
        std::fs::remove_dir_all(&folder).unwrap();
        verdicts
    }

    fn batch(&self, folder: &Path, numbers: &[usize]) -> Vec<Verdict> {
        let output = Command::new("xmllint")
            .current_dir(folder)
            .args(["--noout", "--nonet", "--schema"])
            .arg(&self.schema)
            .args(numbers.iter().map(|number| file_name(*number)))
            .output()
            .unwrap();
        let mut verdicts = vec![Verdict::default(); numbers.len()];
        let mut last = None;
        for line in String::from_utf8_lossy(&output.stderr).split('\n') {
            let Some(number) = number_of(line) else {
                // An error shows the value, which may have several lines.
                let error = last.and_then(|number: usize| verdicts[number].errors.last_mut());
                if let Some(error) = error {
                    error.push('\n');
                    error.push_str(line);
                }
                continue;
            };
            let number = number - numbers[0];
            last = Some(number);
            let verdict = &mut verdicts[number];
            if line.ends_with(" validates") {
                verdict.valid = true;
            } else if !line.ends_with(" fails to validate") {
                verdict.errors.push(line.to_owned());
            }
        }
        verdicts
    }
}

fn file_name(number: usize) -> String {
    format!("m{number:06}.xml")
}

/// The number of the file that a line begins with.
fn number_of(line: &str) -> Option<usize> {
    let digits = line.strip_prefix('m')?.get(..6)?;
    line.get(7..11).filter(|ending| *ending == ".xml")?;
    digits.parse().ok()
}

/// Tests of one process run side by side.
fn unique() -> String {
    static NEXT: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
    NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed).to_string()
}
