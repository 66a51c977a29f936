//! Calls that change something at Altinn: never made again by the session itself.

use altinn::{ApiError, BearerToken};

use super::{
    CallError, Session,
    renewal::{self, Want},
};
use crate::authorizations::AuthorizationId;

impl Session {
    /// Calls Altinn in the name of that authorization, once. A 401 renews the token for the call that comes after it, but who
    /// has answered so is not known, and what was asked may have been done: whether to ask again is the caller's to find out.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn with_altinn_once<T, F, Called>(&self, id: &AuthorizationId, call: F) -> Result<T, CallError>
    where
        F: Fn(BearerToken) -> Called + Send,
        Called: Future<Output = Result<T, ApiError>> + Send,
    {
        let token = self.altinn_token(id).await?;
        let answer = call(token.clone()).await;
        if let Err(ApiError::Unauthorized { .. }) = &answer {
            tracing::info!("A token was refused before its time and is renewed.");
            if let Err(error) = renewal::token(&self.0, id, Want::Altinn, Some(&token)).await {
                tracing::info!(%error, "It could not be renewed now.");
            }
        }
        Ok(answer?)
    }

    /// Altinn has refused a token that it had just given: it accepts this person's sign-in no more.
    pub async fn is_refused(&self, id: &AuthorizationId) {
        let _none_renews = self.0.renewals.pause().await;
        self.0.end(id);
    }
}
