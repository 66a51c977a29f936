//! Why a work account did not get in: each reason with its own words and next step.

use id_porten::{
    SignInError, TokenError,
    work::{Employee, OrganisationNumber, WorkRefusal},
};
use shown::Shown;
use vat_return::Language;
use view::{WorkFailureKind, WorkProblem};

use super::{policy::WorkPolicy, rights::Rights, texts};

/// Why a work account did not get in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) kind: WorkFailureKind,
    pub(crate) details: Vec<String>,
}

impl Failure {
    /// Every kind there is.
    #[cfg(test)]
    pub(crate) const ALL: [WorkFailureKind; 16] = {
        use WorkFailureKind as K;
        [
            K::ConsentNeeded,
            K::Blocked,
            K::NotOpen,
            K::RepresentationMissing,
            K::OrganisationUnknown,
            K::WrongOrganisation,
            K::NoRule,
            K::NoRuleGroupsCut,
            K::SecondFactorMissing,
            K::Untrusted,
            K::Denied,
            K::TimedOut,
            K::Unreachable,
            K::Setup,
            K::SecretMissing,
            K::Other,
        ]
    };

    fn new(kind: WorkFailureKind, details: impl IntoIterator<Item = String>) -> Self {
        // They quote what a server said.
        let details = details.into_iter().map(|line| Shown::text(&line).into_string());
        Self { kind, details: details.filter(|line| !line.is_empty()).collect() }
    }

    /// Why a sign-in brought nobody home; none where the person gave it up in the program.
    pub(super) fn of_sign_in(error: &SignInError) -> Option<Self> {
        use WorkFailureKind as K;
        let kind = match (WorkRefusal::of(error), error) {
            (_, SignInError::Cancelled) => return None,
            (Some(WorkRefusal::ConsentNeeded), _) => K::ConsentNeeded,
            (Some(WorkRefusal::Blocked), _) => K::Blocked,
            (Some(WorkRefusal::NothingRepresented), _) => K::RepresentationMissing,
            (Some(WorkRefusal::NotOpen), _) => K::NotOpen,
            (_, SignInError::TimedOut) => K::TimedOut,
            (_, SignInError::Denied { error, .. }) if error == "invalid_scope" || error == "unauthorized_client" => {
                K::Setup
            }
            (_, SignInError::Denied { .. }) => K::Denied,
            (_, SignInError::InvalidState | SignInError::InvalidIssuer { .. } | SignInError::InvalidAnswer(_)) => {
                K::Untrusted
            }
            (_, SignInError::Token(error)) => match error {
                TokenError::Unreachable { .. } | TokenError::Fault { .. } => K::Unreachable,
                TokenError::IntegrationRefused { .. }
                | TokenError::Refused { .. }
                | TokenError::IssuerMismatch { .. }
                | TokenError::Configuration(_) => K::Setup,
                TokenError::UntrustedIdToken { .. } | TokenError::AcrTooLow { .. } => K::Untrusted,
                _ => K::Other,
            },
            _ => K::Other,
        };
        Some(Self::new(kind, [error.to_string()]))
    }

    /// A client that cannot prove itself.
    pub(super) fn of_client(kind: WorkFailureKind, error: Option<&dyn std::error::Error>) -> Self {
        Self::new(kind, error.map(ToString::to_string))
    }

    /// An answer that cannot be trusted.
    pub(super) fn untrusted(error: &dyn std::error::Error) -> Self {
        Self::new(WorkFailureKind::Untrusted, [error.to_string()])
    }

    /// A browser or a listener that cannot be had.
    pub(super) fn other(what: &dyn std::fmt::Display) -> Self {
        Self::new(WorkFailureKind::Other, [what.to_string()])
    }

    /// What the policy has against an employee; none: she gets in.
    pub(super) fn of_employee(policy: &WorkPolicy, employee: &Employee) -> Option<Self> {
        use WorkFailureKind as K;
        if policy.sign_in.second_factor && !employee.second_factor {
            return Some(Self::new(K::SecondFactorMissing, []));
        }
        let (known, refused) = (&employee.organisations.known, &employee.organisations.refused);
        let ours = |number: &OrganisationNumber| policy.organisations.contains(number);
        let named = known.iter().map(|one| match &one.name {
            Some(name) => format!("{name} ({})", one.number),
            None => one.number.to_string(),
        });
        let wants_one = policy.sign_in.request.required || !policy.organisations.is_empty();
        if known.is_empty() && wants_one {
            let reasons = refused
                .iter()
                .map(|one| format!("{}: {}", one.name.as_deref().unwrap_or("authorization_details"), one.reason));
            return Some(Self::new(K::OrganisationUnknown, reasons));
        }
        if !policy.organisations.is_empty() && !known.iter().any(|one| ours(&one.number)) {
            return Some(Self::new(K::WrongOrganisation, named));
        }
        if Rights::of(policy, &employee.groups, known).are_none() {
            let kind = if employee.groups.are_all() { K::NoRule } else { K::NoRuleGroupsCut };
            return Some(Self::new(kind, named));
        }
        None
    }

    /// In words.
    pub(super) fn view(&self, policy: &WorkPolicy, language: Language) -> WorkProblem {
        let contact = policy.contact.as_deref().unwrap_or(&policy.firm);
        let values = [("firm", policy.firm.as_str()), ("contact", contact)];
        let part = |part: &str| texts::text(&format!("{}.{part}", key(self.kind)), language, &values);
        WorkProblem {
            kind: self.kind,
            title: part("title"),
            text: part("text"),
            todo: part("todo"),
            details: self.details.clone(),
        }
    }
}

/// A kind of failure as the message files name it.
pub(crate) const fn key(kind: WorkFailureKind) -> &'static str {
    match kind {
        WorkFailureKind::ConsentNeeded => "consent",
        WorkFailureKind::Blocked => "blocked",
        WorkFailureKind::NotOpen => "notOpen",
        WorkFailureKind::RepresentationMissing => "representation",
        WorkFailureKind::OrganisationUnknown => "unknown",
        WorkFailureKind::WrongOrganisation => "wrong",
        WorkFailureKind::NoRule => "noRule",
        WorkFailureKind::NoRuleGroupsCut => "groups",
        WorkFailureKind::SecondFactorMissing => "factor",
        WorkFailureKind::Untrusted => "untrusted",
        WorkFailureKind::Denied => "denied",
        WorkFailureKind::TimedOut => "timedOut",
        WorkFailureKind::Unreachable => "unreachable",
        WorkFailureKind::Setup => "setup",
        WorkFailureKind::SecretMissing => "secret",
        WorkFailureKind::Other => "other",
    }
}
