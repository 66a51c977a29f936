//! The commands of the place Tilganger: integrations, authorizations, the guide, the self-check.
//!
//! A secret comes in here once, from the field it was typed into, and never goes back. Files are chosen and read on this
//! side, so that no path and no private key passes through the window's content.

use crate::{
    dialogs::{Dialog, Typed, chosen, save_as, write_for_others},
    fault::{Answer, fault},
    open_office::Office,
    window,
};
use filing::{
    access::Access,
    session::SignInRequest,
    view::{
        AccessView, EnvironmentName, ErrorCode, GuideRequest, GuideView, IntegrationForm, SavedIntegration,
        SelfCheckView, SignInOutcome,
    },
    work::rights::Action,
};
use secrecy::SecretString;
use std::sync::Arc;
use tauri::AppHandle;
use tauri_plugin_dialog::DialogExt;
use zeroize::Zeroizing;

/// Integrations and authorizations.
#[tauri::command]
#[specta::specta]
pub(crate) async fn access(office: Office<'_>) -> Answer<AccessView> {
    office.get().await?.access().view()
}

/// Signs a person in through one of the integrations; answers when that has ended, however it ended.
#[tauri::command]
#[specta::specta]
pub(crate) async fn sign_in_through(
    app: AppHandle,
    office: Office<'_>,
    integration: String,
    as_another: bool,
) -> Answer<SignInOutcome> {
    let office = office.get().await?;
    let language = office.language();
    let request = SignInRequest { as_another, language, integration: Some(integration), ..SignInRequest::default() };
    let outcome = office.access().session().sign_in(request).await;
    window::to_front(&app);
    Ok(outcome)
}

/// The form of an integration, or of a new one.
#[tauri::command]
#[specta::specta]
pub(crate) async fn integration_form(
    office: Office<'_>,
    environment: EnvironmentName,
    id: Option<String>,
    guide: Option<GuideRequest>,
) -> Answer<IntegrationForm> {
    let office = office.get().await?;
    office.access().form(environment, id.as_deref(), guide.as_ref(), office.language())
}

/// Keeps an integration, or says which fields are to be mended.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_integration(
    app: AppHandle,
    office: Office<'_>,
    environment: EnvironmentName,
    id: Option<String>,
    form: IntegrationForm,
) -> Answer<SavedIntegration> {
    let office = office.get().await?;
    let language = office.language();
    office.access().save(environment, id.as_deref(), &form, language, Arc::new(Dialog { app, language })).await
}

/// Removes an integration and every authorization given through it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn remove_integration(office: Office<'_>, environment: EnvironmentName, id: String) -> Answer<()> {
    office.get().await?.access().remove(environment, &id).await
}

/// Sign-ins go through this integration from now on.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_integration(office: Office<'_>, environment: EnvironmentName, id: String) -> Answer<()> {
    office.get().await?.access().choose(environment, &id)
}

/// Keeps a client secret.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_client_secret(
    office: Office<'_>,
    environment: EnvironmentName,
    id: String,
    secret: Typed,
) -> Answer<()> {
    office.get().await?.access().set_secret(environment, &id, &secret.into())
}

/// Makes a key, and answers with its public half as a JWK.
#[tauri::command]
#[specta::specta]
pub(crate) async fn make_client_key(office: Office<'_>, environment: EnvironmentName, id: String) -> Answer<String> {
    office.get().await?.access().make_key(environment, &id).await
}

/// Lets the person choose a private key in PEM form, and answers with its public half as a JWK; nothing when she chose
/// none.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_client_key(
    app: AppHandle,
    office: Office<'_>,
    environment: EnvironmentName,
    id: String,
) -> Answer<Option<String>> {
    let office = office.get().await?;
    office.may_change(Action::ImportKey)?;
    let Some(path) = chosen(|answer| app.dialog().file().pick_file(answer)).await else { return Ok(None) };
    let content = Zeroizing::new(Access::read_file(path).await?);
    let pem = SecretString::from(String::from_utf8_lossy(&content).into_owned());
    office.access().import_key(environment, &id, &pem).map(Some)
}

/// Lets the person choose where an integration is written to, without its secret; whether she did.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_integration(
    app: AppHandle,
    office: Office<'_>,
    environment: EnvironmentName,
    id: String,
) -> Answer<bool> {
    let (name, content) = office.get().await?.access().export(environment, &id)?;
    let Some(path) = save_as(&app, &name, "json").await else { return Ok(false) };
    write_for_others(&path, content.as_bytes())
        .map_err(|error| fault(ErrorCode::DiskFull, "The file cannot be written.", &error))?;
    Ok(true)
}

/// Lets the person choose an integration's file, and answers with the environment and key it was kept under; nothing when
/// she chose none.
#[tauri::command]
#[specta::specta]
pub(crate) async fn import_integration(
    app: AppHandle,
    office: Office<'_>,
) -> Answer<Option<(EnvironmentName, String)>> {
    let office = office.get().await?;
    office.may_change(Action::ImportIntegration)?;
    let dialog = app.dialog().file().add_filter("JSON", &["json"]);
    let Some(path) = chosen(|answer| dialog.pick_file(answer)).await else { return Ok(None) };
    let content = Access::read_file(path).await?;
    let language = office.language();
    office.access().import(&content, language, Arc::new(Dialog { app, language })).await
}

/// The guide to registering an integration.
#[tauri::command]
#[specta::specta]
pub(crate) async fn guide(office: Office<'_>, request: GuideRequest) -> Answer<GuideView> {
    Ok(Access::guide(&request, office.get().await?.language()))
}

/// Tries an integration, with a sign-in through it if that is wanted.
#[tauri::command]
#[specta::specta]
pub(crate) async fn check_integration(
    app: AppHandle,
    office: Office<'_>,
    environment: EnvironmentName,
    id: String,
    sign_in: bool,
) -> Answer<SelfCheckView> {
    let office = office.get().await?;
    let language = office.language();
    let request = sign_in.then(|| SignInRequest { language, ..SignInRequest::default() });
    let found = office.access().check(environment, &id, request, language).await;
    if sign_in {
        window::to_front(&app);
    }
    found
}

/// Forgets an authorization: everything of it goes.
#[tauri::command]
#[specta::specta]
pub(crate) async fn forget_authorization(office: Office<'_>, id: String) -> Answer<()> {
    office.get().await?.access().forget(&id).await
}
