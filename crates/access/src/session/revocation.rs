//! Tokens that are taken back at a sign-out, so that nobody who found them could use them.

use id_porten::{Integration, Revocable};

use super::{Inner, SignedIn};
use crate::authorizations::Tokens;

impl Inner {
    pub(super) async fn revoke(&self, signed_in: &SignedIn) {
        let integration = match self.integration(&signed_in.integration) {
            Ok(integration) => integration,
            Err(error) => {
                tracing::warn!(%error, "The tokens could not be taken back.");
                return;
            }
        };
        self.revoke_tokens(&integration, &signed_in.tokens).await;
        // Without the id_token as a hint: it carries the national id, and an address handed to a browser stands in the
        // list of processes for everybody on this computer to read.
        match self.parts.id_porten.end_session_url(&integration, None).await {
            Ok(Some(end)) => {
                if let Err(error) = self.open_browser(end.url().clone()).await {
                    tracing::warn!(%error, "The session at ID-porten could not be ended.");
                }
            }
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "The session at ID-porten could not be ended."),
        }
    }

    pub(super) async fn revoke_tokens(&self, integration: &Integration, tokens: &Tokens) {
        let token = match &tokens.refresh {
            Some(refresh) => Revocable::Refresh(refresh),
            None => Revocable::Access(&tokens.access),
        };
        if let Err(error) = self.parts.id_porten.revoke(integration, token).await {
            tracing::warn!(%error, "The tokens could not be taken back.");
        }
    }
}
