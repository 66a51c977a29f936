//! Questions: only where the file cannot know. Each names its effect; a suggestion is marked as one and never chosen.

use saf_t::Ledger;

/// What is asked. The names are those scripts know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum QuestionKind {
    /// No period asked for and several in the file.
    ChoosePeriod,
    /// The selection does not cover the period.
    PeriodIncomplete,
    /// Date and accounting period lie on different sides of the border.
    PeriodMismatch,
    /// `TaxDeclarationPeriod` says another term than the date.
    DeclarationPeriod,
    /// A part of a split set is missing.
    MissingPart,
    /// No vouchers at all.
    NoEntries,
    /// No usable organisation number.
    OrgnrMissing,
    /// Codes are used and there is no tax table.
    TaxTableMissing,
    /// An own code that leads to no standard code.
    UnmappedCode,
    /// An own code that leads to several.
    AmbiguousCode,
    /// An output code on purchases or an input code on sales.
    CodeDirection,
    /// A percentage that is no rate of the code.
    RateNotValid,
    /// VAT on a code without.
    TaxOnUntaxedCode,
    /// An amount of tax and no code.
    TaxWithoutCode,
    /// A hint of uttak or tap på krav.
    Specification,
    /// A VAT account moved in a voucher without codes.
    UncodedVatPosting,
    /// Stated VAT and VAT accounts disagree.
    VoucherDifference,
    /// No amount stated, and the VAT accounts do not explain one.
    TaxUnknown,
    /// The deducted share cannot be told.
    ShareUnknown,
    /// VAT of an output code without a base that can be trusted.
    BaseUnknown,
    /// Base times rate and VAT differ by more than R019 allows.
    BaseTimesRate,
    /// Codes on VAT lines only, and income without.
    ZeroRatedInvisible,
    /// A line has turned round, and R020 or R021 want a remark.
    RemarkNeeded,
    /// Books in another currency, and no amount in NOK.
    ForeignCurrency,
    /// Books in another currency, and no base in NOK.
    NokBaseMissing,
    /// Debit and credit differ.
    UnbalancedVoucher,
    /// The same voucher twice in one file.
    DuplicateVoucher,
    /// A VAT account by number and name, mapped to something else.
    AccountMapping,
    /// Files of several companies that are registered together: whose number the return has.
    JointRegistration,
    /// Money comes back: the KID that it is to be paid out with. Nothing of the ledger asks for it; whoever files does.
    RefundKid,
}

impl QuestionKind {
    /// All kinds.
    pub const ALL: [Self; 30] = [
        Self::ChoosePeriod,
        Self::PeriodIncomplete,
        Self::PeriodMismatch,
        Self::DeclarationPeriod,
        Self::MissingPart,
        Self::NoEntries,
        Self::OrgnrMissing,
        Self::TaxTableMissing,
        Self::UnmappedCode,
        Self::AmbiguousCode,
        Self::CodeDirection,
        Self::RateNotValid,
        Self::TaxOnUntaxedCode,
        Self::TaxWithoutCode,
        Self::Specification,
        Self::UncodedVatPosting,
        Self::VoucherDifference,
        Self::TaxUnknown,
        Self::ShareUnknown,
        Self::BaseUnknown,
        Self::BaseTimesRate,
        Self::ZeroRatedInvisible,
        Self::RemarkNeeded,
        Self::ForeignCurrency,
        Self::NokBaseMissing,
        Self::UnbalancedVoucher,
        Self::DuplicateVoucher,
        Self::AccountMapping,
        Self::JointRegistration,
        Self::RefundKid,
    ];

