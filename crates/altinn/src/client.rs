//! The calls themselves, in the order a filing makes them (apis.md 1.3, 1.4, 2.1–2.4).

use std::{
    collections::HashSet,
    io,
    time::{Duration, Instant},
};

use bytes::Bytes;
use reqwest::{Method, RequestBuilder, header};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::io::AsyncRead;
use vat_return::{Language, Rejection, validation_result::ValidationResult};

use crate::{
    ApiError, Attachment, AttachmentName, BearerToken, DataElement, Endpoints, Exchanged, Instance, InstanceId, Party,
    ProcessState,
    http::{self, Answer},
    upload,
};

/// Largest answer in JSON or XML that is read, in bytes. A party list of a large accounting firm is the longest known.
const DOCUMENT_LIMIT: usize = 16 * 1024 * 1024;
/// Largest file that is downloaded, in bytes: twice the size an attachment may have.
const DOWNLOAD_LIMIT: usize = 50 * 1024 * 1024;
/// Most pages of a list that are asked for, against a list that never ends; with 100 instances a page, far more than a company
/// files in its life. A longer one is refused and never taken for the whole.
const MOST_PAGES: usize = 200;
/// Longest list, all pages together, in bytes; an instance has some five kilobytes.
const LIST_LIMIT: usize = 4 * DOCUMENT_LIMIT;

/// How long an answer may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For a call with a small body. The app's own validation runs within the first process/next, so it is generous.
    pub call: Duration,
    /// The slowest line an upload is meant for, in bytes a second; its time comes on top of `call`.
    pub upload_bytes_per_second: u64,
    /// For a list that comes in pages, all of them together.
    pub list: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { call: Duration::from_secs(100), upload_bytes_per_second: 32 * 1024, list: Duration::from_secs(300) }
    }
}

/// Altinn's platform, Skatteetaten's app in it, and Skatteetaten's validation service. Cheap to clone; connections are
/// shared.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    endpoints: Endpoints,
    timeouts: Timeouts,
}

impl Client {
    /// Puts a client together; `http` should come from [`crate::http::client`], which follows no redirects.
    #[must_use]
    pub fn new(http: reqwest::Client, endpoints: Endpoints) -> Self {
        Self { http, endpoints, timeouts: Timeouts::default() }
    }

    /// The same client with other limits.
    #[must_use]
    pub fn with_timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// What sends requests, for what needs no token.
    pub(crate) fn plain(&self) -> &reqwest::Client {
        &self.http
    }

    /// The addresses it talks to.
    #[must_use]
    pub fn endpoints(&self) -> &Endpoints {
        &self.endpoints
    }

    /// Exchanges an ID-porten access token for an Altinn token (apis.md 2.1). Safe to repeat.
    ///
    /// # Errors
    /// [`ApiError::Unauthorized`] when the token has run out or the person has no Altinn user, [`ApiError::Forbidden`]
    /// when the token has no scope Altinn knows, and whatever keeps an answer away.
    pub async fn exchange(&self, id_porten: &BearerToken) -> Result<Exchanged, ApiError> {
        let url = self.endpoints.in_platform("authentication/api/v1/exchange/id-porten");
        let answer = self.send(self.request(Method::GET, url, id_porten), id_porten, 128 * 1024).await?;
        let body = String::from_utf8_lossy(&answer.body);
        Exchanged::read(&body, answer.server_time).ok_or_else(|| answer.unreadable("it is no token"))
    }

    /// Asks Skatteetaten to check a return, with the *ID-porten* token (apis.md 1.3). Delivers nothing; safe to repeat.
    ///
    /// # Errors
    /// As [`ApiError`]; an invalid return is no error but a result.
    pub async fn validate(&self, id_porten: &BearerToken, vat_return: Bytes) -> Result<ValidationResult, ApiError> {
        let url = self.endpoints.validation().clone();
        let request = self
            .request_for("application/xml", Method::POST, url, id_porten)
            .header(header::CONTENT_TYPE, "application/xml")
            .timeout(self.upload_time(vat_return.len() as u64))
            .body(vat_return);
        let answer = self.send(request, id_porten, DOCUMENT_LIMIT).await?;
        ValidationResult::read(&answer.body).map_err(|rejection| answer.unreadable(in_words(&rejection)))
    }

