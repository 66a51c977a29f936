//! Spreadsheets in the window: pasted, chosen or dropped, understood, corrected by choosing, made into drafts.

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use ::drafts::{
    Draft,
    amount::{Decimals, NotAnAmount},
    sheet::{self, Defaults, Grid, Layout, Meaning, NotASheet, Outcome, Trouble, Understood},
};
use access::work::rights::Action;
use filing::{draft_making, draft_store::StoredDraft, engine::Listener as _};
use vat_return::{Category, PeriodKind};
use view::{
    DraftForm, ErrorCode, SheetColumn, SheetDecimals, SheetDraft, SheetInto, SheetMeaning, SheetOutcome, SheetRepeated,
    SheetRow, SheetThere, SheetTrouble, SheetTroubleKind, SheetView,
    problem::{self, Problem},
    texts::{kroner, norwegian_date},
};

use super::{
    gate::{Gate, Permit},
    parts::Drafting,
};
use crate::draft_view;

/// Rows that are shown; of more of them those with trouble come first.
const SHOWN: usize = 200;
/// A pasted text beyond this is no table of a return.
const PASTED: usize = 8 << 20;

/// The sheet that is looked at.
pub(super) type Sheets = Mutex<Option<OpenSheet>>;

/// A spreadsheet that is being looked at.
#[derive(Debug)]
pub(super) struct OpenSheet {
    file: String,
    grids: Vec<Grid>,
    hidden: Vec<String>,
    at: usize,
    defaults: Defaults,
    /// The draft that it was brought to.
    into: Option<String>,
    /// What the person has chosen.
    layout: Option<Layout>,
    remembered: bool,
    /// Which of the sheets give lines.
    giving: Vec<usize>,
}

impl OpenSheet {
    /// Whether the sheet says another company or period than the draft has that it was brought to.
    fn is_elsewhere(&self, draft: &Draft) -> bool {
        let Defaults { org_number, period, .. } = &self.defaults;
        self.into.is_some()
            && (draft.period != *period || org_number.as_ref().is_some_and(|it| draft.org_number != *it))
    }

    fn understood(&self) -> Option<Understood> {
        let grid = self.grids.get(self.at)?;
        Some(sheet::understand(grid, &self.file, &self.defaults, self.layout.as_ref()))
    }
}

