//! One comparison: what was measured, beside what, and whether it is good enough.

use super::json;
use std::fmt::Write as _;

/// A comparison.
///
/// The programs that measure print one line a comparison, its parts set apart by tabs, the first one `row`:
///
/// ```text
/// row  name=start until usable  against=empty window  unit=ms  ours=312 305 330  theirs=270 268 281  goal=<= 1.3
/// ```
///
/// `ours` and `theirs` are single measurements of a cost (time, bytes, share of a core), so that less is better; the
/// median and the spread are computed here. `theirs` may be left out for a figure that stands alone. `note` is free text.
///
/// | `goal` | what is compared |
/// |---|---|
/// | `<= 1.3` | ours as a multiple of theirs; without theirs the figure itself |
/// | `>= 2.5` | theirs as a multiple of ours: so many times better |
/// | `+<= 0.5` | ours less theirs, in the unit |
/// | left out | nothing: the figure is reported only |
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    name: String,
    against: String,
    unit: String,
    ours: Measured,
    theirs: Option<Measured>,
    goal: Option<Goal>,
    note: String,
}

/// Several measurements of one thing.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Measured {
    median: f64,
    lowest: f64,
    highest: f64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Goal {
    /// At most so many times theirs.
    Within(f64),
    /// At least so many times better.
    Better(f64),
    /// At most so much more than theirs.
    LittleMore(f64),
}

impl Row {
    /// Reads a line; nothing when it is no row.
    ///
    /// # Errors
    /// What is wrong with a line that begins as a row.
    pub(crate) fn read(line: &str) -> Option<Result<Self, String>> {
        let parts = line.strip_prefix("row\t")?;
        Some(Self::of_parts(parts).map_err(|problem| format!("{problem} in: {line}")))
    }

    fn of_parts(parts: &str) -> Result<Self, String> {
        let (mut name, mut against, mut unit, mut note) = Default::default();
        let (mut ours, mut theirs, mut goal) = (None, None, None);
        for part in parts.trim_end().split('\t') {
            let (key, value) = part.split_once('=').ok_or_else(|| format!("{part:?} has no value"))?;
            match key {
                "name" => name = value.to_owned(),
                "against" => against = value.to_owned(),
                "unit" => unit = value.to_owned(),
                "note" => note = value.to_owned(),
                "ours" => ours = Some(Measured::read(value)?),
                "theirs" => theirs = Some(Measured::read(value)?),
                "goal" => goal = Some(Goal::read(value)?),
                _ => return Err(format!("{key:?} is no part of a row")),
            }
        }
        if name.is_empty() {
            return Err("no name".to_owned());
        }
        Ok(Self { name, against, unit, ours: ours.ok_or("nothing measured")?, theirs, goal, note })
    }

    /// What the goal is about; the figure itself when there is nothing to compare with.
    pub(crate) fn ratio(&self) -> f64 {
        match (self.goal, self.theirs) {
            (_, None) => self.ours.median,
            (Some(Goal::Better(_)), Some(theirs)) => theirs.median / self.ours.median,
            (Some(Goal::LittleMore(_)), Some(theirs)) => self.ours.median - theirs.median,
            (Some(Goal::Within(_)) | None, Some(theirs)) => self.ours.median / theirs.median,
        }
    }

    /// Whether the goal is met; nothing when there is none.
    pub(crate) fn met(&self) -> Option<bool> {
        let ratio = self.ratio();
        // A ratio that is no number meets nothing.
        self.goal.map(|goal| match goal {
            Goal::Within(limit) | Goal::LittleMore(limit) => ratio <= limit,
            Goal::Better(limit) => ratio >= limit,
        })
    }

    /// The row's cells in the table.
    pub(crate) fn cells(&self) -> [String; 7] {
        let missing = || "–".to_owned();
        let ratio = match (self.goal, self.theirs) {
            (Some(Goal::LittleMore(_)), Some(_)) => format!("{:+} {}", Short(self.ratio()), self.unit),
            (_, Some(_)) => format!("{:.2} ×", self.ratio()),
            (_, None) => missing(),
        };
        [
            self.name.clone(),
            self.ours.in_words(&self.unit),
            self.against.clone(),
            self.theirs.map_or_else(missing, |theirs| theirs.in_words(&self.unit)),
            ratio,
            self.goal.map_or_else(missing, |goal| goal.in_words(self.theirs.is_some(), &self.unit)),
            match self.met() {
                Some(true) => "yes".to_owned(),
                Some(false) => "no".to_owned(),
                None => missing(),
            },
        ]
    }

    /// What else should be known, as `name: note`.
    pub(crate) fn note(&self) -> Option<String> {
        (!self.note.is_empty()).then(|| format!("{}: {}", self.name, self.note))
    }

    /// The row as one object.
    pub(crate) fn json(&self) -> String {
        let mut object = String::from("{");
        let mut add = |key: &str, value: String| {
            let comma = if object.len() > 1 { "," } else { "" };
            let _ = write!(object, "{comma}{}:{value}", json::text(key));
        };
        add("name", json::text(&self.name));
        add("against", json::text(&self.against));
        add("unit", json::text(&self.unit));
        add("ours", self.ours.json());
        add("theirs", self.theirs.map_or_else(|| "null".to_owned(), Measured::json));
        add("ratio", json::number(self.ratio()));
        add("goal", self.goal.map_or_else(|| "null".to_owned(), |goal| json::text(&goal.written())));
        add("met", self.met().map_or_else(|| "null".to_owned(), |met| met.to_string()));
        if !self.note.is_empty() {
            add("note", json::text(&self.note));
        }
        object.push('}');
        object
    }
}

