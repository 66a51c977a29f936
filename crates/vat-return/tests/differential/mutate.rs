//! Small changes to a document: most make it invalid, many do not.

use crate::random::Random;
use crate::seeds::{NAMESPACE, Seed};

#[derive(Debug)]
pub(crate) struct Mutant {
    pub(crate) of: String,
    pub(crate) change: &'static str,
    pub(crate) bytes: Vec<u8>,
}

type Change = fn(&mut Document, &Document, &mut Random);

/// The changes, those that reach most of the schema more than once.
const CHANGES: [(&str, Change); 25] = [
    ("delete element", delete),
    ("delete element", delete),
    ("duplicate element", duplicate),
    ("duplicate element", duplicate),
    ("swap elements", swap),
    ("swap elements", swap),
    ("insert element of another document", insert_other),
    ("rename element", rename),
    ("rename element", rename),
    ("junk value", junk_value),
    ("junk value", junk_value),
    ("junk value", junk_value),
    ("value of another element", other_value),
    ("attribute", attribute),
    ("attribute", attribute),
    ("foreign namespace", namespace),
    ("stray text", stray),
    ("stray text", stray),
    ("white space in value", pad),
    ("white space between elements", space),
    ("markup in content", markup),
    ("markup in content", markup),
    ("broken markup", break_markup),
    ("around the document", around),
    ("encoding", encoding),
];

/// Changes a document once, sometimes twice.
pub(crate) fn mutant(seed: &Seed, seeds: &[Seed], random: &mut Random) -> Mutant {
    let mut document = Document::parse(&seed.bytes);
    let other = Document::parse(&random.pick(seeds).bytes);
    let (name, change) = *random.pick(&CHANGES);
    change(&mut document, &other, random);
    if random.below(6) == 0 && name != "encoding" {
        let (_, second) = *random.pick(&CHANGES);
        second(&mut document, &other, random);
    }
    Mutant { of: seed.name.clone(), change: name, bytes: document.bytes() }
}

/// A document as pieces: tags, texts, other markup.
#[derive(Debug, Clone)]
struct Document {
    pieces: Vec<String>,
    /// Bytes that replace the pieces, once an encoding was chosen.
    encoded: Option<Vec<u8>>,
}

impl Document {
    fn parse(bytes: &[u8]) -> Self {
        // ISO-8859-1 is read as such, and said to be UTF-8 from here on.
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect::<String>().replace("ISO-8859-1", "UTF-8"),
        };
        let mut pieces = Vec::new();
        let mut rest = text.as_str();
        while !rest.is_empty() {
            let end = if rest.starts_with("<![CDATA[") {
                rest.find("]]>").map(|end| end + 3)
            } else if rest.starts_with('<') {
                rest.find('>').map(|end| end + 1)
            } else {
                rest.find('<')
            };
            let (piece, after) = rest.split_at(end.unwrap_or(rest.len()));
            pieces.push(piece.to_owned());
            rest = after;
        }
        Self { pieces, encoded: None }
    }

    fn bytes(&self) -> Vec<u8> {
        self.encoded.clone().unwrap_or_else(|| self.pieces.concat().into_bytes())
    }

    fn is_start(piece: &str) -> bool {
        piece.starts_with('<') && !piece.starts_with("</") && !piece.starts_with("<?") && !piece.starts_with("<!")
    }

    /// First and last piece of every element, in the order of their start tags.
    fn elements(&self) -> Vec<(usize, usize)> {
        let mut elements = Vec::new();
        let mut open = Vec::new();
        for (place, piece) in self.pieces.iter().enumerate() {
            if Self::is_start(piece) {
                elements.push((place, place));
                if !piece.ends_with("/>") {
                    open.push(elements.len() - 1);
                }
            } else if piece.starts_with("</")
                && let Some(element) = open.pop()
            {
                elements[element].1 = place;
            }
        }
        elements
    }

    /// Elements that have text and nothing else, as the place of that text; empty ones have none.
    fn values(&self) -> Vec<usize> {
        let values = self.pieces.windows(3).enumerate().filter(|(_, pieces)| {
            Self::is_start(&pieces[0]) && !pieces[1].starts_with('<') && pieces[2].starts_with("</")
        });
        values.map(|(place, _)| place + 1).collect()
    }

    fn any_element(&self, random: &mut Random) -> Option<(usize, usize)> {
        let elements = self.elements();
        (!elements.is_empty()).then(|| *random.pick(&elements))
    }

    fn any_value(&self, random: &mut Random) -> Option<usize> {
        let values = self.values();
        (!values.is_empty()).then(|| *random.pick(&values))
    }

    /// A place between pieces inside the root.
    fn any_gap(&self, random: &mut Random) -> usize {
        match self.elements().first() {
            Some((first, last)) if last > first => first + 1 + random.below(last - first),
            _ => self.pieces.len(),
        }
    }
}

