//! Levels of assurance: whether the sign-in was as strong as asked for.
//!
//! Digdir leaves the check to the client ("the client MUST check", oidc_protocol_id_token); a stronger level than asked
//! for is fine.

/// Whether `given` satisfies one of `asked`; with nothing asked, everything does.
pub(crate) fn satisfies(asked: &[String], given: Option<&str>) -> bool {
    if asked.is_empty() {
        return true;
    }
    let Some(given) = given else { return false };
    asked.iter().any(|asked| {
        asked == given
            || match (level(asked), level(given)) {
                (Some((one, least)), Some((other, strength))) => one == other && strength >= least,
                _ => false,
            }
    })
}

#[derive(PartialEq)]
enum Family {
    IdPorten,
    Eidas,
}

/// The family and strength of a level. The short forms are Ansattporten's older ones (apis.md section 4.1); what has no
/// level, such as `entraid`, is compared by name alone.
fn level(acr: &str) -> Option<(Family, u8)> {
    let (family, name) = match (acr.strip_prefix("idporten-loa-"), acr.strip_prefix("eidas-loa-")) {
        (Some(name), _) => (Family::IdPorten, name),
        (_, Some(name)) => (Family::Eidas, name),
        _ => (Family::IdPorten, acr),
    };
    let strength = match name {
        "low" => 0,
        "substantial" => 1,
        "high" => 2,
        _ => return None,
    };
    Some((family, strength))
}

#[cfg(test)]
mod tests {
    use super::satisfies;

    #[test]
    fn a_level_satisfies_itself_and_what_is_below() {
        let asked = |acr: &[&str], given| satisfies(&acr.iter().map(|a| (*a).to_owned()).collect::<Vec<_>>(), given);
        assert!(asked(&[], None));
        assert!(asked(&["idporten-loa-substantial"], Some("idporten-loa-substantial")));
        assert!(asked(&["idporten-loa-substantial"], Some("idporten-loa-high")));
        assert!(asked(&["substantial"], Some("idporten-loa-high")));
        assert!(asked(&["idporten-loa-high", "entraid"], Some("entraid")));
        assert!(asked(&["idporten-loa-low"], Some("idporten-loa-substantial")));

        assert!(!asked(&["idporten-loa-high"], Some("idporten-loa-substantial")));
        assert!(!asked(&["idporten-loa-substantial"], Some("idporten-loa-low")));
        assert!(!asked(&["idporten-loa-substantial"], Some("eidas-loa-high")));
        assert!(!asked(&["idporten-loa-substantial"], Some("entraid")));
        assert!(!asked(&["idporten-loa-low"], Some("selfregistered-email")));
        assert!(!asked(&["idporten-loa-low"], None));
    }
}