impl Measured {
    fn read(text: &str) -> Result<Self, String> {
        let mut all: Vec<f64> = text
            .split_whitespace()
            .map(|number| number.parse().map_err(|_| format!("{number:?} is no number")))
            .collect::<Result<_, _>>()?;
        all.sort_by(f64::total_cmp);
        let (Some(&lowest), Some(&highest)) = (all.first(), all.last()) else { return Err("no measurement".into()) };
        let middle = all.len() / 2;
        let median = if all.len() % 2 == 1 { all[middle] } else { f64::midpoint(all[middle - 1], all[middle]) };
        Ok(Self { median, lowest, highest })
    }

    fn in_words(self, unit: &str) -> String {
        let median = Short(self.median);
        if self.lowest == self.highest {
            format!("{median} {unit}")
        } else {
            format!("{median} {unit} ({}–{})", Short(self.lowest), Short(self.highest))
        }
        .replace("  ", " ")
    }

    fn json(self) -> String {
        let [median, lowest, highest] = [self.median, self.lowest, self.highest].map(json::number);
        format!("{{\"median\":{median},\"lowest\":{lowest},\"highest\":{highest}}}")
    }
}

impl Goal {
    fn read(text: &str) -> Result<Self, String> {
        let limit = |number: &str| number.trim().parse().map_err(|_| format!("{text:?} is no goal"));
        if let Some(number) = text.strip_prefix("+<=") {
            limit(number).map(Self::LittleMore)
        } else if let Some(number) = text.strip_prefix("<=") {
            limit(number).map(Self::Within)
        } else if let Some(number) = text.strip_prefix(">=") {
            limit(number).map(Self::Better)
        } else {
            Err(format!("{text:?} is no goal"))
        }
    }

    fn written(self) -> String {
        match self {
            Self::Within(limit) => format!("<= {limit}"),
            Self::Better(limit) => format!(">= {limit}"),
            Self::LittleMore(limit) => format!("+<= {limit}"),
        }
    }

    fn in_words(self, compared: bool, unit: &str) -> String {
        match self {
            Self::Within(limit) if compared => format!("≤ {limit} ×"),
            Self::Within(limit) => format!("≤ {limit} {unit}").trim_end().to_owned(),
            Self::Better(limit) if compared => format!("≥ {limit} × better"),
            Self::Better(limit) => format!("≥ {limit} {unit}").trim_end().to_owned(),
            Self::LittleMore(limit) => format!("≤ +{limit} {unit}"),
        }
    }
}

/// A number with three digits that count.
struct Short(f64);

impl std::fmt::Display for Short {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let decimals = match self.0.abs() {
            size if size >= 100.0 => 0,
            size if size >= 10.0 => 1,
            size if size >= 1.0 || size == 0.0 => 2,
            _ => 3,
        };
        if formatter.sign_plus() {
            write!(formatter, "{:+.decimals$}", self.0)
        } else {
            write!(formatter, "{:.decimals$}", self.0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Row;

    fn row(line: &str) -> Row {
        Row::read(line).expect("a row").expect("a good one")
    }

    #[test]
    fn a_row_is_compared_as_its_goal_says() {
        let compared = |goal: &str| row(&format!("row\tname=x\tours=1 4 2\ttheirs=8 3 4\tgoal={goal}"));
        assert_eq!((compared("<= 0.5").ratio(), compared("<= 0.5").met()), (0.5, Some(true)));
        assert_eq!(compared("<= 0.49").met(), Some(false));
        assert_eq!((compared(">= 2").ratio(), compared(">= 2").met()), (2.0, Some(true)));
        assert_eq!(compared(">= 2.1").met(), Some(false));
        assert_eq!((compared("+<= -2").ratio(), compared("+<= -2").met()), (-2.0, Some(true)));
        assert_eq!(compared("+<= -2.1").met(), Some(false));
    }

    #[test]
    fn a_figure_may_stand_alone() {
        let alone = row("row\tname=exponent\tours=1.02\tgoal=<= 1.05");
        assert_eq!((alone.ratio(), alone.met()), (1.02, Some(true)));
        assert_eq!(row("row\tname=size\tunit=MB\tours=12\ttheirs=8").met(), None);
        assert_eq!(row("row\tname=size\tunit=MB\tours=12\ttheirs=8").ratio(), 1.5);
    }

    #[test]
    fn the_median_of_an_even_number_lies_between() {
        assert_eq!(row("row\tname=x\tours=4 1 2 3").ratio(), 2.5);
    }

    #[test]
    fn what_is_wrong_with_a_row_is_said() {
        assert!(Row::read("ours=1").is_none());
        for line in ["row\tname=x", "row\tours=1", "row\tname=x\tours=fast", "row\tname=x\tours=1\tgoal=1", "row\tx"] {
            assert!(Row::read(line).is_some_and(|row| row.is_err()), "{line}");
        }
    }

    #[test]
    fn a_row_as_an_object() {
        let object = row("row\tname=start \"x\"\tagainst=empty\tunit=ms\tours=3\ttheirs=2\tgoal=<= 1.3").json();
        assert_eq!(
            object,
            "{\"name\":\"start \\\"x\\\"\",\"against\":\"empty\",\"unit\":\"ms\",\
             \"ours\":{\"median\":3,\"lowest\":3,\"highest\":3},\"theirs\":{\"median\":2,\"lowest\":2,\"highest\":2},\
             \"ratio\":1.5,\"goal\":\"<= 1.3\",\"met\":false}"
        );
    }

    #[test]
    fn a_row_in_the_table() {
        let cells = row("row\tname=idle\tagainst=empty\tunit=%\tours=0.25\ttheirs=0.1\tgoal=+<= 0.5").cells();
        assert_eq!(cells, ["idle", "0.250 %", "empty", "0.100 %", "+0.150 %", "≤ +0.5 %", "yes"]);
    }
}
