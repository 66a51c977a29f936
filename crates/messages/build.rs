//! Makes [`Language`] of the files in `messages`, whose texts stand in the `messages` folder of every crate that has one, and
//! of those in `translations` at the repository's root, which hold the texts of all crates. The compiler says which folder
//! lacks a file.

use std::{
    env,
    error::Error,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

/// These come first, in this order; the first is used where nobody has chosen.
const FIRST: [&str; 3] = ["nb", "nn", "en"];

fn main() -> Result<(), Box<dyn Error>> {
    let here = env::var("CARGO_MANIFEST_DIR")?;
    let own = Path::new(&here).join("messages");
    let translations = Path::new(&here).join("../../translations");
    for folder in [&own, &translations] {
        println!("cargo::rerun-if-changed={}", folder.display());
    }
    let source = source(&languages(&own, &translations)?)?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("languages.rs"), source)?;
    Ok(())
}

/// A language there are texts in.
pub(crate) struct Found {
    /// E.g. `nb`.
    pub(crate) code: String,
    /// What it calls itself, e.g. `Bokmål`.
    pub(crate) name: String,
    /// The file with all its texts, where they do not stand in the folders of the crates.
    pub(crate) translation: Option<PathBuf>,
}

/// Every language.
pub(crate) fn languages(own: &Path, translations: &Path) -> Result<Vec<Found>, Box<dyn Error>> {
    let mut languages = Vec::new();
    for (folder, translated) in [(own, false), (translations, true)] {
        for file in fs::read_dir(folder)? {
            let path = file?.path();
            if path.extension().is_none_or(|ending| ending != "json") {
                continue;
            }
            let Some(code) = path.file_stem().and_then(|stem| stem.to_str()) else { continue };
            let texts: serde_json::Value = serde_json::from_slice(&fs::read(&path)?)?;
            let about = if translated { texts.get("messages").unwrap_or(&texts) } else { &texts };
            let name = about.get("name").and_then(|name| name.as_str());
            let name = name.ok_or_else(|| format!("{}: a language without a name", path.display()))?.to_owned();
            languages.push(Found {
                code: code.to_owned(),
                name,
                translation: if translated { Some(path.canonicalize()?) } else { None },
            });
        }
    }
    let place = |code: &str| FIRST.iter().position(|first| *first == code).unwrap_or(FIRST.len());
    languages.sort_by(|a, b| place(&a.code).cmp(&place(&b.code)).then_with(|| a.code.cmp(&b.code)));
    Ok(languages)
}

/// The enum, its codes, the translations, and the macro that takes a folder's files along.
pub(crate) fn source(languages: &[Found]) -> Result<String, Box<dyn Error>> {
    let variant = |code: &str| {
        let (first, rest) = code.split_at(1);
        first.to_uppercase() + rest
    };
    let (mut variants, mut all, mut codes) = (String::new(), String::new(), String::new());
    let (mut files, mut translations) = (String::new(), String::new());
    for (at, Found { code, name, translation }) in languages.iter().enumerate() {
        let (variant, default) = (variant(code), if at == 0 { "#[default]\n" } else { "" });
        write!(variants, "/// {name}.\n{default}{variant},\n")?;
        write!(all, "Self::{variant}, ")?;
        writeln!(codes, "Self::{variant} => \"{code}\",")?;
        match translation {
            None => {
                writeln!(files, "($crate::Language::{variant}, include_str!(concat!($folder, \"/{code}.json\"))),")?
            }
            Some(file) => writeln!(translations, "(Language::{variant}, include_str!({:?})),", file.to_string_lossy())?,
        }
    }
    Ok(format!(
        r#"/// Language of the texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
#[cfg_attr(feature = "view", derive(serde::Serialize, serde::Deserialize, specta::Type))]
#[cfg_attr(feature = "view", serde(rename = "LanguageName", rename_all = "camelCase"))]
pub enum Language {{
{variants}}}

impl Language {{
    /// Every language there are message files for.
    pub const ALL: &[Self] = &[{all}];

    /// As `lang` has it on a web page, and as the message files are called.
    #[must_use]
    pub const fn code(self) -> &'static str {{
        match self {{
{codes}}}
    }}
}}

/// The languages whose texts stand in one file.
const TRANSLATIONS: &[(Language, &str)] = &[
{translations}];

/// The message files in a folder, by the name they are known by when others are tried in their place.
#[macro_export]
macro_rules! files {{
    ($name:expr, $folder:expr) => {{
        $crate::Messages::new(
            $name,
            &[
{files}],
        )
    }};
}}
"#
    ))
}
