//! Why something was not read, in words.

use std::io;

use vat_return::Language;

use crate::{Refused, Special, Why, packed::Trouble};

/// One of three texts.
fn pick<'t>(language: Language, nb: &'t str, nn: &'t str, en: &'t str) -> &'t str {
    match language {
        Language::Nb => nb,
        Language::Nn => nn,
        Language::En => en,
    }
}

/// A size as people say it.
fn megabytes(bytes: u64) -> String {
    if bytes >= 1_000_000 { format!("{} MB", bytes / 1_000_000) } else { format!("{bytes} byte") }
}

/// What the operating system says, in words of ours where they are known.
pub fn io_words(error: &io::Error, language: Language) -> String {
    if let Some(refused) = error.get_ref().and_then(|inner| inner.downcast_ref::<Refused>()) {
        return refused.text(language);
    }
    let known = match error.kind() {
        io::ErrorKind::NotFound => pick(language, "den finnes ikke", "ho finst ikkje", "it does not exist"),
        io::ErrorKind::PermissionDenied => {
            pick(language, "du har ikke tilgang til den", "du har ikkje tilgang til ho", "you may not read it")
        }
        _ if is_number(error, NOBODY) => pick(
            language,
            "det er et rør som ingen leser",
            "det er eit røyr som ingen les",
            "it is a pipe that nobody reads",
        ),
        io::ErrorKind::BrokenPipe => {
            pick(language, "den som leste, er gått", "den som las, er gått", "whoever read it has gone")
        }
        io::ErrorKind::Unsupported => pick(
            language,
            "det er et rør, en sokkel eller en enhet, ikke en fil",
            "det er eit røyr, ein sokkel eller ei eining, ikkje ei fil",
            "it is a pipe, a socket or a device, not a file",
        ),
        _ if is_number(error, LOOP) => {
            pick(language, "lenken fører til seg selv", "lenkja fører til seg sjølv", "the link leads to itself")
        }
        io::ErrorKind::InvalidFilename => {
            pick(language, "navnet er for langt", "namnet er for langt", "its name is too long")
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            pick(language, "disken er full", "disken er full", "the disk is full")
        }
        io::ErrorKind::ReadOnlyFilesystem => {
            pick(language, "disken kan bare leses", "disken kan berre lesast", "the disk can only be read")
        }
        io::ErrorKind::AlreadyExists => pick(language, "den finnes allerede", "ho finst allereie", "it exists already"),
        io::ErrorKind::IsADirectory => pick(language, "det er en mappe", "det er ei mappe", "it is a folder"),
        io::ErrorKind::NotADirectory => pick(
            language,
            "en del av stien er ikke en mappe",
            "ein del av stien er ikkje ei mappe",
            "a part of the path is no folder",
        ),
        io::ErrorKind::AddrInUse => pick(language, "porten er i bruk", "porten er i bruk", "the port is in use"),
        _ => return error.to_string(),
    };
    known.to_owned()
}

/// A link that leads to itself, and a pipe that has no reader: std has no stable names for them.
#[cfg(unix)]
const LOOP: Option<i32> = Some(rustix::io::Errno::LOOP.raw_os_error());
#[cfg(unix)]
const NOBODY: Option<i32> = Some(rustix::io::Errno::NXIO.raw_os_error());
#[cfg(not(unix))]
const LOOP: Option<i32> = None;
#[cfg(not(unix))]
const NOBODY: Option<i32> = None;

fn is_number(error: &io::Error, number: Option<i32>) -> bool {
    number.is_some() && error.raw_os_error() == number
}

fn special(special: Special, language: Language) -> &'static str {
    match special {
        Special::Pipe => pick(
            language,
            "det er et rør, ikke en fil",
            "det er eit røyr, ikkje ei fil",
            "it is a named pipe, not a file",
        ),
        Special::Device => pick(
            language,
            "det er en enhet, ikke en fil",
            "det er ei eining, ikkje ei fil",
            "it is a device, not a file",
        ),
        Special::Socket => pick(
            language,
            "det er en sokkel, ikke en fil",
            "det er ein sokkel, ikkje ei fil",
            "it is a socket, not a file",
        ),
        Special::Other => pick(language, "det er ikke en fil", "det er ikkje ei fil", "it is no file"),
    }
}