    /// Creates an instance for a company. **Not safe to repeat**: after an error that
    /// [may have happened](ApiError::may_have_happened), look among [`Client::unfinished_instances`] first.
    ///
    /// # Errors
    /// [`ApiError::Forbidden`] without a right for the company, [`ApiError::NotFound`] when Altinn knows no such company.
    pub async fn create_instance(&self, altinn: &BearerToken, org_number: &str) -> Result<Instance, ApiError> {
        let url = self.endpoints.in_app("instances");
        let body = json!({ "instanceOwner": { "organisationNumber": org_number } });
        let answer = self.send(self.request(Method::POST, url, altinn).json(&body), altinn, DOCUMENT_LIMIT).await?;
        read_instance(&answer)
    }

    /// Reads an instance as it stands.
    ///
    /// # Errors
    /// As [`ApiError`].
    pub async fn get_instance(&self, altinn: &BearerToken, id: &InstanceId) -> Result<Instance, ApiError> {
        let request = self.request(Method::GET, self.endpoints.instance(id), altinn);
        read_instance(&self.send(request, altinn, DOCUMENT_LIMIT).await?)
    }

    /// Replaces the envelope, the element that the app has prefilled. Safe to repeat while the form is filled in.
    ///
    /// # Errors
    /// As [`ApiError`].
    pub async fn put_envelope(
        &self,
        altinn: &BearerToken,
        instance: &InstanceId,
        envelope: &DataElement,
        xml: impl Into<Bytes>,
    ) -> Result<(), ApiError> {
        let request = self
            .request(Method::PUT, self.data_url(instance, envelope), altinn)
            .header(header::CONTENT_TYPE, "application/xml")
            .body(xml.into());
        let answer = self.send(request, altinn, DOCUMENT_LIMIT).await?;
        // The element, or what it changed (apis.md 2.2); nothing at all is no answer of the app's.
        if answer.body.is_empty() { Err(answer.unreadable("it is empty")) } else { Ok(()) }
    }

    /// Uploads the return, byte for byte. **Not safe to repeat**: a second return in the instance is refused or filed
    /// twice, so look for an element of type `mvamelding` first.
    ///
    /// # Errors
    /// As [`ApiError`].
    pub async fn post_return(
        &self,
        altinn: &BearerToken,
        instance: &InstanceId,
        vat_return: Bytes,
    ) -> Result<DataElement, ApiError> {
        let request = self
            .request(Method::POST, self.new_data(instance, "mvamelding"), altinn)
            .header(header::CONTENT_TYPE, "text/xml")
            .header(header::CONTENT_DISPOSITION, AttachmentName::new("mvaMelding.xml").content_disposition())
            .timeout(self.upload_time(vat_return.len() as u64))
            .body(vat_return);
        self.send(request, altinn, DOCUMENT_LIMIT).await?.json()
    }

