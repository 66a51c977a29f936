//! What a person says of a register that her desk is to join: where it is, as whom, and what the desk is called there.

use crate::settings::RegisterWish;

/// The address with a role in it: its own, or this one where it has none. What is written without `postgresql://` is meant with it.
#[must_use]
pub fn with_role(address: &str, role: &str) -> String {
    let address = address.trim();
    let (scheme, rest) = address.split_once("//").map_or(("postgresql:", address), |(scheme, rest)| (scheme, rest));
    let place = rest.split(['/', '?']).next().unwrap_or_default();
    match role.trim() {
        role if role.is_empty() || place.contains('@') => format!("{scheme}//{rest}"),
        role => format!("{scheme}//{role}@{rest}"),
    }
}

/// An address as it is asked for: the role stands apart from it.
pub(crate) fn wish(address: &str, desk: String) -> RegisterWish {
    let (scheme, rest) = address.split_once("//").unwrap_or(("postgresql:", address));
    let place = rest.split(['/', '?']).next().unwrap_or_default();
    match place.split_once('@') {
        Some((role, hosts)) => RegisterWish {
            address: format!("{scheme}//{hosts}{}", rest.strip_prefix(place).unwrap_or_default()),
            role: role.to_owned(),
            desk,
        },
        None => RegisterWish { address: address.to_owned(), role: String::new(), desk },
    }
}

/// What the computer is called: what a desk is called to the others unless she says otherwise.
#[must_use]
pub fn computer() -> String {
    #[cfg(unix)]
    let name = rustix::system::uname().nodename().to_string_lossy().into_owned();
    #[cfg(not(unix))]
    let name = std::env::var("COMPUTERNAME").unwrap_or_default();
    if name.is_empty() { "desk".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_goes_into_an_address_that_has_none_and_stands_apart_again() {
        let whole = "postgresql://kari@db1.firma.no,db2.firma.no:5433/momsbud?sslrootcert=%2Fetc%2Fa%40b.pem";
        let bare = whole.replace("kari@", "");
        assert_eq!(with_role(&bare, "kari"), whole);
        assert_eq!(with_role(&bare, " kari "), whole);
        assert_eq!(with_role(whole, "ola"), whole, "its own stays");
        assert_eq!(with_role(bare.trim_start_matches("postgresql://"), "kari"), whole);
        assert_eq!(with_role(&bare, ""), bare);
        let wish = wish(whole, "pc".to_owned());
        assert_eq!((&*wish.address, &*wish.role), (&*bare, "kari"));
        assert_eq!(with_role(&wish.address, &wish.role), whole);
        assert_eq!(super::wish(&bare, String::new()).role, "");
    }
}
