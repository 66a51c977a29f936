//! Makes [`Language`] of the files in `messages`: a new language is a new file there and in the `messages` folder of every
//! crate that has one. The compiler says which folder lacks it.

use std::{env, error::Error, fmt::Write as _, fs, path::Path};

/// These come first, in this order; the first is used where nobody has chosen.
const FIRST: [&str; 3] = ["nb", "nn", "en"];

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("messages");
    println!("cargo::rerun-if-changed={}", folder.display());
    fs::write(Path::new(&env::var("OUT_DIR")?).join("languages.rs"), source(&languages(&folder)?)?)?;
    Ok(())
}

/// Code and name of every language, e.g. `nb` and `Bokmål`.
pub(crate) fn languages(folder: &Path) -> Result<Vec<(String, String)>, Box<dyn Error>> {
    let mut languages = Vec::new();
    for file in fs::read_dir(folder)? {
        let path = file?.path();
        let Some(code) = path.file_stem().and_then(|stem| stem.to_str()) else { continue };
        let text: serde_json::Value = serde_json::from_slice(&fs::read(&path)?)?;
        let name = text.get("name").and_then(|name| name.as_str()).ok_or("a language without a name")?;
        languages.push((code.to_owned(), name.to_owned()));
    }
    let place = |code: &str| FIRST.iter().position(|first| *first == code).unwrap_or(FIRST.len());
    languages.sort_by(|(a, _), (b, _)| place(a).cmp(&place(b)).then_with(|| a.cmp(b)));
    Ok(languages)
}

/// The enum, its codes, and the macro that takes a folder's files along.
pub(crate) fn source(languages: &[(String, String)]) -> Result<String, Box<dyn Error>> {
    let variant = |code: &str| {
        let (first, rest) = code.split_at(1);
        first.to_uppercase() + rest
    };
    let (mut variants, mut all, mut codes, mut files) = (String::new(), String::new(), String::new(), String::new());
    for (at, (code, name)) in languages.iter().enumerate() {
        let (variant, default) = (variant(code), if at == 0 { "#[default]\n" } else { "" });
        write!(variants, "/// {name}.\n{default}{variant},\n")?;
        write!(all, "Self::{variant}, ")?;
        writeln!(codes, "Self::{variant} => \"{code}\",")?;
        writeln!(files, "($crate::Language::{variant}, include_str!(concat!($folder, \"/{code}.json\"))),")?;
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