impl Refused {
    /// Why, in words that go on a sentence: “kunne ikke leses: den finnes ikke”.
    pub fn text(&self, language: Language) -> String {
        match self {
            Self::Missing => pick(language, "den finnes ikke", "ho finst ikkje", "it does not exist").to_owned(),
            Self::Folder => pick(language, "det er en mappe", "det er ei mappe", "it is a folder").to_owned(),
            Self::Special(kind) => special(*kind, language).to_owned(),
            Self::TooLarge { size, limit } => {
                let (size, limit) = (megabytes(*size), megabytes(*limit));
                // One that is packed is counted no further than to the limit.
                if size == limit {
                    return match language {
                        Language::Nb => format!("den er på mer enn {limit}, og mer leses ikke"),
                        Language::Nn => format!("ho er på meir enn {limit}, og meir blir ikkje lese"),
                        Language::En => format!("it has more than {limit}, and no more is read"),
                    };
                }
                match language {
                    Language::Nb => format!("den er på {size}, og det leses høyst {limit}"),
                    Language::Nn => format!("ho er på {size}, og det blir lese høgst {limit}"),
                    Language::En => format!("it has {size}, and at most {limit} are read"),
                }
            }
            Self::TooMuch { limit } => {
                let limit = megabytes(*limit);
                match language {
                    Language::Nb => format!("meldingene før den er på {limit} til sammen, og mer leses ikke"),
                    Language::Nn => format!("meldingane før ho er på {limit} til saman, og meir blir ikkje lese"),
                    Language::En => format!("the returns before it have {limit} together, and no more is read"),
                }
            }
            Self::Packed(trouble) => trouble.text(language),
            Self::Io(error) => io_words(error, language),
        }
    }
}

impl Trouble {
    /// What is wrong with a packed file, in words that go on a sentence.
    pub fn text(&self, language: Language) -> String {
        let said = match self {
            Self::Encrypted => pick(
                language,
                "den er låst med passord; pakk den ut først",
                "ho er låst med passord; pakk ho ut først",
                "it is locked with a password; unpack it first",
            ),
            Self::Damaged(_) => pick(
                language,
                "den er skadet eller avkuttet; last den ned eller pakk den på nytt",
                "ho er skadd eller avkutta; last ho ned eller pakk ho på nytt",
                "it is damaged or cut short; download or pack it again",
            ),
            Self::Method(_) => pick(
                language,
                "den er pakket på en måte Momsbud ikke kjenner; pakk den ut først",
                "ho er pakka på ein måte Momsbud ikkje kjenner; pakk ho ut først",
                "it is packed in a way that Momsbud does not know; unpack it first",
            ),
            Self::TooDense { .. } => pick(
                language,
                "den vokser langt mer enn en mva-melding kan når den pakkes ut",
                "ho veks langt meir enn ei mva-melding kan når ho blir pakka ut",
                "it grows far more than a VAT return can when it is unpacked",
            ),
            Self::SameNames => pick(
                language,
                "flere filer i den har samme navn, og bare den siste av dem kan leses",
                "fleire filer i ho har same namn, og berre den siste av dei kan lesast",
                "several files in it have the same name, and only the last of them can be read",
            ),
            Self::TooMany { limit } => {
                return match language {
                    Language::Nb => format!("det er mer enn {limit} filer i den; resten er ikke lest"),
                    Language::Nn => format!("det er meir enn {limit} filer i ho; resten er ikkje lese"),
                    Language::En => format!("there are more than {limit} files in it; the rest was not read"),
                };
            }
            Self::TooDeep { limit } => {
                return match language {
                    Language::Nb => format!("pakkede filer ligger mer enn {limit} lag inne i hverandre"),
                    Language::Nn => format!("pakka filer ligg meir enn {limit} lag inne i kvarandre"),
                    Language::En => format!("packed files lie more than {limit} deep within each other"),
                };
            }
            Self::TooMuch { limit } => {
                let limit = megabytes(*limit);
                return match language {
                    Language::Nb => format!("det kommer mer enn {limit} ut av den; resten er ikke lest"),
                    Language::Nn => format!("det kjem meir enn {limit} ut av ho; resten er ikkje lese"),
                    Language::En => format!("more than {limit} come out of it; the rest was not read"),
                };
            }
        };
        said.to_owned()
    }
}

impl Why {
    /// Why something was left out, in words that go on a sentence.
    pub fn text(&self, language: Language) -> String {
        match self {
            Self::Unreadable(error) => io_words(error, language),
            Self::Special(kind) => special(*kind, language).to_owned(),
            Self::Stopped => {
                pick(language, "søket ble stoppet", "søket vart stoppa", "the search was stopped").to_owned()
            }
            Self::LeadsOut { target } => {
                let target = target.display();
                match language {
                    Language::Nb => format!("lenken fører ut av mappen, til {target}, og er ikke fulgt"),
                    Language::Nn => format!("lenkja fører ut av mappa, til {target}, og er ikkje følgd"),
                    Language::En => format!("the link leads out of the folder, to {target}, and was not followed"),
                }
            }
            Self::TooDeep { limit } => match language {
                Language::Nb => format!("mapper ligger mer enn {limit} nivåer inne i hverandre; denne er ikke lest"),
                Language::Nn => format!("mapper ligg meir enn {limit} nivå inne i kvarandre; denne er ikkje lesen"),
                Language::En => format!("folders lie more than {limit} deep within each other; this one was not read"),
            },
            Self::TooMany { limit } => match language {
                Language::Nb => format!("det er mer enn {limit} filer og mapper; resten er ikke lest"),
                Language::Nn => format!("det er meir enn {limit} filer og mapper; resten er ikkje lese"),
                Language::En => format!("there are more than {limit} files and folders; the rest was not read"),
            },
        }
    }
}
