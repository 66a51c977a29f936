//! Who may do what in which task: the app's policy (apis.md 1.4, "Roles and policy").

use crate::state::Task;
use crate::world::{Company, Person};

impl Task {
    /// The action that `process/next` needs here (ProcessEngineAuthorizer: data, feedback → write; confirmation → confirm).
    pub(crate) fn next_action(self) -> Action {
        match self {
            Self::Fill | Self::Feedback => Action::Write,
            Self::Confirm => Action::Confirm,
        }
    }
}

/// An action of the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    Instantiate,
    Read,
    Write,
    Delete,
    Confirm,
}

/// Whether the person may do this for the company, where the instance stands; `None` is EndEvent_1.
pub(crate) fn permits(person: &Person, company: &Company, task: Option<Task>, action: Action) -> bool {
    let mut roles = person.roles_for(&company.org_number).peekable();
    let any = roles.peek().is_some();
    let signs = roles.any(crate::world::Role::signs);
    match (action, task) {
        (Action::Instantiate | Action::Read, _) => any,
        (Action::Write | Action::Delete, Some(Task::Fill) | None) => any,
        (Action::Write | Action::Delete | Action::Confirm, Some(Task::Confirm)) => signs,
        // While Skatteetaten works nobody else may write; so a third process/next is refused.
        (Action::Write | Action::Delete | Action::Confirm, Some(Task::Feedback)) => false,
        (Action::Confirm, Some(Task::Fill) | None) => false,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::world::{FJORDLYS, INGRID, JONAS, KARI, World};

    #[test]
    fn a_signer_confirms_and_an_assistant_does_not() {
        let world = World::synthetic();
        let company = world.company(FJORDLYS).unwrap();
        let may = |pid, task, action| permits(world.person(pid).unwrap(), company, task, action);
        assert!(may(INGRID, Some(Task::Confirm), Action::Confirm));
        assert!(may(JONAS, Some(Task::Fill), Action::Write));
        assert!(!may(JONAS, Some(Task::Confirm), Action::Confirm));
        assert!(!may(JONAS, Some(Task::Confirm), Action::Delete));
        assert!(!may(INGRID, Some(Task::Feedback), Action::Write));
        assert!(may(INGRID, None, Action::Delete));
        assert!(!may(KARI, None, Action::Read));
    }
}
