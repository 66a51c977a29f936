//! Reads what was dropped: files as they are, folders and packed files for the returns in them.
//!
//! What may have been wanted and was not read is a card of its own, so that nothing is left out in silence.

use std::{
    collections::{BTreeMap, HashMap},
    mem,
    path::{Component, Path, PathBuf},
};

use bytes::Bytes;
use files::{
    Bounds, Content, FileKind, Item, Listed, Look, Name, Place, Refused, SkipReason,
    attachable::{self, Content as Attachable, Kind},
};
use shown::Shown;
use vat_return::Language;
use view::{
    ErrorCode, PassedFile, PassedView,
    problem::{self, Problem},
};

use super::neighbour::Neighbour;
use crate::parallel::side_by_side;

/// Bytes that the returns of one drop may have together: they are kept as long as they lie open.
const MOST_BYTES: u64 = 2_000_000_000;

/// What was found at a path.
#[derive(Debug)]
pub(crate) struct ReadFile {
    pub(crate) file_name: String,
    pub(crate) company: Option<String>,
    pub(crate) bytes: Result<Bytes, Problem>,
    /// What it is, where it is no return and is known.
    pub(crate) neighbour: Option<Neighbour>,
}

impl ReadFile {
    /// A return, with the company's name where it is known.
    pub(crate) fn a_return(file_name: String, company: Option<String>, bytes: Bytes) -> Self {
        Self { file_name, company, bytes: Ok(bytes), neighbour: None }
    }
}

/// What a drop brings. The content decides what is what, not the name.
#[derive(Debug)]
pub(crate) enum Dropped {
    /// A return, or what cannot be anything else.
    Return(ReadFile),
    /// What may go with a return, or says why not; and whether it is XML, which may as well have been meant as a return.
    Attachment {
        /// The file.
        path: PathBuf,
        /// It is XML.
        xml: bool,
    },
}

/// Everything that a drop brings.
#[derive(Debug, Default)]
pub(crate) struct Brought {
    pub(crate) items: Vec<Dropped>,
    pub(crate) passed: PassedView,
}

/// What a path that was named brought, for the word about one that brought nothing.
#[derive(Debug, Default)]
struct Root {
    /// Rows that it has.
    rows: usize,
    /// The neighbour that says most.
    neighbour: Option<FileKind>,
    /// Skatteetaten's documents in it: shown where there is no return beside them.
    shown: Vec<ReadFile>,
    /// Files in it that are called XML and are no returns, with what each is.
    strangers: Vec<(PassedFile, ReadFile)>,
}

/// Documents that are shown of a folder or packed file without returns.
const MOST_SHOWN: usize = 50;

/// Files that are no returns and that are named; of more only the number is told.
const MOST_NAMED: usize = 1_000;

/// Files of one folder that are called XML, are no returns, and have a row each; more of them share one.
const MOST_ALONE: usize = 3;

impl Root {
    fn meets(&mut self, kind: FileKind) {
        if self.neighbour.is_none_or(|known| Neighbour::weight(kind) < Neighbour::weight(known)) {
            self.neighbour = Some(kind);
        }
    }
}