impl Drafting<'_> {
    /// Looks at what was pasted, for a draft or for new ones.
    ///
    /// # Errors
    /// `SheetTooLarge`, `FileUnreadable` for what holds nothing, the database, or the work account.
    pub fn paste_sheet(self, draft: Option<&str>, text: &str) -> Result<SheetView, Problem> {
        let permit = self.0.may(Action::ChangeDraft, None)?;
        if text.len() > PASTED {
            return Err(problem::says(ErrorCode::SheetTooLarge, "What was pasted is too large."));
        }
        let grid = sheet::pasted(text);
        if grid.rows.is_empty() {
            return Err(refused(&NotASheet::Empty, ""));
        }
        permit.look_at(String::new(), vec![grid], Vec::new(), draft)
    }

    /// Looks at a spreadsheet.
    ///
    /// # Errors
    /// `FileUnreadable` or `SheetTooLarge` when it is none that can be read, the database, or the work account.
    pub async fn open_sheet(self, draft: Option<&str>, path: PathBuf) -> Result<SheetView, Problem> {
        let permit = self.0.may(Action::OpenPaths, None)?;
        let name = name_of(&path);
        let file = name.clone();
        let read = tokio::task::spawn_blocking(move || {
            let bytes = files::open::read(&path, files::LARGEST).map_err(|why| {
                let code = match why {
                    files::Refused::TooLarge { .. } => ErrorCode::SheetTooLarge,
                    _ => ErrorCode::FileUnreadable,
                };
                problem::of(code, &why).with("file", file.clone())
            })?;
            sheet::open(&bytes).map_err(|why| refused(&why, &file))
        });
        let (grids, hidden) = read.await.map_err(|error| problem::of(ErrorCode::Internal, &error))??;
        permit.look_at(name, grids, hidden, draft)
    }

    /// Looks at the spreadsheet that a card stands for.
    ///
    /// # Errors
    /// As [`Drafting::open_sheet`]; `NotFound` for a card that stands for none.
    pub async fn open_card_sheet(self, card: &str) -> Result<SheetView, Problem> {
        let (_, card) = self.0.card_for(card, Action::CardView)?;
        let place = card.neighbour.as_ref().and_then(|it| it.sheet.clone());
        let path = place.ok_or_else(|| problem::says(ErrorCode::NotFound, "It is no spreadsheet."))?;
        self.open_sheet(None, path).await
    }

    /// Says what the columns of the sheet are and how it separates decimals, or looks at another one of its sheets.
    ///
    /// # Errors
    /// `NotFound` when nothing is looked at, the database, or the work account.
    pub fn choose_sheet(
        self,
        at: u32,
        meanings: &[SheetMeaning],
        decimals: Option<SheetDecimals>,
    ) -> Result<SheetView, Problem> {
        let permit = self.0.may(Action::ChangeDraft, None)?;
        let mut open = permit.sheets().take().ok_or_else(none)?;
        let at = usize::try_from(at).unwrap_or(usize::MAX).min(open.grids.len().saturating_sub(1));
        if at != open.at {
            open.at = at;
            permit.recognise(&mut open)?;
        } else if let Some(understood) = open.understood() {
            let understood_before = understood.layout.columns.clone();
            let columns = understood.layout.columns.into_iter().zip(meanings);
            let columns: Vec<_> =
                columns.map(|((column, name, _), meaning)| (column, name, meaning_of(*meaning))).collect();
            let decimals = decimals.map(|it| match it {
                SheetDecimals::Comma => Decimals::CommaForCertain,
                SheetDecimals::Point => Decimals::Point,
            });
            if let Some(grid) = open.grids.get_mut(at) {
                grid.said = decimals;
            }
            // Of columns that nobody has changed it is still said what is not read.
            let same = columns == understood_before;
            open.layout = if same { open.layout.take() } else { Some(Layout { columns, decimals: None }) };
            if let Some(layout) = &mut open.layout {
                layout.decimals = decimals;
            }
            open.remembered = false;
        }
        permit.shown(open)
    }

    /// Takes the lines into a draft, or makes drafts of them: their keys. Those of a return that has a draft among `into` are
    /// taken into that one; `replace` puts them in the place of its own lines.
    ///
    /// # Errors
    /// `NotFound` when nothing is looked at, `DraftChangedElsewhere`, the database, or the work account.
    pub fn use_sheet(
        self,
        draft: Option<(&str, u32)>,
        into: &[SheetInto],
        replace: bool,
        remember: bool,
    ) -> Result<Vec<String>, Problem> {
        let permit = self.0.may(Action::ChangeDraft, None)?;
        let (understood, elsewhere) = {
            let open = permit.sheets();
            let open = open.as_ref().ok_or_else(none)?;
            let understood = open.understood().ok_or_else(none)?;
            let elsewhere = understood.drafts.iter().any(|draft| open.is_elsewhere(draft));
            (understood, elsewhere)
        };
        if remember {
            permit.desk.db.write(|tx| draft_making::remember_layout(tx, &understood.layout))?;
        }
        let mut made = Vec::new();
        match (draft, understood.drafts.as_slice()) {
            (Some((id, revision)), [only]) if !elsewhere => {
                self.take_into(id, revision, only, replace)?;
                made.push(id.to_owned());
            }
            // All or none: what is refused halfway would else be made twice at the next try.
            (_, several) => made.extend(self.take_all(several, into, replace)?),
        }
        *permit.sheets() = None;
        Ok(made)
    }

    /// What the columns of a sheet with these names were said to be before.
    ///
    /// # Errors
    /// The database, or the work account.
    pub fn remembered(self, layout: &Layout) -> Result<Option<Layout>, Problem> {
        let permit = self.0.may(Action::Drafts, None)?;
        Ok(permit.desk.db.read(|db| draft_making::remembered_layout(db, layout))?)
    }

    /// A draft in another form: its name, without ending, and its bytes.
    ///
    /// # Errors
    /// `NotFound`, `NotChecked` while something is missing, the database, or the work account.
    pub fn file(self, id: &str, form: DraftForm) -> Result<(String, Vec<u8>), Problem> {
        let (permit, found) = self.0.draft(id, Action::Drafts)?;
        let draft = &found.stored.draft;
        let name = format!("mva-melding {} {}", draft.org_number, draft.period.in_words(vat_return::Language::Nb));
        let language = permit.desk.language();
        let unwritten = |error: sheet::NotWritten| problem::of(ErrorCode::Internal, &error);
        let bytes = match form {
            DraftForm::Xml => {
                let made = draft.made().map_err(|missing| problem::of(ErrorCode::NotChecked, &missing))?;
                made.xml.into_bytes()
            }
            DraftForm::Sheet => sheet::workbook(draft, language).map_err(unwritten)?,
            DraftForm::Template => sheet::template(draft, language).map_err(unwritten)?,
        };
        Ok((name, bytes))
    }

    /// A return that lies open, on the template: its name, without ending, and its bytes.
    ///
    /// # Errors
    /// `NotFound`, why its file is no return, or the work account.
    pub fn card_sheet(self, card: &str) -> Result<(String, Vec<u8>), Problem> {
        let (permit, card) = self.0.card_for(card, Action::CardView)?;
        let content = card.content?;
        let origin = ::drafts::Origin::Return { file: Some(card.file_name), sha256: content.sha256 };
        let draft = Draft::of_return(&content.vat_return, origin);
        let bytes = sheet::workbook(&draft, permit.desk.language())
            .map_err(|error| problem::of(ErrorCode::Internal, &error))?;
        let period = draft.period.in_words(vat_return::Language::Nb);
        Ok((format!("mva-melding {} {period}", draft.org_number), bytes))
    }
}