fn delete(document: &mut Document, _: &Document, random: &mut Random) {
    if let Some((first, last)) = document.any_element(random) {
        document.pieces.drain(first..=last);
    }
}

fn duplicate(document: &mut Document, _: &Document, random: &mut Random) {
    if let Some((first, last)) = document.any_element(random) {
        let copy = document.pieces[first..=last].to_vec();
        document.pieces.splice(first..first, copy);
    }
}

fn swap(document: &mut Document, _: &Document, random: &mut Random) {
    let (Some(one), Some(other)) = (document.any_element(random), document.any_element(random)) else { return };
    let (early, late) = if one.0 < other.0 { (one, other) } else { (other, one) };
    if early.1 >= late.0 {
        return;
    }
    let (first, second) = (document.pieces[early.0..=early.1].to_vec(), document.pieces[late.0..=late.1].to_vec());
    document.pieces.splice(late.0..=late.1, first);
    document.pieces.splice(early.0..=early.1, second);
}

fn insert_other(document: &mut Document, other: &Document, random: &mut Random) {
    if let Some((first, last)) = other.any_element(random) {
        let gap = document.any_gap(random);
        document.pieces.splice(gap..gap, other.pieces[first..=last].to_vec());
    }
}

const NAMES: [&str; 22] = [
    "merknad",
    "beskrivelse",
    "utvalgtMerknad",
    "grunnlag",
    "sats",
    "merverdiavgift",
    "mvaKode",
    "spesifikasjon",
    "mvaKodeRegnskapsystem",
    "skattleggingsperiodeMaaned",
    "skattleggingsperiodeAar",
    "identifikasjonsnummer",
    "kundeidentifikasjonsnummer",
    "systemversjon",
    "MvaKode",
    "mvakode",
    "mvaKod",
    "a",
    "m:mvaKode",
    "å",
    "1a",
    "a b",
];

fn rename(document: &mut Document, other: &Document, random: &mut Random) {
    let Some((first, last)) = document.any_element(random) else { return };
    let new = match (random.below(2), other.any_element(random)) {
        (0, Some((place, _))) => name_of(&other.pieces[place]).to_owned(),
        _ => (*random.pick(&NAMES)).to_owned(),
    };
    let old = name_of(&document.pieces[first]).to_owned();
    document.pieces[first] = document.pieces[first].replacen(&old, &new, 1);
    // Now and then only one of the two tags is renamed.
    if last > first && random.below(12) > 0 {
        document.pieces[last] = document.pieces[last].replacen(&old, &new, 1);
    }
}

fn name_of(tag: &str) -> &str {
    let inner = tag.trim_start_matches(['<', '/']);
    inner.split([' ', '\t', '\n', '>', '/']).next().unwrap_or_default()
}

