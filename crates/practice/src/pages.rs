//! The pages a browser shows: plain HTML forms, no script, striped in the practice violet.
//!
//! They look like nobody's but the practice's own, and say so, because a person must never take them for the real ones.

use crate::reply::{self, Reply};
use crate::state::AuthorizationRequest;
use crate::world::{Employee, Person, World};
use axum::http::StatusCode;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use std::fmt::Write as _;
use url::Url;

const STYLE: &str = include_str!("pages.css");

/// Text made safe for HTML.
fn escape(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut safe, c| {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
        safe
    })
}

/// A page; forms may lead to `to`, the client's redirect, because browsers count the redirect after a form too.
fn page(status: StatusCode, title: &str, main: &str, to: Option<&str>) -> Reply {
    let html = format!(
        "<!DOCTYPE html>\n<html lang=\"nb\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{title} – øving</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <div class=\"stripes\" aria-hidden=\"true\"></div>\n\
         <header><span class=\"badge\">Øving</span> Momsbud, ingen myndighet</header>\n\
         <main>\n{main}\n</main>\n\
         <footer>Dette er ikke en ekte innlogging. Alle personer og virksomheter er oppdiktet, og ingenting blir \
         sendt til Skatteetaten.</footer>\n</body>\n</html>\n",
        title = escape(title),
    );
    let target = to.and_then(|to| Url::parse(to).ok()).map(|url| match url.host_str() {
        Some(_) => url.origin().ascii_serialization(),
        None => format!("{}:", url.scheme()),
    });
    let policy = format!(
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self' {}; frame-ancestors 'none'; base-uri 'none'",
        target.unwrap_or_default()
    );
    let mut reply = reply::body(status, "text/html; charset=utf-8", html);
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, policy.as_str()),
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (CACHE_CONTROL, "no-store"),
    ] {
        reply = reply::with(reply, name, value);
    }
    reply
}

fn person_button(person: &Person) -> String {
    let mark = match (person.altinn.is_some(), person.roles.iter().any(|grant| grant.role.signs())) {
        (true, true) => "signs",
        (true, false) if !person.roles.is_empty() => "fills",
        _ => "none",
    };
    format!(
        "<li><button class=\"person {mark}\" id=\"{key}\" name=\"person\" value=\"{key}\">\
         <span class=\"initials\" aria-hidden=\"true\">{initials}</span>\
         <span class=\"who\"><span class=\"name\">{name}</span> <span class=\"id\">{id} *****</span></span> \
         <span class=\"may\">{may}</span></button></li>\n",
        key = escape(&person.key),
        initials = escape(&initials(&person.given_name, &person.family_name)),
        name = escape(&person.name()),
        // The birth date shows whose id it is; the rest is as good as the whole.
        id = escape(person.pid.get(..6).unwrap_or_default()),
        may = escape(&person.may()),
    )
}

fn initials(given: &str, family: &str) -> String {
    given.chars().take(1).chain(family.chars().take(1)).collect()
}

fn asked_for(request: &AuthorizationRequest, client_name: &str) -> String {
    let scopes = request.scopes.iter().fold(String::new(), |mut list, scope| {
        let _ = write!(list, "<li><code>{}</code> {}</li>", escape(scope), escape(meaning(scope)));
        list
    });
    format!(
        "<details><summary>{} ber om tilgang til {} ting</summary><ul class=\"scopes\">{scopes}</ul></details>\n",
        escape(client_name),
        request.scopes.len(),
    )
}

fn meaning(scope: &str) -> &'static str {
    match scope {
        "openid" => "å vite hvem du er",
        "profile" => "navnet ditt",
        "skatteetaten:mvameldingvalidering" => "å kontrollere mva-meldinger hos Skatteetaten",
        "skatteetaten:mvameldinginnsending" => "å sende inn mva-meldinger (eldre tilgang)",
        "altinn:instances.read" => "å lese innsendinger i Altinn",
        "altinn:instances.write" => "å opprette og sende innsendinger i Altinn",
        "altinn:accessmanagement/authorizedparties" => "å se hvem du kan handle for i Altinn",
        _ => "",
    }
}

fn cancel(attempt: &str) -> String {
    format!(
        "<form method=\"post\" action=\"/login\" class=\"cancel\">\
         <input type=\"hidden\" name=\"attempt\" value=\"{}\">\
         <button class=\"secondary\" id=\"avbryt\">Avbryt</button></form>",
        escape(attempt)
    )
}