    /// Uploads an attachment while it is read; `progress` is told the bytes handed over so far. **Not safe to repeat**:
    /// look for an element of that name first.
    ///
    /// # Errors
    /// [`ApiError::Source`] when the file cannot be read to its end or has another length than said, else as
    /// [`ApiError`].
    pub async fn post_attachment<R: AsyncRead + Send + 'static>(
        &self,
        altinn: &BearerToken,
        instance: &InstanceId,
        attachment: Attachment<R>,
        progress: impl Fn(u64) + Send + Sync + 'static,
    ) -> Result<DataElement, ApiError> {
        let Attachment { name, content_type, length, reader } = attachment;
        let (body, fault) = upload::body(reader, length, progress);
        let request = self
            .request(Method::POST, self.new_data(instance, "binaerVedlegg"), altinn)
            .header(header::CONTENT_TYPE, content_type)
            .header(header::CONTENT_DISPOSITION, name.content_disposition())
            // Given, so that the body is not sent in chunks: the app's checks want to know its size.
            .header(header::CONTENT_LENGTH, length)
            .timeout(self.upload_time(length))
            .body(body);
        let sent = self.send(request, altinn, DOCUMENT_LIMIT).await;
        let fault = fault.lock().ok().and_then(|mut fault| fault.take());
        match (sent, fault) {
            (Err(_), Some(reason)) => Err(ApiError::Source { name: name.as_str().to_owned(), reason }),
            (sent, _) => sent?.json(),
        }
    }

    /// Removes a data element, e.g. an attachment that belongs no more.
    ///
    /// # Errors
    /// As [`ApiError`].
    pub async fn delete_data(
        &self,
        altinn: &BearerToken,
        instance: &InstanceId,
        element: &DataElement,
    ) -> Result<(), ApiError> {
        let request = self.request(Method::DELETE, self.data_url(instance, element), altinn);
        self.send(request, altinn, DOCUMENT_LIMIT).await.map(drop)
    }

    /// Moves the process one task on. **Not safe to repeat**, and only to be called when the process is known to stand
    /// where the call belongs: the first completes the form, the second confirms and delivers.
    ///
    /// # Errors
    /// [`ApiError::Conflict`] when the return or the process does not allow it, [`ApiError::Forbidden`] without the
    /// right, else as [`ApiError`].
    pub async fn process_next(&self, altinn: &BearerToken, instance: &InstanceId) -> Result<ProcessState, ApiError> {
        let mut url = self.endpoints.instance(instance);
        url.set_path(&format!("{}/process/next", url.path()));
        // Content type and no body, as documented; the length makes that plain to proxies.
        let request = self
            .request(Method::PUT, url, altinn)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::CONTENT_LENGTH, 0);
        self.send(request, altinn, DOCUMENT_LIMIT).await?.json()
    }

    /// Reads where the process stands.
    ///
    /// # Errors
    /// As [`ApiError`].
    pub async fn get_process(&self, altinn: &BearerToken, instance: &InstanceId) -> Result<ProcessState, ApiError> {
        let mut url = self.endpoints.instance(instance);
        url.set_path(&format!("{}/process", url.path()));
        self.send(self.request(Method::GET, url, altinn), altinn, DOCUMENT_LIMIT).await?.json()
    }

    /// Whether feedback is there, by the older endpoint; `None` where the app has no such endpoint (apis.md 1.4, 8).
    ///
    /// # Errors
    /// As [`ApiError`], but for 404.
    pub async fn feedback_status(&self, altinn: &BearerToken, instance: &InstanceId) -> Result<Option<bool>, ApiError> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct FeedbackStatus {
            is_feedback_provided: bool,
        }
        let mut url = self.endpoints.instance(instance);
        url.set_path(&format!("{}/feedback/status", url.path()));
        match self.send(self.request(Method::GET, url, altinn), altinn, DOCUMENT_LIMIT).await {
            Ok(answer) => answer.json::<FeedbackStatus>().map(|status| Some(status.is_feedback_provided)),
            Err(ApiError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Downloads a data element whole. Its address is put together from the configured app; the token goes nowhere else.
    ///
    /// # Errors
    /// As [`ApiError`]; more than 50 MB are [`ApiError::Unreadable`].
    pub async fn download(
        &self,
        altinn: &BearerToken,
        instance: &InstanceId,
        element: &DataElement,
    ) -> Result<Bytes, ApiError> {
        let url = self.data_url(instance, element);
        let request = self.request_for("*/*", Method::GET, url, altinn).timeout(self.download_time(element));
        let answer = self.send(request, altinn, DOWNLOAD_LIMIT).await?;
        if answer.body.is_empty() && element.size > 0 {
            return Err(answer.unreadable("it is empty"));
        }
        Ok(answer.body)
    }

    /// Downloads a data element part by part, without holding it; gives back its length in bytes.
    ///
    /// # Errors
    /// As [`ApiError`]; more than 50 MB are [`ApiError::Unreadable`].
    pub async fn download_parts(
        &self,
        altinn: &BearerToken,
        instance: &InstanceId,
        element: &DataElement,
        part: impl FnMut(&[u8]) + Send,
    ) -> Result<u64, ApiError> {
        let url = self.data_url(instance, element);
        let request = self.request_for("*/*", Method::GET, url, altinn).timeout(self.download_time(element));
        http::send_for_parts(request, altinn, DOWNLOAD_LIMIT as u64, part).await
    }

    /// Downloads a data element into a file that has been made for it, without holding it. The file's own fault comes back
    /// beside the authority's.
    ///
    /// # Errors
    /// As [`Self::download_parts`].
    pub async fn download_into<W: io::Write + Send>(
        &self,
        altinn: &BearerToken,
        instance: &InstanceId,
        element: &DataElement,
        mut file: io::Result<W>,
    ) -> Result<io::Result<W>, ApiError> {
        let write = |part: &[u8]| {
            if let Ok(open) = &mut file
                && let Err(error) = open.write_all(part)
            {
                file = Err(error);
            }
        };
        self.download_parts(altinn, instance, element, write).await?;
        Ok(file)
    }

    /// The company's instances of this app that are not archived and not deleted, newest change first, from Altinn's
    /// storage (apis.md 2.3).
    ///
    /// # Errors
    /// As [`ApiError`].
    pub async fn unfinished_instances(
        &self,
        altinn: &BearerToken,
        org_number: &str,
    ) -> Result<Vec<Instance>, ApiError> {
        self.list_instances(altinn, org_number, &[("status.isArchived", "false")]).await
    }

    /// The company's instances of this app, newest change first, with further parameters of apis.md 2.3. Deleted ones
    /// are left out, and all others are there: half a list would have a return delivered twice.
    ///
    /// # Errors
    /// As [`ApiError`]; `Unreadable` for a list that does not come to an end.
    pub async fn list_instances(
        &self,
        altinn: &BearerToken,
        org_number: &str,
        parameters: &[(&str, &str)],
    ) -> Result<Vec<Instance>, ApiError> {
        #[derive(Deserialize)]
        struct Page {
            #[serde(default, deserialize_with = "crate::instance::or_default")]
            instances: Vec<Value>,
            #[serde(default)]
            next: Option<String>,
        }
        let app_id = self.endpoints.app_id();
        let mut found = Vec::new();
        let mut continuation: Option<String> = None;
        let mut asked_for = HashSet::new();
        let (begun, mut length) = (Instant::now(), 0);
        loop {
            let mut url = self.endpoints.in_platform("storage/api/v1/instances");
            url.query_pairs_mut()
                .append_pair("appId", &app_id)
                .append_pair("status.isSoftDeleted", "false")
                .append_pair("status.isHardDeleted", "false")
                .append_pair("order", "desc:lastChanged")
                .extend_pairs(parameters)
                .extend_pairs(continuation.iter().map(|token| ("continuationToken", token)));
            let left = self.timeouts.list.saturating_sub(begun.elapsed());
            let request = self
                .request(Method::GET, url, altinn)
                .timeout(self.timeouts.call.min(left))
                .header("X-Ai-InstanceOwnerIdentifier", format!("organisation:{org_number}"));
            let answer = self.send(request, altinn, DOCUMENT_LIMIT).await?;
            // Each page is kept until the last has come.
            length += answer.body.len();
            if length > LIST_LIMIT {
                return Err(answer.unreadable(format_args!("the list of instances is longer than {LIST_LIMIT} bytes")));
            }
            let page: Page = answer.json()?;
            for value in &page.instances {
                let instance = Instance::from_value(value).map_err(|error| answer.unreadable(error))?;
                // A storage that does not know a parameter ignores it.
                if !instance.is_deleted() && (instance.app_id.is_empty() || instance.app_id == app_id) {
                    found.push(instance);
                }
            }
            // Only the token of the link is taken: the link itself may name another host.
            let Some(next) = page.next.as_deref().filter(|next| !next.trim().is_empty()) else { return Ok(found) };
            let token = continuation_of(next);
            let token =
                token.ok_or_else(|| answer.unreadable("the list goes on, but does not say how to ask for the rest"))?;
            if asked_for.len() + 1 >= MOST_PAGES || !asked_for.insert(token.clone()) {
                return Err(answer.unreadable("the list of instances does not come to an end"));
            }
            continuation = Some(token);
        }
    }

    /// The ids of a party's active instances, by the app's own list (v8; apis.md 2.2). A second way where storage
    /// refuses.
    ///
    /// # Errors
    /// As [`ApiError`].
    pub async fn active_instances(&self, altinn: &BearerToken, party: u64) -> Result<Vec<InstanceId>, ApiError> {
        #[derive(Deserialize)]
        struct Simple {
            id: InstanceId,
        }
        let url = self.endpoints.in_app(&format!("instances/{party}/active"));
        let answer = self.send(self.request(Method::GET, url, altinn), altinn, DOCUMENT_LIMIT).await?;
        Ok(answer.json::<Vec<Simple>>()?.into_iter().map(|instance| instance.id).collect())
    }

    /// Deletes an instance: into the wastebasket, or for good. Only what has not been delivered can go.
    ///
    /// # Errors
    /// As [`ApiError`]; an instance that is gone already is no error.
    pub async fn delete_instance(&self, altinn: &BearerToken, id: &InstanceId, for_good: bool) -> Result<(), ApiError> {
        let mut url = self.endpoints.instance(id);
        url.query_pairs_mut().append_pair("hard", if for_good { "true" } else { "false" });
        match self.send(self.request(Method::DELETE, url, altinn), altinn, DOCUMENT_LIMIT).await {
            Ok(_) | Err(ApiError::NotFound { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Whom the person may file for, sub-units after their parents (apis.md 2.4).
    ///
    /// # Errors
    /// As [`ApiError`].
    pub async fn parties(&self, altinn: &BearerToken) -> Result<Vec<Party>, ApiError> {
        let mut url = self.endpoints.in_app("api/v1/parties");
        url.query_pairs_mut().append_pair("allowedToInstantiateFilter", "true");
        let answer = self.send(self.request(Method::GET, url, altinn), altinn, DOCUMENT_LIMIT).await?;
        Ok(Party::flatten(answer.json()?))
    }

    fn request(&self, method: Method, url: url::Url, token: &BearerToken) -> RequestBuilder {
        self.request_for("application/json", method, url, token)
    }

    fn request_for(&self, accept: &str, method: Method, url: url::Url, token: &BearerToken) -> RequestBuilder {
        self.http
            .request(method, url)
            .timeout(self.timeouts.call)
            .header(header::ACCEPT, accept)
            .bearer_auth(token.expose())
    }

    async fn send(&self, request: RequestBuilder, token: &BearerToken, limit: usize) -> Result<Answer, ApiError> {
        http::send(request, token, limit).await
    }

    fn upload_time(&self, bytes: u64) -> Duration {
        self.timeouts.call + Duration::from_secs(bytes / self.timeouts.upload_bytes_per_second.max(1))
    }

    /// What an element is said to be large is the authority's word, and more than may be is not waited for.
    fn download_time(&self, element: &DataElement) -> Duration {
        self.upload_time(element.size.min(DOWNLOAD_LIMIT as u64))
    }

    fn new_data(&self, instance: &InstanceId, data_type: &str) -> url::Url {
        let mut url = self.endpoints.instance(instance);
        url.set_path(&format!("{}/data", url.path()));
        url.query_pairs_mut().append_pair("datatype", data_type);
        url
    }

    /// Put together from the ids. The element's own links are not followed: they may name another host and another app
    /// than the configured one (the official example's do), and a token must not go there.
    fn data_url(&self, instance: &InstanceId, element: &DataElement) -> url::Url {
        self.endpoints.data(instance, &element.id)
    }
}

/// A rejection with its first complaint, for whoever has to find out why.
fn in_words(rejection: &Rejection) -> String {
    match rejection.complaints().first() {
        Some(complaint) => format!("{rejection}: {} {}", complaint.path, complaint.text(Language::En)),
        None => rejection.to_string(),
    }
}

fn read_instance(answer: &Answer) -> Result<Instance, ApiError> {
    Instance::read(&answer.body).map_err(|error| answer.unreadable(error))
}

fn continuation_of(next: &str) -> Option<String> {
    let (_, query) = next.split_once('?')?;
    url::form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name.eq_ignore_ascii_case("continuationToken"))
        .map(|(_, token)| token.into_owned())
        .filter(|token| !token.is_empty())
}