const JUNK: [&str; 74] = [
    "",
    " ",
    "0",
    "-0",
    "+1",
    "1.",
    ".5",
    ".",
    "-",
    "-.",
    "1e3",
    "1,5",
    "0x1",
    "NaN",
    "INF",
    "1 2",
    "- 1",
    "00012",
    "١",
    "1234567890123456789012",
    "123456789012345678901234567890",
    "0.000000000000000000000000000001",
    "12.3.4",
    "--1",
    "2026",
    "02026",
    "0000",
    "-2026",
    "+2026",
    "12026",
    "999",
    "2026Z",
    "2026+01:00",
    "2026+14:00",
    "2026-14:01",
    "2026+1:00",
    "2026z",
    "311797816",
    " 311797816",
    "31179781",
    "3117978166",
    "31179781x",
    "1234567",
    "123456",
    "alminnelig",
    "Alminnelig",
    "alminnelig ",
    "kompensasjon",
    "eHandel",
    "primærnæring",
    "januar",
    "mars-april",
    "mars - april",
    "uke 1",
    "uke 01",
    "uke 53",
    "uke 54",
    "foerste halvdel mai",
    "første halvdel mai",
    "aarlig",
    "januar-juni",
    "april-juni",
    "juli-desember",
    "æøå",
    "😀",
    "&#229;",
    "&amp;",
    "&#x20;",
    "&lt;a&gt;",
    "<![CDATA[1]]>",
    "1<!-- a -->2",
    "<?a b?>1",
    "a\r\nb",
    "&#13;&#10;",
];

fn junk_value(document: &mut Document, _: &Document, random: &mut Random) {
    let Some(place) = document.any_value(random) else { return };
    document.pieces[place] = match random.below(40) {
        0 => "å".repeat(4000),
        1 => "å".repeat(4001),
        2 => format!("{}&amp;", "a".repeat(4000)),
        3 => format!("{}&amp;", "a".repeat(3999)),
        4 => "\r\n".repeat(4000),
        _ => (*random.pick(&JUNK)).to_owned(),
    };
}

fn other_value(document: &mut Document, other: &Document, random: &mut Random) {
    if let (Some(place), Some(from)) = (document.any_value(random), other.any_value(random)) {
        document.pieces[place] = other.pieces[from].clone();
    }
}

const ATTRIBUTES: [&str; 37] = [
    "a='1'",
    "id=\"x\"",
    "xml:lang='nb'",
    "xml:space=\"preserve\"",
    "xmlns:q='urn:q'",
    "xmlns:q=''",
    "xmlns:q='urn:q' q:a='1'",
    "q:a='1'",
    "xmlns=''",
    "xsi:nil='true'",
    "xsi:nil='false'",
    "xsi:schemaLocation='a b'",
    "xsi:noNamespaceSchemaLocation='a.xsd'",
    "xsi:type='Tekst'",
    "xsi:type='Beloep'",
    "xsi:type='Organisasjonsnummer'",
    "xsi:type='MvaKode'",
    "xsi:type='Sats'",
    "xsi:type='xsi:Tekst'",
    "xsi:type='Merknad'",
    "xsi:type='Innsending'",
    "xsi:type=''",
    "xsi:type='1'",
    "xsi:a='1'",
    "a='1' a='2'",
    "a='1'b='2'",
    "a=1",
    "a",
    "a='<'",
    "a='&b;'",
    "a='&amp;'",
    "xsi:schemaLocation='&lt; &#10; b'",
    "1='1'",
    "xmlns:p='urn:p' xmlns:p='urn:p'",
    "a = '1'",
    "xsi:schemaLocation=\"a'b\"",
    "xmlns:v='",
];

fn attribute(document: &mut Document, _: &Document, random: &mut Random) {
    let Some((first, _)) = document.any_element(random) else { return };
    let attribute = *random.pick(&ATTRIBUTES);
    // The prefix xsi is declared at the element, unless it has been by a document that uses it.
    let declared = document.pieces.iter().any(|piece| piece.contains("xmlns:xsi"));
    let declaration = if attribute.contains("xsi:") && !declared && random.below(20) > 0 {
        " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
    } else {
        ""
    };
    let tag = &mut document.pieces[first];
    let end = if tag.ends_with("/>") { tag.len() - 2 } else { tag.len() - 1 };
    tag.insert_str(end, &format!("{declaration} {attribute}"));
}

