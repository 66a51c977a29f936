//! Lines of one draft taken into another, as those that were pasted.

use crate::draft::{Draft, LineId};

impl Draft {
    /// Takes the lines of another draft, behind its own or in their place; each gets a number of its own.
    pub fn take_lines(&mut self, other: &Self, replace: bool) {
        self.stated_sum = None;
        if replace {
            self.lines.clear();
        }
        // Lines that were chosen and never filled would stand between.
        let filled: Vec<_> =
            self.lines.iter().filter(|line| !line.is_empty() || line.deducts.is_some()).cloned().collect();
        self.lines = filled;
        let kept: Vec<LineId> = self.lines.iter().map(|line| line.id).collect();
        self.lines.retain(|line| line.deducts.is_none_or(|output| kept.contains(&output)));
        let first = self.next_line;
        for line in &other.lines {
            let mut line = line.clone();
            line.id = LineId(line.id.0.saturating_add(first));
            line.deducts = line.deducts.map(|output| LineId(output.0.saturating_add(first)));
            self.next_line = self.next_line.max(line.id.0.saturating_add(1));
            self.lines.push(line);
        }
    }
}