impl Permit<'_> {
    fn look_at(
        self,
        file: String,
        grids: Vec<Grid>,
        hidden: Vec<String>,
        draft: Option<&str>,
    ) -> Result<SheetView, Problem> {
        let mut open = OpenSheet {
            file,
            grids,
            hidden,
            at: 0,
            defaults: self.defaults(draft)?,
            into: draft.map(str::to_owned),
            layout: None,
            remembered: false,
            giving: Vec::new(),
        };
        let mut begun = None;
        for at in 0..open.grids.len() {
            open.at = at;
            self.recognise(&mut open)?;
            let Some(Understood { drafts, .. }) = open.understood() else { continue };
            if drafts.iter().any(|draft| draft.filled().next().is_some()) {
                open.giving.push(at);
            }
            begun = begun.or((!drafts.is_empty()).then_some(at));
        }
        // The first sheet that gives lines is the one that is meant; else one that says at least for whom it is.
        open.at = open.giving.first().copied().or(begun).unwrap_or(0);
        self.recognise(&mut open)?;
        self.shown(open)
    }

    fn recognise(self, open: &mut OpenSheet) -> Result<(), Problem> {
        open.layout = None;
        open.remembered = false;
        if let Some(understood) = open.understood()
            && let Some(kept) = self.desk.db.read(|db| draft_making::remembered_layout(db, &understood.layout))?
        {
            open.layout = Some(kept);
            open.remembered = true;
        }
        Ok(())
    }

    fn defaults(self, draft: Option<&str>) -> Result<Defaults, Problem> {
        if let Some(id) = draft {
            let (_, found) = Gate::of(&self).draft(id, Action::Drafts)?;
            let Draft { org_number, period, category, .. } = found.stored.draft;
            let org_number = Some(org_number).filter(|number| !number.is_empty());
            return Ok(Defaults { org_number, period, category });
        }
        let companies = self.desk.companies();
        let only = companies.keys().next().filter(|_| companies.len() == 1);
        let today = norwegian_date(self.desk.clock.now());
        let period = draft_view::latest_over(PeriodKind::TwoMonths, today);
        Ok(Defaults { org_number: only.map(Into::into), period, category: Category::Ordinary })
    }

    fn shown(self, open: OpenSheet) -> Result<SheetView, Problem> {
        let understood = open.understood().ok_or_else(none)?;
        let language = self.desk.language();
        let names = self.desk.known_names();
        let drafts = self.drafts_seen(false)?;
        let view = view(&open, &understood, |draft| {
            let there = of_return(&drafts, draft);
            SheetDraft {
                org_number: Some(draft.org_number.to_string()).filter(|number| !number.is_empty()),
                company_name: names.get(draft.org_number.as_str()).cloned(),
                period: draft.period.in_words(language),
                sum: kroner(draft.sum()),
                lines: count(draft.filled().count()),
                another: !there.is_empty(),
                there: match there.as_slice() {
                    // A file as it was dropped stays what it was.
                    [only] if !only.dropped => Some(with_lines(only, draft)),
                    _ => None,
                },
                elsewhere: open.is_elsewhere(draft),
            }
        });
        *self.sheets() = Some(open);
        Ok(view)
    }

    fn sheets(&self) -> std::sync::MutexGuard<'_, Option<OpenSheet>> {
        self.sheets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The drafts of the same return.
