//! The commands of the place Tilganger: integrations, authorizations, the guide, the self-check.
//!
//! A secret comes in here once, from the field it was typed into, and never goes back. Files are chosen and read on this
//! side, so that no path and no private key passes through the window's content.

use crate::{
    dialogs::{Pick, Typed, write_for_others},
    fault::{Answer, fault},
    host::{Dialog, Shell},
};
use access::{registering::Access, session::SignInRequest, work::rights::Action};
use secrecy::SecretString;
use std::sync::Arc;
use view::{
    AccessView, EnvironmentName, ErrorCode, GuideRequest, GuideView, IntegrationForm, SavedIntegration, SelfCheckView,
    SignInOutcome,
};
use zeroize::Zeroizing;

/// Integrations and authorizations.
#[tauri::command]
#[specta::specta]
pub(crate) async fn access(shell: Shell) -> Answer<AccessView> {
    Ok(shell.office().await?.access().view()?)
}

/// Signs a person in through one of the integrations; answers when that has ended, however it ended.
#[tauri::command]
#[specta::specta]
pub(crate) async fn sign_in_through(shell: Shell, integration: String, as_another: bool) -> Answer<SignInOutcome> {
    let office = shell.office().await?;
    let language = office.language();
    let request =
        SignInRequest { as_another, language, integration: Some(integration.into()), ..SignInRequest::default() };
    let outcome = office.access().session().sign_in(request).await;
    shell.host.to_front();
    Ok(outcome)
}

/// The form of an integration, or of a new one.
#[tauri::command]
#[specta::specta]
pub(crate) async fn integration_form(
    shell: Shell,
    environment: EnvironmentName,
    id: Option<String>,
    guide: Option<GuideRequest>,
) -> Answer<IntegrationForm> {
    let office = shell.office().await?;
    Ok(office.access().form(environment, id.as_deref(), guide.as_ref(), office.language())?)
}

/// Keeps an integration, or says which fields are to be mended.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_integration(
    shell: Shell,
    environment: EnvironmentName,
    id: Option<String>,
    form: IntegrationForm,
) -> Answer<SavedIntegration> {
    let office = shell.office().await?;
    let language = office.language();
    Ok(office
        .access()
        .save(environment, id.as_deref(), &form, language, Arc::new(Dialog { host: shell.host, language }))
        .await?)
}

/// Removes an integration and every authorization given through it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn remove_integration(shell: Shell, environment: EnvironmentName, id: String) -> Answer<()> {
    Ok(shell.office().await?.access().remove(environment, &id).await?)
}

/// Sign-ins go through this integration from now on.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_integration(shell: Shell, environment: EnvironmentName, id: String) -> Answer<()> {
    Ok(shell.office().await?.access().choose(environment, &id)?)
}

/// Keeps a client secret.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_client_secret(
    shell: Shell,
    environment: EnvironmentName,
    id: String,
    secret: Typed,
) -> Answer<()> {
    Ok(shell.office().await?.access().set_client_secret(environment, &id, &secret.into())?)
}

/// Makes a key, and answers with its public half as a JWK.
#[tauri::command]
#[specta::specta]
pub(crate) async fn make_client_key(shell: Shell, environment: EnvironmentName, id: String) -> Answer<String> {
    Ok(shell.office().await?.access().make_client_key(environment, &id).await?)
}

/// Lets the person choose a private key in PEM form, and answers with its public half as a JWK; nothing when she chose
/// none.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_client_key(
    shell: Shell,
    environment: EnvironmentName,
    id: String,
) -> Answer<Option<String>> {
    let office = shell.office().await?;
    office.may_change(Action::ImportKey)?;
    let Some(path) = shell.pick_one(Pick::Key).await else { return Ok(None) };
    let content = Zeroizing::new(Access::read_file(path).await?);
    let pem = SecretString::from(String::from_utf8_lossy(&content).into_owned());
    Ok(Some(office.access().import_client_key(environment, &id, &pem)?))
}

/// Lets the person choose where an integration is written to, without its secret; whether she did.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_integration(shell: Shell, environment: EnvironmentName, id: String) -> Answer<bool> {
    let (name, content) = shell.office().await?.access().export(environment, &id)?;
    let Some(path) = shell.host.save_as(&name, "json").await else { return Ok(false) };
    write_for_others(&path, content.as_bytes())
        .map_err(|error| fault(ErrorCode::DiskFull, "The file cannot be written.", &error))?;
    Ok(true)
}

/// Lets the person choose an integration's file, and answers with the environment and key it was kept under; nothing when
/// she chose none.
#[tauri::command]
#[specta::specta]
pub(crate) async fn import_integration(shell: Shell) -> Answer<Option<(EnvironmentName, String)>> {
    let office = shell.office().await?;
    office.may_change(Action::ImportIntegration)?;
    let Some(path) = shell.pick_one(Pick::Json).await else { return Ok(None) };
    let content = Access::read_file(path).await?;
    let language = office.language();
    Ok(office.access().import(&content, language, Arc::new(Dialog { host: shell.host, language })).await?)
}

/// The guide to registering an integration.
#[tauri::command]
#[specta::specta]
pub(crate) async fn guide(shell: Shell, request: GuideRequest) -> Answer<GuideView> {
    Ok(Access::guide(&request, shell.office().await?.language()))
}

/// Tries an integration, with a sign-in through it if that is wanted.
#[tauri::command]
#[specta::specta]
pub(crate) async fn check_integration(
    shell: Shell,
    environment: EnvironmentName,
    id: String,
    sign_in: bool,
) -> Answer<SelfCheckView> {
    let office = shell.office().await?;
    let language = office.language();
    let request = sign_in.then(|| SignInRequest { language, ..SignInRequest::default() });
    let found = office.access().check(environment, &id, request, language).await;
    if sign_in {
        shell.host.to_front();
    }
    Ok(found?)
}

/// Forgets an authorization: everything of it goes.
#[tauri::command]
#[specta::specta]
pub(crate) async fn forget_authorization(shell: Shell, id: String) -> Answer<()> {
    Ok(shell.office().await?.access().forget(&id).await?)
}