/// Reads files and folders, in the order given and by name within folders, many side by side.
pub(crate) fn read_paths(paths: &[PathBuf], language: Language) -> Brought {
    let bounds = Bounds { bytes: MOST_BYTES, ..Bounds::default() };
    let listed = files::list(paths, &bounds, &|| true);
    let look = Look::new(bounds);
    let read = side_by_side(listed.places.clone(), |place| {
        let mut items = Vec::new();
        look.at(&place, &mut |item| items.push(item));
        items
    });
    let mut roots: Vec<Root> = paths.iter().map(|_| Root::default()).collect();
    let mut brought = Brought::default();
    // With the path that it was found in, so that everything stands in the order in which it was named.
    let mut items: Vec<(usize, Dropped)> = Vec::new();
    let read: Vec<Item> = read.into_iter().flatten().collect();
    let names = distinct_names(&read);
    for (item, file_name) in read.into_iter().zip(names) {
        let index = item.root;
        let Some(root) = roots.get_mut(index) else { continue };
        // What is in a packed file has been counted; the file itself is none of the others.
        let packed = if let Content::Packed(inside) = &item.content {
            brought.passed.hidden += count(inside.hidden);
            true
        } else {
            false
        };
        let named =
            PassedFile { file: below(paths.get(index), &item.name), what: item.kind.title(language).to_owned() };
        let stranger = !item.named && item.kind != FileKind::Return;
        match sorted(item, file_name, root, language) {
            Some(Dropped::Return(found)) if stranger && found.bytes.is_ok() => {
                root.rows += 1;
                root.strangers.push((named, found));
            }
            Some(dropped) => {
                root.rows += 1;
                items.push((index, dropped));
            }
            None if packed => {}
            None => {
                brought.passed.others += 1;
                if brought.passed.named.len() < MOST_NAMED {
                    brought.passed.named.push(named);
                }
            }
        }
    }
    for (index, (path, root)) in paths.iter().zip(&mut roots).enumerate() {
        let found = strangers(path, mem::take(&mut root.strangers));
        items.extend(found.into_iter().map(|found| (index, Dropped::Return(found))));
    }
    items.extend(left_out(&listed, language).into_iter().map(|(index, found)| (index, Dropped::Return(found))));
    for (index, (path, root)) in paths.iter().zip(&mut roots).enumerate() {
        let archived = listed.archived.iter().filter(|it| it.root == index).count();
        if archived > 0 {
            root.rows += 1;
            items.push((index, Dropped::Return(own_archive(path, archived, language))));
        }
        let named_out = listed.passed.left_out.iter().any(|it| it.root == index);
        // What was found under another of the names has its row there.
        if root.rows > 0 || named_out || listed.passed.again_in.contains(&index) {
            continue;
        }
        if root.shown.is_empty() {
            items.push((index, Dropped::Return(without_returns(path, root.neighbour, language))));
        } else {
            // They have rows after all.
            brought.passed.others = brought.passed.others.saturating_sub(count(root.shown.len()));
            items.extend(root.shown.drain(..).map(|found| (index, Dropped::Return(found))));
        }
    }
    items.sort_by_key(|(index, _)| *index);
    brought.items = items.into_iter().map(|(_, item)| item).collect();
    brought.passed.hidden += count(listed.passed.hidden);
    brought.passed.again = count(listed.passed.again);
    brought.passed.left_out = count(listed.passed.count());
    brought
}

/// Where a file lies, from the folder on that was named: somebody who opened it knows where that is.
fn below(root: Option<&PathBuf>, name: &Name) -> String {
    let above = root.and_then(|root| root.parent());
    let path = above.and_then(|above| name.path.strip_prefix(above).ok()).unwrap_or(&name.path).to_owned();
    Name { path, within: name.within.clone() }.to_string()
}

/// Files of one folder that are called XML and are no returns: a row each while they are few, otherwise one for all of
/// them that names them. A folder of other documents must not bury the returns in it.
fn strangers(root: &Path, found: Vec<(PassedFile, ReadFile)>) -> Vec<ReadFile> {
    if found.len() <= MOST_ALONE {
        return found.into_iter().map(|(_, found)| found).collect();
    }
    let count = found.len();
    let mut view = problem::says(ErrorCode::NotReturns, "Files that are called XML and are no returns.")
        .with("file", name(root))
        .with("count", count.to_string());
    view.details = found.iter().take(MOST_NAMED).map(|(file, _)| format!("{}: {}", file.file, file.what)).collect();
    vec![ReadFile { file_name: name(root), company: None, bytes: Err(view), neighbour: None }]
}