    /// The name scripts know.
    pub fn name(self) -> &'static str {
        match self {
            Self::ChoosePeriod => "choose_period",
            Self::PeriodIncomplete => "period_incomplete",
            Self::PeriodMismatch => "period_mismatch",
            Self::DeclarationPeriod => "declaration_period",
            Self::MissingPart => "missing_part",
            Self::NoEntries => "no_entries",
            Self::OrgnrMissing => "orgnr_missing",
            Self::TaxTableMissing => "tax_table_missing",
            Self::UnmappedCode => "unmapped_code",
            Self::AmbiguousCode => "ambiguous_code",
            Self::CodeDirection => "code_direction",
            Self::RateNotValid => "rate_not_valid",
            Self::TaxOnUntaxedCode => "tax_on_untaxed_code",
            Self::TaxWithoutCode => "tax_without_code",
            Self::Specification => "specification",
            Self::UncodedVatPosting => "uncoded_vat_posting",
            Self::VoucherDifference => "voucher_difference",
            Self::TaxUnknown => "tax_unknown",
            Self::ShareUnknown => "share_unknown",
            Self::BaseUnknown => "base_unknown",
            Self::BaseTimesRate => "base_times_rate",
            Self::ZeroRatedInvisible => "zero_rated_invisible",
            Self::RemarkNeeded => "remark_needed",
            Self::ForeignCurrency => "foreign_currency",
            Self::NokBaseMissing => "nok_base_missing",
            Self::UnbalancedVoucher => "unbalanced_voucher",
            Self::DuplicateVoucher => "duplicate_voucher",
            Self::AccountMapping => "account_mapping",
            Self::JointRegistration => "joint_registration",
            Self::RefundKid => "refund_kid",
        }
    }

    /// Whether its effect is told by the amounts of the books, and not by those of the return.
    fn is_of_the_books(self) -> bool {
        matches!(
            self,
            Self::PeriodMismatch
                | Self::DeclarationPeriod
                | Self::TaxTableMissing
                | Self::UnmappedCode
                | Self::AmbiguousCode
                | Self::TaxWithoutCode
                | Self::UncodedVatPosting
                | Self::ForeignCurrency
                | Self::DuplicateVoucher
        )
    }

    /// The kind with that name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// An open question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// What is asked.
    pub kind: QuestionKind,
    /// What it is about, where there can be several of a kind: an own code, a voucher, a line of the return.
    pub about: String,
    /// The vouchers it comes from, by index in the ledger.
    pub vouchers: Vec<usize>,
    /// How much what is to be paid may change by the answer, in øre.
    pub effect: i128,
    /// The effect is in the currency of the books: what it is in kroner is not known.
    pub foreign: bool,
    /// Answers that are understood; anything where there is none.
    pub choices: Vec<String>,
    /// An answer that the file makes likely. It is shown as a suggestion and never chosen.
    pub suggestion: Option<String>,
}

impl Question {
    /// How much what is to be paid may change by the answer, in øre, where it is known in kroner.
    pub fn kroner(&self) -> Option<i128> {
        (!self.foreign).then_some(self.effect)
    }

    /// What the answer is kept under.
    pub fn id(&self) -> String {
        Self::id_of(self.kind, &self.about)
    }

    /// What an answer is kept under for the next file. Of vouchers that are asked about together each is kept by itself: one that
    /// the next file has besides is asked about then.
    pub fn kept_under(&self, ledger: &Ledger) -> Vec<String> {
        match self.kind {
            QuestionKind::UnbalancedVoucher => {
                let of = self.vouchers.iter();
                of.map(|voucher| Self::id_of(self.kind, &voucher_name(ledger, *voucher))).collect()
            }
            _ => vec![self.id()],
        }
    }

    /// What the answer to a question of that kind about that is kept under.
    pub fn id_of(kind: QuestionKind, about: &str) -> String {
        if about.is_empty() { kind.name().to_owned() } else { format!("{}:{about}", kind.name()) }
    }
}

/// A name for a voucher that holds over deliveries: `journal/number/date`.
pub(crate) fn voucher_name(ledger: &Ledger, voucher: usize) -> String {
    let Some(row) = ledger.voucher(voucher) else { return String::new() };
    let journal = ledger.journals.get(row.journal as usize).map(String::as_str).unwrap_or_default();
    format!("{journal}/{}/{}", ledger.number(voucher), row.date)
}

/// Gathers questions: one of a kind and subject, however many vouchers it comes from.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    questions: std::collections::BTreeMap<(QuestionKind, String), Question>,
}

impl Asked {
    pub(crate) fn ask(
        &mut self,
        kind: QuestionKind,
        about: &str,
        voucher: Option<usize>,
        effect: i128,
    ) -> &mut Question {
        let question = self.questions.entry((kind, about.to_owned())).or_insert_with(|| Question {
            kind,
            about: about.to_owned(),
            vouchers: Vec::new(),
            effect: 0,
            foreign: false,
            choices: Vec::new(),
            suggestion: None,
        });
        if let Some(voucher) = voucher
            && question.vouchers.last() != Some(&voucher)
        {
            question.vouchers.push(voucher);
        }
        question.effect += effect;
        question
    }

    /// All of them; of books in another currency with what their amounts are in.
    pub(crate) fn all(self, foreign: bool) -> Vec<Question> {
        let mut questions: Vec<Question> = self.questions.into_values().collect();
        for question in &mut questions {
            question.foreign = foreign && question.kind.is_of_the_books();
        }
        questions
    }
}
