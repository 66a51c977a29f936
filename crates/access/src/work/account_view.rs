//! What window and command line show of the work account and the lock.

use shown::Shown;
use view::{ClockView, OfficeEvent, OrganisationView, PermissionView, WorkPersonView, WorkView};

use super::{PolicyState, Work, policy::Source, texts};

impl Work {
    /// How everything stands; none where no policy holds here.
    #[must_use]
    pub fn view(&self) -> Option<WorkView> {
        self.expire(self.0.clock.now());
        let language: vat_return::Language = self.0.language();
        let client = self.client_view();
        let sign_in = self.sign_in_view();
        let state = self.0.state();
        let in_force = match &state.policy {
            PolicyState::None => return None,
            PolicyState::Unusable(detail) => {
                return Some(WorkView {
                    firm: None,
                    contact: None,
                    locked: true,
                    reason: Some(texts::text("lock.unusable", language, &[("detail", detail)])),
                    unusable: true,
                    administrators: false,
                    version: 0,
                    person: None,
                    until: None,
                    permissions: Vec::new(),
                    groups_cut: false,
                    sign_in,
                    problem: None,
                    client: None,
                });
            }
            PolicyState::InForce(in_force) => in_force,
        };
        if !in_force.policy.governs(self.0.environment) {
            return None;
        }
        let policy = &in_force.policy;
        let signed = state.signed.as_ref();
        Some(WorkView {
            firm: Some(Shown::line(&policy.firm).into()),
            contact: policy.contact.as_deref().map(|contact| Shown::line(contact).into()),
            locked: signed.is_none(),
            reason: signed.is_none().then(|| state.locked.sentence(policy, language)),
            unusable: false,
            administrators: in_force.source == Source::Administrator,
            version: policy.version,
            person: signed.map(|signed| WorkPersonView {
                name: signed.name.clone().or_else(|| signed.email.clone()),
                email: signed.email.clone(),
                organisations: signed
                    .organisations
                    .iter()
                    .map(|one| OrganisationView { org_number: one.number.to_string(), name: one.name.clone() })
                    .collect(),
            }),
            until: signed.map(|signed| ClockView {
                from: view::texts::moment(signed.since),
                until: view::texts::moment(signed.until),
            }),
            permissions: state
                .rights
                .each()
                .map(|(permission, companies)| PermissionView {
                    permission,
                    companies: companies.listed().map(|these| these.iter().cloned().collect()),
                })
                .collect(),
            groups_cut: signed.is_some_and(|signed| !signed.groups.are_all()),
            sign_in,
            problem: state.problem.as_ref().map(|failure| failure.view(policy, language)),
            client,
        })
    }

    /// What a button or menu that locks says; none where there is nothing to lock.
    #[must_use]
    pub fn lock_label(&self) -> Option<String> {
        let open = self.governed() && !self.is_locked();
        open.then(|| texts::text("lock.label", self.0.language(), &[]))
    }

    pub(super) fn publish(&self) {
        // Nobody may be listening, and that is well.
        let _ = self.0.events.send(OfficeEvent::Work { work: self.view().map(Box::new) });
    }
}
