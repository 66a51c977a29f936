//! Whom the person who is signed in may file for.

use std::sync::Arc;

use view::CompanyView;

use super::{
    Inner,
    renewal::{self, Want},
};

impl Inner {
    /// Asks Altinn whom the person may file for. An extra: without it she types or drops what she files.
    pub(super) async fn fetch_companies(self: &Arc<Self>) {
        let Some(id) = self.state().signed_in.as_ref().map(|signed_in| signed_in.authorization.id.clone()) else {
            return;
        };
        let parties = match renewal::token(self, &id, Want::Altinn, None).await {
            Ok(token) => self.parts.altinn.parties(&token).await,
            Err(error) => {
                tracing::info!(%error, "The companies could not be asked for.");
                return;
            }
        };
        match parties {
            Ok(parties) => {
                let companies = parties
                    .into_iter()
                    .filter(|party| !party.is_deleted && !party.only_hierarchy_element_with_no_access)
                    .filter_map(|party| Some(CompanyView { org_number: party.org_number?, name: party.name.into() }))
                    .collect();
                if let Some(signed_in) = self.state().signed_in.as_mut().filter(|it| it.authorization.id == id) {
                    signed_in.companies = companies;
                }
                self.publish_session();
            }
            Err(error) => tracing::info!(%error, "The companies could not be asked for."),
        }
    }
}