/// ID-porten's sign-in page.
pub(crate) fn sign_in(attempt: &str, request: &AuthorizationRequest, client_name: &str, world: &World) -> Reply {
    let persons: String = world.persons.iter().map(person_button).collect();
    let main = format!(
        "<h1>Hvem logger inn i {client}?</h1>\n\
         <p>I ID-porten hadde du brukt BankID eller en annen elektronisk ID. Her velger du en øvingsperson.</p>\n\
         <form method=\"post\" action=\"/login\">\n<input type=\"hidden\" name=\"attempt\" value=\"{attempt}\">\n\
         <ul class=\"persons\">\n{persons}</ul>\n</form>\n{asked}{cancel}",
        client = escape(client_name),
        attempt = escape(attempt),
        asked = asked_for(request, client_name),
        cancel = cancel(attempt),
    );
    page(StatusCode::OK, "Logg inn med ID-porten", &main, Some(&request.redirect_uri))
}

fn employee_button(employee: &Employee) -> String {
    let what = if employee.blocked {
        "administratoren har sperret Ansattporten".to_owned()
    } else {
        format!("grupper: {}, virksomheter: {}", employee.groups.len(), employee.organisations.len())
    };
    format!(
        "<li><button class=\"person\" id=\"{key}\" name=\"person\" value=\"entraid:{key}\">\
         <span class=\"initials\" aria-hidden=\"true\">{initials}</span>\
         <span class=\"who\"><span class=\"name\">{name}</span> <span class=\"id\">{email}</span></span> \
         <span class=\"may\">{what}</span></button></li>\n",
        key = escape(&employee.key),
        initials = escape(&initials(&employee.given_name, &employee.family_name)),
        name = escape(&employee.name()),
        email = escape(&employee.email),
        what = escape(&what),
    )
}

/// Ansattporten's choice of how to sign in (apis.md 4.1, 4.2).
pub(crate) fn work_sign_in(attempt: &str, request: &AuthorizationRequest, client_name: &str) -> Reply {
    let any = request.acr_values.is_empty();
    let asked = |ending: &str| any || request.acr_values.iter().any(|acr| acr.ends_with(ending));
    let mut ways = String::new();
    let mut way = |id: &str, name: &str, about: &str| {
        let _ = writeln!(
            ways,
            "<li><button class=\"person way\" id=\"{id}\" name=\"way\" value=\"{id}\"><span class=\"who\">\
             <span class=\"name\">{name}</span> <span class=\"id\">{about}</span></span></button></li>",
        );
    };
    if asked("entraid") {
        way("entraid", "Jobbkonto (Entra ID)", "den du bruker hos arbeidsgiveren din");
    }
    if asked("substantial") || asked("high") {
        way("eid", "Elektronisk ID", "BankID og andre");
    }
    let main = format!(
        "<h1>Hvordan vil du logge inn i {client}?</h1>\n\
         <form method=\"post\" action=\"/login\">\n<input type=\"hidden\" name=\"attempt\" value=\"{attempt}\">\n\
         <ul class=\"persons\">\n{ways}</ul>\n</form>\n{asked}{cancel}",
        client = escape(client_name),
        attempt = escape(attempt),
        asked = asked_for(request, client_name),
        cancel = cancel(attempt),
    );
    page(StatusCode::OK, "Logg inn med Ansattporten", &main, Some(&request.redirect_uri))
}

/// Entra ID's choice of account.
pub(crate) fn work_accounts(attempt: &str, request: &AuthorizationRequest, world: &World) -> Reply {
    let employees: String = world.employees.iter().map(employee_button).collect();
    choice(attempt, request, "Hvilken jobbkonto?", &employees)
}

/// The persons with an electronic id.
pub(crate) fn electronic_ids(attempt: &str, request: &AuthorizationRequest, world: &World) -> Reply {
    let persons: String = world.persons.iter().map(person_button).collect();
    choice(attempt, request, "Hvem logger inn?", &persons)
}

fn choice(attempt: &str, request: &AuthorizationRequest, title: &str, buttons: &str) -> Reply {
    let main = format!(
        "<h1>{title}</h1>\n<form method=\"post\" action=\"/login\">\n\
         <input type=\"hidden\" name=\"attempt\" value=\"{attempt}\">\n\
         <ul class=\"persons\">\n{buttons}</ul>\n</form>\n{cancel}",
        attempt = escape(attempt),
        cancel = cancel(attempt),
    );
    page(StatusCode::OK, title, &main, Some(&request.redirect_uri))
}