fn of_return<'a>(drafts: &'a [StoredDraft], draft: &Draft) -> Vec<&'a StoredDraft> {
    let key = draft.return_key();
    drafts.iter().filter(|stored| key.is_some() && stored.draft.return_key() == key).collect()
}

/// A draft that lies there, with what it would become.
fn with_lines(stored: &StoredDraft, lines: &Draft) -> SheetThere {
    let after = |replace: bool| {
        let mut after = stored.draft.clone();
        after.take_lines(lines, replace);
        kroner(after.sum())
    };
    SheetThere {
        id: stored.id.to_string(),
        revision: stored.revision,
        lines: count(stored.draft.filled().count()),
        before: kroner(stored.draft.sum()),
        added: after(false),
        replaced: after(true),
    }
}

fn view(open: &OpenSheet, understood: &Understood, draft: impl Fn(&Draft) -> SheetDraft) -> SheetView {
    let Understood { columns, rows, drafts, .. } = understood;
    let grid_rows = open.grids.get(open.at).map(|grid| grid.rows.as_slice()).unwrap_or_default();
    let is = |wanted: fn(&Outcome) -> bool| count(rows.iter().filter(|(_, outcome)| wanted(outcome)).count());
    let first_trouble = |at: usize| rows.get(at).is_some_and(|(_, outcome)| matches!(outcome, Outcome::Trouble(_)));
    let mut places: Vec<usize> = (0..rows.len()).collect();
    if rows.len() > SHOWN {
        places.sort_by_key(|at| !first_trouble(*at));
        places.truncate(SHOWN);
        places.sort_unstable();
    }
    let shown = places.into_iter().filter_map(|at| {
        let (number, outcome) = rows.get(at)?;
        let cell = |column: u32| grid_rows.get(at).and_then(|row| row.cell(column));
        let cells = columns.iter().map(|it| cell(it.column).map(sheet::SheetCell::text).unwrap_or_default());
        Some(row(*number, cells.collect(), outcome, drafts))
    });
    SheetView {
        file: Some(open.file.clone()).filter(|file| !file.is_empty()),
        sheets: open.grids.iter().map(|grid| grid.name.clone()).collect(),
        sheet: count(open.at),
        hidden: open.hidden.clone(),
        columns: columns
            .iter()
            .map(|it| SheetColumn {
                column: it.column,
                name: if it.name.is_empty() { letters(it.column) } else { it.name.clone() },
                meaning: meaning_view(it.meaning),
            })
            .collect(),
        rows: shown.collect(),
        row_count: count(rows.len()),
        lines: is(|outcome| matches!(outcome, Outcome::Line { .. })),
        troubles: is(|outcome| matches!(outcome, Outcome::Trouble(_))),
        cut: rows.iter().any(|(_, it)| matches!(it, Outcome::Line { cut, .. } if !cut.is_empty())),
        made_negative: rows.iter().any(|(_, it)| matches!(it, Outcome::Line { made_negative: true, .. })),
        remembered: open.remembered,
        drafts: drafts.iter().map(draft).collect(),
        repeated: understood
            .repeated
            .iter()
            .map(|it| SheetRepeated {
                column: letters(it.column),
                name: Some(it.name.clone()).filter(|name| !name.is_empty()),
                first: letters(it.first),
            })
            .collect(),
        others: open
            .giving
            .iter()
            .filter(|at| **at != open.at)
            .filter_map(|at| open.grids.get(*at).map(|grid| grid.name.clone()))
            .collect(),
        ambiguous: rows.iter().any(|(_, it)| {
            let either = |one: &sheet::CellTrouble| one.trouble == Trouble::NotAnAmount(NotAnAmount::Ambiguous);
            matches!(it, Outcome::Trouble(all) if all.iter().any(either))
        }),
        decimals: understood.layout.decimals.map(|it| match it {
            Decimals::Point | Decimals::PointPerhaps => SheetDecimals::Point,
            Decimals::Comma | Decimals::CommaForCertain | Decimals::Unknown => SheetDecimals::Comma,
        }),
    }
}