fn namespace(document: &mut Document, _: &Document, random: &mut Random) {
    let Some((first, last)) = document.any_element(random) else { return };
    let old = name_of(&document.pieces[first]).to_owned();
    let local = old.rsplit(':').next().unwrap_or_default().to_owned();
    let other = match random.below(4) {
        0 => NAMESPACE.to_owned(),
        1 => format!("{NAMESPACE} "),
        2 => NAMESPACE.replace("v1.0", "v0.9"),
        _ => "urn:x".to_owned(),
    };
    if random.below(2) == 0 {
        let tag = format!("<{old} xmlns=\"{other}\"");
        document.pieces[first] = document.pieces[first].replacen(&format!("<{old}"), &tag, 1);
        return;
    }
    let declaration = if random.below(8) == 0 { String::new() } else { format!(" xmlns:x=\"{other}\"") };
    document.pieces[first] = document.pieces[first].replacen(&old, &format!("x:{local}{declaration}"), 1);
    if last > first {
        document.pieces[last] = document.pieces[last].replacen(&old, &format!("x:{local}"), 1);
    }
}

const STRAY: [&str; 16] = [
    "x",
    "5",
    ".",
    "&amp;",
    "&#32;",
    "&#x20;&#10;",
    "\u{a0}",
    "\u{2003}",
    "<![CDATA[]]>",
    "<![CDATA[ ]]>",
    "<![CDATA[a]]>",
    "&#160;",
    "\u{feff}",
    "\u{85}",
    "\u{2028}",
    "]",
];

fn stray(document: &mut Document, _: &Document, random: &mut Random) {
    let gap = document.any_gap(random);
    document.pieces.insert(gap, (*random.pick(&STRAY)).to_owned());
}

const BLANKS: [&str; 8] = [" ", "\n", "\t", "\r\n", "\r", "  \n  ", "\u{a0}", "\u{3000}"];

fn pad(document: &mut Document, _: &Document, random: &mut Random) {
    let Some(place) = document.any_value(random) else { return };
    let blank = random.pick(&BLANKS);
    let value = &mut document.pieces[place];
    match random.below(3) {
        0 => value.insert_str(0, blank),
        1 => value.push_str(blank),
        _ => {
            let middle = value.char_indices().nth(value.chars().count() / 2).map_or(0, |(place, _)| place);
            value.insert_str(middle, blank);
        }
    }
}

fn space(document: &mut Document, _: &Document, random: &mut Random) {
    let gap = document.any_gap(random);
    document.pieces.insert(gap, (*random.pick(&BLANKS[..6])).to_owned());
}

const MARKUP: [&str; 24] = [
    "<!-- a -->",
    "<!---->",
    "<!-- a -- b -->",
    "<!-- a --->",
    "<!-- <a> & -->",
    "<?a?>",
    "<?a b ? > c?>",
    "<?xml version='1.0'?>",
    "<?a:b c?>",
    "<?1?>",
    "<? a?>",
    "<a/>",
    "<a></a>",
    "<a><b>c</b></a>",
    "<!DOCTYPE a>",
    "<!ELEMENT a ANY>",
    "<![cdata[a]]>",
    "]]>",
    "&nbsp;",
    "&#0;",
    "&#xFFFF;",
    "& ",
    "\u{1}",
    "\u{fffe}",
];

fn markup(document: &mut Document, _: &Document, random: &mut Random) {
    // Within a value as often as between elements.
    let place = match (random.below(2), document.any_value(random)) {
        (0, Some(place)) => place + random.below(2),
        _ => document.any_gap(random),
    };
    document.pieces.insert(place, (*random.pick(&MARKUP)).to_owned());
}

