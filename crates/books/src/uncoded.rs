//! What carries no code: VAT accounts moved without one, and income that codes on VAT lines leave out.

use crate::analyse::{Analysis, Difference, Lines};
use crate::codes::{Group, group, is_zero_rated, statutory_rate};
use crate::entry::Movement;
use crate::item::{Item, from_vat};
use crate::posting::{Evidence, LineKey};
use crate::question::QuestionKind;
use saf_t::{Ledger, Rate};
use vat_return::{
    Category,
    tables::{Specification, tables},
};

/// The accounts that a voucher moves, by number: what a lasting answer about one without codes is kept under.
pub fn pattern(ledger: &Ledger, voucher: usize) -> String {
    let mut accounts: Vec<&str> = ledger
        .lines_of(voucher)
        .map(|line| ledger.line(line))
        .filter(|(_, net)| *net != 0)
        .filter_map(|(account, _)| ledger.accounts.get(account))
        .map(|account| account.id.as_str())
        .collect();
    accounts.sort_unstable();
    accounts.dedup();
    accounts.join(" ")
}

/// What VAT without a code may be: input tax by default, output tax where it makes more to pay; what is compensated has no
/// specifications of these (R091).
pub(crate) fn choices(amount: i128, category: Category) -> Vec<String> {
    if category == Category::Compensation {
        return ["1", "ignore"].map(str::to_owned).to_vec();
    }
    let input = ["1 justering", "1", "1 tapPåKrav", "1 tilbakeføringAvInngåendeMerverdiavgift", "3", "ignore"];
    let output = ["3", "1 tilbakeføringAvInngåendeMerverdiavgift", "1 justering", "3 tapPåKrav", "1", "ignore"];
    (if amount < 0 { output } else { input }).map(str::to_owned).to_vec()
}

impl Analysis<'_> {
    /// Income that carries no code, where codes stand on VAT lines only.
    pub(crate) fn zero_rated_sales(&mut self, voucher: usize, items: &[Item<'_>], lines: &Lines) {
        if !self.vat_line_style || lines.revenue == 0 || self.is_compensation() {
            return;
        }
        let taxed: i128 = items
            .iter()
            .filter(|item| matches!(group(item.code), Group::Output | Group::Untaxed))
            .map(|item| match item.stated_base {
                0 => -item.side * from_vat(if item.known { item.vat } else { item.net.abs() }, item.rate),
                base => -item.side * base,
            })
            .sum();
        let invisible = lines.revenue - taxed;
        if invisible.abs() <= 100 {
            return;
        }
        let mut accounts: Vec<(String, i128)> = Vec::new();
        for line in self.ledger.lines_of(voucher) {
            let (account, net) = self.ledger.line(line);
            if self.kind(account).revenue && net != 0 {
                let id = self.ledger.accounts.get(account).map(|account| account.id.clone()).unwrap_or_default();
                accounts.push((id, -i128::from(net)));
            }
        }
        let one = accounts.iter().find(|(_, amount)| *amount == invisible).cloned();
        for (account, amount) in one.map_or(accounts, |one| vec![one]) {
            match self.answers.get(QuestionKind::ZeroRatedInvisible, &account).and_then(|code| code.parse::<u8>().ok())
            {
                Some(code) if is_zero_rated(code) => {
                    let key = LineKey { code, specification: None, deduction: false, rate: Rate::ZERO };
                    if let Some(amount) = self.in_kroner(&account, voucher, amount) {
                        self.push(voucher, None, key, Evidence::Answer, amount, 0);
                    }
                }
                Some(_) => {}
                None => {
                    let question = self.asked.ask(QuestionKind::ZeroRatedInvisible, &account, Some(voucher), 0);
                    question.choices = ["6", "5", "51", "52", "0"].map(str::to_owned).to_vec();
                }
            }
        }
    }

    /// A voucher without codes that moves VAT accounts (facts, section 4, "Movement").
    pub(crate) fn uncoded(&mut self, voucher: usize, lines: &Lines, opening: bool) {
        if self.vat_line_style {
            self.zero_rated_sales(voucher, &[], lines);
        }
        let mut moved = lines.movement;
        if self.is_compensation() {
            // Output tax is in another return, and what was claimed is paid out on its own.
            if moved.input == 0 {
                return;
            }
            if opening || lines.bank && lines.others == 0 {
                self.left_out.push(voucher);
                return;
            }
            moved = Movement { output: 0, settlement: 0, ..moved };
        }
        if moved.lines == 0 {
            return;
        }
        // A settlement of nothing has no line on 2740: output is debited, input credited. The other way round it would be a
        // reverse charge without its code.
        let cleared = !lines.bank && moved.output > 0 && moved.input < 0;
        let settled = lines.others == 0 && (lines.settles || cleared);
        let paid = lines.bank && lines.others == 0 && moved.output != 0 && moved.input != 0;
        if opening || settled || paid {
            self.left_out.push(voucher);
            return;
        }
        let amount = moved.output + moved.input;
        self.movement += amount;
        if moved.output == 0 && moved.input == 0 {
            return;
        }
        let name = self.name(voucher);
        match self.answer_of_posting(voucher, &name).map(str::to_owned) {
            Some(answer) => self.answered_posting(voucher, &answer, amount, moved),
            None => {
                self.lump_sums.posted.0 += moved.output;
                self.lump_sums.posted.1 += moved.input;
                self.lump_sums.lumps.push((voucher, amount));
            }
        }
    }

    /// What was answered about the voucher, else about all that move the same accounts.
    fn answer_of_posting(&self, voucher: usize, name: &str) -> Option<&str> {
        if self.answers.is_empty() {
            return None;
        }
        let kind = QuestionKind::UncodedVatPosting;
        self.answers.get(kind, name).or_else(|| self.answers.get(kind, &pattern(self.ledger, voucher)))
    }

    /// What the voucher's text makes likely.
    pub(crate) fn suggested(&self, voucher: usize) -> Option<String> {
        let hints = self.ledger.voucher(voucher)?.hints;
        hints.has(saf_t::Hints::LOSS).then(|| "1 tapPåKrav".to_owned())
    }

    /// `1 justering`, `3`, `81 tilbakeføringAvInngåendeMerverdiavgift`, or `ignore`.
    fn answered_posting(&mut self, voucher: usize, answer: &str, amount: i128, moved: Movement) {
        let (code, specification) = answer.split_once(' ').unwrap_or((answer, ""));
        let code = code.parse::<u8>().ok().filter(|code| tables().code(&code.to_string()).is_some());
        match code {
            Some(code) => {
                // The answer is the return's own VAT, with its sign.
                let name = self.name(voucher);
                let Some(vat) = self.in_kroner(&name, voucher, -amount) else { return };
                let amount = -vat;
                let date = self.ledger.voucher(voucher).map(|row| row.date).unwrap_or_default();
                let specification = Specification::of_text(specification.trim());
                let deduction = !self.is_compensation() && (group(code) == Group::Input || moved.output == 0);
                let rate = if deduction { Rate::ZERO } else { statutory_rate(code, date).unwrap_or_default() };
                let base = from_vat(-amount, rate);
                let key = LineKey { code, specification, deduction, rate };
                self.push(voucher, None, key, Evidence::Answer, base, -amount);
            }
            None => {
                let cause = QuestionKind::UncodedVatPosting;
                self.differences.push(Difference { voucher, cause, amount });
            }
        }
    }
}