fn row(number: u32, cells: Vec<String>, outcome: &Outcome, drafts: &[Draft]) -> SheetRow {
    let plain = |outcome: SheetOutcome| SheetRow {
        number,
        cells: cells.clone(),
        outcome,
        code: None,
        base: None,
        vat: None,
        troubles: Vec::new(),
    };
    match outcome {
        Outcome::Line { draft, line, .. } => {
            let of = drafts.get(*draft).and_then(|draft| Some((draft, draft.line(*line)?)));
            SheetRow {
                code: of.map(|(_, line)| line.written_code().to_owned()),
                base: of.and_then(|(_, line)| line.base.amount()).map(kroner),
                vat: of.and_then(|(draft, line)| draft.vat_of(line)).map(kroner),
                ..plain(SheetOutcome::Line)
            }
        }
        Outcome::Heading => plain(SheetOutcome::Heading),
        Outcome::About => plain(SheetOutcome::About),
        Outcome::Sum => plain(SheetOutcome::Sum),
        Outcome::Words => plain(SheetOutcome::Words),
        Outcome::Empty => plain(SheetOutcome::Empty),
        Outcome::Trouble(troubles) => SheetRow {
            troubles: troubles
                .iter()
                .map(|it| SheetTrouble {
                    address: it.address.clone(),
                    text: it.text.clone(),
                    kind: trouble(&it.trouble),
                })
                .collect(),
            ..plain(SheetOutcome::Trouble)
        },
    }
}

fn trouble(trouble: &Trouble) -> SheetTroubleKind {
    match trouble {
        Trouble::FormulaError => SheetTroubleKind::Formula,
        Trouble::NotAnAmount(NotAnAmount::Ambiguous) => SheetTroubleKind::Ambiguous,
        Trouble::NotAnAmount(NotAnAmount::TooLarge) => SheetTroubleKind::TooLarge,
        Trouble::Day => SheetTroubleKind::Day,
        Trouble::UnknownCode => SheetTroubleKind::UnknownCode,
        Trouble::UnknownSpecification => SheetTroubleKind::UnknownSpecification,
        Trouble::Company => SheetTroubleKind::Company,
        Trouble::Period => SheetTroubleKind::Period,
        Trouble::NoCode => SheetTroubleKind::NoCode,
        Trouble::OtherColumns => SheetTroubleKind::OtherColumns,
        Trouble::SurplusCell => SheetTroubleKind::SurplusCell,
        Trouble::TooManyReturns => SheetTroubleKind::TooManyReturns,
        Trouble::TooManyLines => SheetTroubleKind::TooManyLines,
        _ => SheetTroubleKind::NotAnAmount,
    }
}

const MEANINGS: [(Meaning, SheetMeaning); 10] = [
    (Meaning::Code, SheetMeaning::Code),
    (Meaning::OwnCode, SheetMeaning::OwnCode),
    (Meaning::Base, SheetMeaning::Base),
    (Meaning::Rate, SheetMeaning::Rate),
    (Meaning::Vat, SheetMeaning::Vat),
    (Meaning::Specification, SheetMeaning::Specification),
    (Meaning::Remark, SheetMeaning::Remark),
    (Meaning::Company, SheetMeaning::Company),
    (Meaning::Period, SheetMeaning::Period),
    (Meaning::Nothing, SheetMeaning::Nothing),
];

fn meaning_view(meaning: Meaning) -> SheetMeaning {
    MEANINGS.into_iter().find(|(one, _)| *one == meaning).map_or(SheetMeaning::Nothing, |(_, other)| other)
}

fn meaning_of(meaning: SheetMeaning) -> Meaning {
    MEANINGS.into_iter().find(|(_, one)| *one == meaning).map_or(Meaning::Nothing, |(other, _)| other)
}

fn letters(column: u32) -> String {
    sheet::address(1, column).trim_end_matches('1').to_owned()
}

fn count(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}

fn name_of(path: &Path) -> String {
    shown::Shown::file_name(path).into()
}

fn none() -> Problem {
    problem::says(ErrorCode::NotFound, "No spreadsheet is being looked at.")
}

fn refused(why: &NotASheet, file: &str) -> Problem {
    let code = match why {
        NotASheet::TooLarge => ErrorCode::SheetTooLarge,
        NotASheet::Empty => ErrorCode::FileEmpty,
        _ => ErrorCode::FileUnreadable,
    };
    problem::of(code, why).with("file", file)
}