fn break_markup(document: &mut Document, _: &Document, random: &mut Random) {
    let tags: Vec<usize> =
        (0..document.pieces.len()).filter(|place| document.pieces[*place].starts_with('<')).collect();
    let place = *random.pick(&tags);
    let tag = document.pieces[place].clone();
    document.pieces[place] = match random.below(12) {
        0 => tag[..tag.len() - 1].to_owned(),
        1 => tag.replacen('<', "< ", 1),
        2 => tag.replacen('>', " >", 1),
        3 => tag.replacen('>', "\n>", 1),
        4 => tag.replacen('>', "/>", 1),
        5 => String::new(),
        6 => format!("{tag}{tag}"),
        7 => tag.replacen('>', "//>", 1),
        8 => tag.replacen("</", "</ ", 1),
        9 => tag.replacen('<', "", 1),
        10 => {
            document.pieces.truncate(place + 1);
            tag
        }
        _ => tag.to_uppercase(),
    };
}

const HEADS: [&str; 22] = [
    "",
    " ",
    "\u{feff}",
    "<?xml version='1.0'?>",
    "<?xml version=\"1.1\"?>",
    "<?xml version='2.0'?>",
    "<?xml version='1.0' ?>\n\n",
    "<?xml version='1.0' encoding='utf-8'?>",
    "<?xml version='1.0' encoding='utf8'?>",
    "<?xml version='1.0' encoding='x'?>",
    "<?xml version='1.0' encoding='UTF-16'?>",
    "<?xml version='1.0' standalone='no'?>",
    "<?xml version='1.0' standalone='a'?>",
    "<?xml encoding='UTF-8'?>",
    "<?xml encoding='UTF-8' version='1.0'?>",
    "<?xml?>",
    "<!-- a -->",
    "<?a?>",
    "x",
    "<a/>",
    "<!DOCTYPE a>",
    "&#32;",
];
const TAILS: [&str; 14] = [
    "",
    "\n\n",
    "<!-- a -->",
    "<?a?>",
    "<?xml version='1.0'?>",
    "x",
    "<a/>",
    "&#32;",
    "<![CDATA[ ]]>",
    "</a>",
    "<",
    "&amp;",
    "<!-- a",
    "\u{a0}",
];

fn around(document: &mut Document, _: &Document, random: &mut Random) {
    if random.below(2) == 0 {
        document.pieces.push((*random.pick(&TAILS)).to_owned());
        return;
    }
    if document.pieces[0].starts_with("<?xml") && random.below(8) > 0 {
        document.pieces.remove(0);
    }
    document.pieces.insert(0, (*random.pick(&HEADS)).to_owned());
}

/// The same text in other bytes, with the declaration that says so, and now and then with one that does not.
fn encoding(document: &mut Document, _: &Document, random: &mut Random) {
    if document.pieces[0].starts_with("<?xml") {
        document.pieces.remove(0);
    }
    const DECLARED: [&str; 9] =
        ["UTF-8", "UTF-16", "UTF-16LE", "UTF-16BE", "ISO-8859-1", "ISO-8859-15", "windows-1252", "US-ASCII", ""];
    let actual = random.below(7);
    let fitting = ["UTF-8", "UTF-8", "UTF-16", "UTF-16", "ISO-8859-1", "windows-1252", "US-ASCII"];
    let declared = if random.below(4) == 0 { *random.pick(&DECLARED) } else { fitting[actual] };
    let declaration =
        if declared.is_empty() { String::new() } else { format!("<?xml version=\"1.0\" encoding=\"{declared}\"?>\n") };
    let text = declaration + &document.pieces.concat();
    let units = || text.encode_utf16();
    document.encoded = Some(match actual {
        0 => text.into_bytes(),
        1 => [&[0xEF, 0xBB, 0xBF], text.as_bytes()].concat(),
        2 => [0xFF, 0xFE].into_iter().chain(units().flat_map(u16::to_le_bytes)).collect(),
        3 => [0xFE, 0xFF].into_iter().chain(units().flat_map(u16::to_be_bytes)).collect(),
        _ => text.chars().map(|character| u8::try_from(u32::from(character)).unwrap_or(b'?')).collect(),
    });
}