/// Entra ID's question whether Ansattporten may read the account: asked the first time, unless an administrator has
/// answered for everybody, or keeps the answer to himself.
pub(crate) fn consent(
    attempt: &str,
    request: &AuthorizationRequest,
    employee: &Employee,
    administrator_only: bool,
) -> Reply {
    let (title, text, agree) = if administrator_only {
        (
            "Trenger godkjenning fra administrator",
            "Ansattporten trenger tillatelse som bare en administrator hos arbeidsgiveren din kan gi.",
            String::new(),
        )
    } else {
        (
            "Ansattporten ber om tillatelse",
            "Ansattporten vil lese navn, e-post og gruppene dine, og logge deg inn.",
            "<button class=\"primary\" id=\"godta\" name=\"consent\" value=\"yes\">Godta</button>\n".to_owned(),
        )
    };
    let main = format!(
        "<h1>{title}</h1>\n<p>{email}</p>\n<p>{text}</p>\n<form method=\"post\" action=\"/login\">\n\
         <input type=\"hidden\" name=\"attempt\" value=\"{attempt}\">\n\
         <input type=\"hidden\" name=\"person\" value=\"entraid:{key}\">\n{agree}\
         <button class=\"secondary\" id=\"ikke-godta\" name=\"consent\" value=\"no\">Avbryt</button>\n</form>",
        email = escape(&employee.email),
        attempt = escape(attempt),
        key = escape(&employee.key),
    );
    page(StatusCode::OK, title, &main, Some(&request.redirect_uri))
}

/// Ansattporten's choice of organisation (apis.md 4.4).
pub(crate) fn choose_organisation(
    attempt: &str,
    request: &AuthorizationRequest,
    employee: &Employee,
    world: &World,
) -> Reply {
    let choices = employee.organisations.iter().fold(String::new(), |mut list, org| {
        let name = world.company(org).map_or(org.as_str(), |company| company.name.as_str());
        let _ = writeln!(
            list,
            "<li><button class=\"person\" name=\"organisation\" value=\"{org}\"><span class=\"who\">\
             <span class=\"name\">{name}</span> <span class=\"id\">{org}</span></span></button></li>",
            org = escape(org),
            name = escape(name),
        );
        list
    });
    let main = format!(
        "<h1>Hvem representerer du?</h1>\n<form method=\"post\" action=\"/login\">\n\
         <input type=\"hidden\" name=\"attempt\" value=\"{attempt}\">\n\
         <input type=\"hidden\" name=\"person\" value=\"entraid:{key}\">\n\
         <ul class=\"persons\">\n{choices}</ul>\n\
         <button class=\"secondary\" name=\"organisation\" value=\"ingen\">Fortsett uten å representere noen</button>\n\
         </form>\n{cancel}",
        attempt = escape(attempt),
        key = escape(&employee.key),
        cancel = cancel(attempt),
    );
    page(StatusCode::OK, "Velg virksomhet", &main, Some(&request.redirect_uri))
}

/// The provider's own error page: the client never hears of it (apis.md 3.3).
pub(crate) fn own_error(provider: &str, error: &str, description: &str) -> Reply {
    let main = format!(
        "<h1>Noe gikk galt</h1>\n<p>{description}</p>\n<p class=\"trace\">400 {error} (traceId={trace})</p>\n\
         <p>{provider} kan ikke sende deg tilbake til programmet du kom fra. Gå dit selv, og begynn på nytt.</p>",
        description = escape(description),
        error = escape(error),
        trace = uuid::Uuid::new_v4().simple(),
        provider = escape(provider),
    );
    page(StatusCode::BAD_REQUEST, "Noe gikk galt", &main, None)
}

/// What the person sees after logging out without a registered redirect (apis.md 3.8).
pub(crate) fn signed_out(provider: &str) -> Reply {
    let main = format!("<h1>Du er logget ut</h1>\n<p>Du er logget ut av {}. Du kan lukke siden.</p>", escape(provider));
    page(StatusCode::OK, "Logget ut", &main, None)
}

/// `response_mode=form_post`; without a script the person presses the button.
pub(crate) fn form_post(redirect_uri: &str, answer: &[(&'static str, String)]) -> Reply {
    let fields = answer.iter().fold(String::new(), |mut fields, (name, value)| {
        let _ = write!(fields, "<input type=\"hidden\" name=\"{}\" value=\"{}\">", escape(name), escape(value));
        fields
    });
    let main = format!(
        "<h1>Du er logget inn</h1>\n<form method=\"post\" action=\"{}\">{fields}\
         <button class=\"primary\" id=\"fortsett\">Fortsett til programmet</button></form>",
        escape(redirect_uri)
    );
    page(StatusCode::OK, "Du er logget inn", &main, Some(redirect_uri))
}