/// What each is called: by its name, and where returns have one name (every client's folder has a mva.xml), with as many of
/// the folders above as tell them apart.
fn distinct_names(items: &[Item]) -> Vec<String> {
    const MOST: usize = 8;
    let mut names: Vec<String> = items.iter().map(|item| item.name.file_name()).collect();
    for above in 1..=MOST {
        let mut counts: HashMap<String, usize> = HashMap::new();
        for (item, name) in items.iter().zip(&names) {
            if matches!(item.content, Content::Return(_)) {
                *counts.entry(name.clone()).or_default() += 1;
            }
        }
        if counts.values().all(|count| *count < 2) {
            break;
        }
        for (item, name) in items.iter().zip(&mut names) {
            let folders = item.name.path.parent().map(Path::components);
            let folder = folders.and_then(|mut all| all.nth_back(above - 1));
            if let (Some(Component::Normal(folder)), Some(2..)) = (folder, counts.get(name.as_str())) {
                *name = format!("{}/{name}", Shown::line(&folder.to_string_lossy()));
            }
        }
    }
    names
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// What becomes of an item: a row, or nothing but a number.
fn sorted(item: Item, file_name: String, root: &mut Root, language: Language) -> Option<Dropped> {
    let Item { name, named, kind, content, .. } = item;
    let found =
        |bytes| Some(Dropped::Return(ReadFile { file_name: file_name.clone(), company: None, bytes, neighbour: None }));
    match content {
        // Another document than a return may be meant to go with one; what is called XML and is none was meant as one.
        Content::Return(_) if named && attached(kind, &name.path).is_some() => {
            attached(kind, &name.path).map(|xml| Dropped::Attachment { path: name.path, xml })
        }
        Content::Return(bytes) => found(Ok(bytes.into())),
        Content::Refused(Refused::TooLarge { .. }) if named && !is_called_xml(&name.path) => {
            Some(Dropped::Attachment { path: name.path, xml: false })
        }
        Content::Refused(why) => found(Err(refused(&file_name, &why, language))),
        Content::Known | Content::Shown(_) if named => match attached(kind, &name.path) {
            Some(xml) => Some(Dropped::Attachment { path: name.path, xml }),
            None => {
                let bytes = if let Content::Shown(bytes) = &content { bytes.as_slice() } else { &[] };
                Some(Dropped::Return(neighbour(file_name, kind, bytes, language)))
            }
        },
        Content::Shown(bytes) => {
            root.meets(kind);
            if root.rows == 0 && root.shown.len() < MOST_SHOWN {
                root.shown.push(neighbour(file_name, kind, &bytes, language));
            }
            None
        }
        Content::Known | Content::Packed(_) => {
            root.meets(kind);
            None
        }
    }
}

/// Whether a file that was named may go with a return, or says best as an attachment why not; and whether it is XML.
fn attached(kind: FileKind, path: &Path) -> Option<bool> {
    match kind {
        FileKind::Return
        | FileKind::Envelope
        | FileKind::ValidationResult
        | FileKind::PaymentInformation
        | FileKind::ReturnedReturn
        | FileKind::OldForm
        | FileKind::AppleDouble
        | FileKind::Zip
        | FileKind::Gzip => None,
        FileKind::Xml | FileKind::SafTFinancial | FileKind::SafTCashRegister => Some(true),
        FileKind::Empty | FileKind::Text | FileKind::Unknown if is_called_xml(path) => None,
        FileKind::WebPage if is_called_xml(path) => None,
        _ => Some(is_called_xml(path)),
    }
}

/// An attachment that has no return to go with: a card that says so, or what it is, or what is wrong with it as a return.
pub(crate) fn read_alone(path: &Path, language: Language) -> ReadFile {
    let place = Place { path: path.to_owned(), root: 0, named: true };
    let mut last = None;
    Look::new(Bounds::default()).at(&place, &mut |item| last = Some(item));
    let Some(item) = last else { return without_returns(path, None, language) };
    let mut found = alone(path, item, language);
    if let Some(neighbour) = &mut found.neighbour
        && (neighbour.kind == FileKind::Spreadsheet || is_called_a_sheet(path))
    {
        neighbour.sheet = Some(path.to_owned());
    }
    found
}

fn is_called_a_sheet(path: &Path) -> bool {
    let sheets = ["csv", "tsv", "xlsx", "xls", "ods"];
    path.extension().is_some_and(|ending| sheets.iter().any(|sheet| ending.eq_ignore_ascii_case(sheet)))
}

fn alone(path: &Path, item: Item, language: Language) -> ReadFile {
    let file_name = item.name.file_name();
    let goes_along = || {
        let kind = files::open::open(path).ok().and_then(|(mut file, _)| attachable::of(&mut file).ok());
        matches!(kind, Some(Attachable::Attachable(kind)) if kind != Kind::Xml) && !is_called_xml(path)
    };
    match item.content {
        Content::Return(bytes) => ReadFile { file_name, company: None, bytes: Ok(bytes.into()), neighbour: None },
        Content::Refused(why) => {
            let bytes = Err(refused(&file_name, &why, language));
            ReadFile { file_name, company: None, bytes, neighbour: None }
        }
        Content::Shown(bytes) => neighbour(file_name, item.kind, &bytes, language),
        Content::Known if goes_along() => {
            let says = "The file may go with a return, and none is open.";
            let view = problem::says(ErrorCode::AttachmentAlone, says).with("file", file_name.clone());
            let neighbour = Some(Neighbour::new(item.kind, &[]));
            ReadFile { file_name, company: None, bytes: Err(view), neighbour }
        }
        Content::Known | Content::Packed(_) => neighbour(file_name, item.kind, &[], language),
    }
}

/// Reads one file that is meant to be a return.
pub(crate) fn read_return(path: &Path, language: Language) -> ReadFile {
    let file_name = name(path);
    match files::open::read(path, files::LARGEST) {
        Ok(bytes) => ReadFile::a_return(file_name, None, bytes.into()),
        Err(why) => {
            let bytes = Err(refused(&file_name, &why, language));
            ReadFile { file_name, company: None, bytes, neighbour: None }
        }
    }
}

fn is_called_xml(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xml"))
}

/// A file that is no return, and is known.
fn neighbour(file_name: String, kind: FileKind, bytes: &[u8], language: Language) -> ReadFile {
    let xml = matches!(
        kind,
        FileKind::Envelope
            | FileKind::ValidationResult
            | FileKind::PaymentInformation
            | FileKind::ReturnedReturn
            | FileKind::SafTFinancial
            | FileKind::SafTCashRegister
            | FileKind::OldForm
            | FileKind::OwnArchive
            | FileKind::Xml
    );
    let code = if xml { ErrorCode::NotAReturn } else { ErrorCode::NotXml };
    let view = problem::says(code, kind.title(Language::En))
        .with("file", file_name.clone())
        .with("found", kind.word())
        .detail(kind.advice(language));
    ReadFile { file_name, company: None, bytes: Err(view), neighbour: Some(Neighbour::new(kind, bytes)) }
}

fn own_archive(path: &Path, filings: usize, language: Language) -> ReadFile {
    let mut found = neighbour(name(path), FileKind::OwnArchive, &[], language);
    found.bytes = found.bytes.map_err(|view| view.with("count", filings.to_string()));
    found
}

/// A path that brought nothing: a folder, or a packed file, without returns.
fn without_returns(path: &Path, kind: Option<FileKind>, language: Language) -> ReadFile {
    if !path.is_dir() {
        return neighbour(name(path), kind.unwrap_or(FileKind::Unknown), &[], language);
    }
    let mut found = unreadable(path, ErrorCode::FileIsFolder, "There are no returns in the folder.");
    found.neighbour = kind.filter(|kind| kind.is_neighbour()).map(|kind| Neighbour::new(kind, &[]));
    found
}

/// One card for every path and reason, with how many and which.
fn left_out(listed: &Listed, language: Language) -> Vec<(usize, ReadFile)> {
    let mut by_reason: BTreeMap<(usize, u8), (Problem, String, usize)> = BTreeMap::new();
    let passed = &listed.passed;
    for out in &passed.left_out {
        let path = out.path.as_path();
        let (order, code, message) = match &out.why {
            SkipReason::Unreadable(_) => {
                (0, ErrorCode::FileUnreadable, "The operating system does not let it be read.")
            }
            SkipReason::Special(_) => (0, ErrorCode::FileUnreadable, "It is no file."),
            SkipReason::LeadsOut { .. } => {
                (1, ErrorCode::LinkLeadsOut, "A link leads out of the folder, and is not followed.")
            }
            SkipReason::TooDeep { .. } => (2, ErrorCode::FilesLeftOut, "Folders lie deeper than is looked."),
            SkipReason::TooMany { .. } => (2, ErrorCode::FilesLeftOut, "There are too many files."),
            _ => (2, ErrorCode::FilesLeftOut, "The search was stopped."),
        };
        let line = format!("{}: {}", Shown::path(path), out.why.text(language));
        let (view, _, count) = by_reason
            .entry((out.root, order))
            .or_insert_with(|| (problem::says(code, message).with("file", name(path)), name(path), 0));
        view.details.push(line);
        *count += 1;
    }
    // What is counted and not named belongs to what was named last.
    if let Some((_, _, count)) = by_reason.values_mut().next_back() {
        *count += passed.more;
    }
    by_reason
        .into_iter()
        .map(|((root, _), (view, file_name, count))| {
            let bytes = Err(view.with("count", count.to_string()));
            (root, ReadFile { file_name, company: None, bytes, neighbour: None })
        })
        .collect()
}

fn refused(file_name: &str, why: &Refused, language: Language) -> Problem {
    let (code, message) = match why {
        Refused::Missing => (ErrorCode::FileMissing, "The file is not there any more."),
        Refused::Folder => (ErrorCode::FileIsFolder, "It is a folder."),
        Refused::TooLarge { .. } => (ErrorCode::FileTooLarge, "The file is larger than a return can be."),
        Refused::TooMuch { .. } => (ErrorCode::FilesLeftOut, "The returns before it have as many bytes as are read."),
        Refused::Packed(_) => (ErrorCode::PackedUnreadable, "The packed file cannot be read."),
        _ => (ErrorCode::FileUnreadable, "The operating system does not let the file be read."),
    };
    let view = problem::says(code, message).with("file", file_name).detail(why.text(language));
    match why {
        Refused::TooLarge { size, .. } => view.with("size", size.to_string()),
        Refused::Packed(trouble) => view.with("found", packed_word(trouble)),
        Refused::TooMuch { .. } => view.with("count", "1"),
        _ => view,
    }
}

/// What is wrong with a packed file, for the window's texts.
fn packed_word(trouble: &files::packed::PackedError) -> &'static str {
    use files::packed::PackedError;
    match trouble {
        PackedError::Encrypted => "encrypted",
        PackedError::Damaged(_) => "damaged",
        PackedError::Method(_) => "method",
        _ => "tooLarge",
    }
}

fn unreadable(path: &Path, code: ErrorCode, message: &str) -> ReadFile {
    let file_name = name(path);
    let view = problem::says(code, message).with("file", file_name.clone());
    ReadFile { file_name, company: None, bytes: Err(view), neighbour: None }
}

fn name(path: &Path) -> String {
    Shown::file_name(path).into()
}
