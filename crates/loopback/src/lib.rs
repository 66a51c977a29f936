//! Whose the other end of a connection within this machine is.
//!
//! 127.0.0.1 is one address for everybody who works on a machine: another user of it reaches every port that is open
//! there. On Linux the kernel's table of connections names the user of each end, and a listener that is one person's can
//! hang up on everybody else. Windows and macOS tell such things only by calls that are not safe ones; there [`owner`]
//! says [`Owner::Unknown`], and what a listener protects must not rest on it alone.

#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

use std::net::{IpAddr, SocketAddr};

/// Whose one end of a connection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Owner {
    /// This program's user, or root, who may do anything here anyway.
    Own,
    /// Another user's, or nobody's any more.
    Another,
    /// This system does not tell.
    Unknown,
}

/// Whose the far end is of a connection that was accepted at `here` and comes from `there`.
///
/// The kernel's table is read whole: some tens of microseconds, or a millisecond on a busy machine.
#[must_use]
pub fn owner(here: SocketAddr, there: SocketAddr) -> Owner {
    if !there.ip().to_canonical().is_loopback() {
        return Owner::Another;
    }
    match user(canonical(here), canonical(there)) {
        Table::Untold => Owner::Unknown,
        Table::User(uid) if is_own(uid) => Owner::Own,
        Table::User(_) | Table::Nobody => Owner::Another,
    }
}

/// Whose the service is that answers at `there` on a connection from `here`. A system's account, which no person signs in
/// as and PostgreSQL and its like run as, counts as one's own.
///
/// Ask when it has answered: before it has accepted, a connection is nobody's. One that is nobody's afterwards is
/// [`Owner::Unknown`]: what has gone hears nothing more, and what lies behind a redirection of root's (a container's port) is not
/// in this table.
#[must_use]
pub fn service(here: SocketAddr, there: SocketAddr) -> Owner {
    if !there.ip().to_canonical().is_loopback() {
        return Owner::Another;
    }
    match user(canonical(here), canonical(there)) {
        Table::Untold | Table::Nobody => Owner::Unknown,
        Table::User(uid) => of_service(uid),
    }
}

/// The same of the user whose a service is, where the connection itself says so (a socket in a folder).
#[must_use]
pub fn of_service(uid: u32) -> Owner {
    if is_own(uid) || uid < FIRST_PERSON { Owner::Own } else { Owner::Another }
}

/// The port among these at which somebody else listens on this machine. Nothing where that is nobody's, or the system does not
/// tell. The system's table is read once.
#[must_use]
pub fn strangers_port(ports: &[u16]) -> Option<u16> {
    // Nobody listens at none.
    if ports.iter().all(|port| *port == 0) { None } else { of_a_stranger(&listeners(ports)) }
}

/// The first port of a listener, by its user, that is not one's own.
fn of_a_stranger(listeners: &[(u16, u32)]) -> Option<u16> {
    listeners.iter().find(|(_, uid)| !is_own(*uid)).map(|(port, _)| *port)
}

/// The first number of a person's account; those before it are the system's (`SYS_UID_MAX`).
const FIRST_PERSON: u32 = if cfg!(target_os = "macos") { 500 } else { 1000 };

/// What the kernel's table says of a connection.
enum Table {
    /// There is none that can be read.
    Untold,
    /// A user's.
    #[cfg_attr(not(target_os = "linux"), allow(dead_code, reason = "only Linux tells"))]
    User(u32),
    /// It is not in it, or is held by no program.
    #[cfg_attr(not(target_os = "linux"), allow(dead_code, reason = "only Linux tells"))]
    Nobody,
}

/// Whether a `Host` header names this very listener: its port at 127.0.0.1, `[::1]` or `localhost`. A page whose name was
/// made to resolve to 127.0.0.1 (DNS rebinding) sends its own name.
#[must_use]
pub fn is_host(header: &str, port: u16) -> bool {
    let Some((name, at)) = header.rsplit_once(':') else { return false };
    at.parse() == Ok(port) && (name == "127.0.0.1" || name == "[::1]" || name.eq_ignore_ascii_case("localhost"))
}

/// Whether an address's host is this machine itself, so that what is sent there never leaves it.
#[must_use]
pub fn is_loopback(host: &str) -> bool {
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    host.eq_ignore_ascii_case("localhost") || bare.parse::<IpAddr>().is_ok_and(|ip| ip.to_canonical().is_loopback())
}

fn canonical(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip().to_canonical(), address.port())
}

#[cfg(target_os = "linux")]
fn is_own(uid: u32) -> bool {
    uid == 0 || uid == rustix::process::geteuid().as_raw()
}

#[cfg(not(target_os = "linux"))]
fn is_own(uid: u32) -> bool {
    uid == 0
}

/// Ports and users of who listens at them.
#[cfg(target_os = "linux")]
fn listeners(ports: &[u16]) -> Vec<(u16, u32)> {
    use procfs::net::{TcpNetEntry, TcpState, tcp, tcp6};

    let here = |ip: IpAddr| ip.to_canonical().is_loopback() || ip.to_canonical().is_unspecified();
    let listens = |row: &TcpNetEntry| {
        row.state == TcpState::Listen && ports.contains(&row.local_address.port()) && here(row.local_address.ip())
    };
    let rows = [tcp(), tcp6()].into_iter().flatten().flatten();
    rows.filter(listens).map(|row| (row.local_address.port(), row.uid)).collect()
}

#[cfg(not(target_os = "linux"))]
fn listeners(_: &[u16]) -> Vec<(u16, u32)> {
    Vec::new()
}

#[cfg(target_os = "linux")]
fn user(here: SocketAddr, there: SocketAddr) -> Table {
    use procfs::net::{TcpNetEntry, tcp, tcp6};

    // The other end's own row: what is local to it is remote to us. A program may speak IPv4 from an IPv6 socket.
    let its_row = |row: &TcpNetEntry| {
        canonical(row.local_address) == there && canonical(row.remote_address) == here && row.inode != 0
    };
    let tables = [tcp(), tcp6()];
    // A kernel without IPv6 has no second table.
    if tables.iter().all(Result::is_err) {
        return Table::Untold;
    }
    tables.into_iter().flatten().flatten().find(its_row).map_or(Table::Nobody, |row| Table::User(row.uid))
}

#[cfg(not(target_os = "linux"))]
fn user(_: SocketAddr, _: SocketAddr) -> Table {
    Table::Untold
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_listener_is_its_host() {
        for good in ["127.0.0.1:80", "localhost:80", "LOCALHOST:80", "[::1]:80"] {
            assert!(is_host(good, 80), "{good}");
        }
        for bad in ["127.0.0.1", "127.0.0.1:81", "evil.example:80", "127.0.0.1:80.evil.example", "::1:80", "", ":80"] {
            assert!(!is_host(bad, 80), "{bad}");
        }
    }

    #[test]
    fn a_systems_account_serves_and_another_person_does_not() {
        assert_eq!([0, 101, 999].map(of_service), [Owner::Own; 3]);
        assert_eq!(of_service(65_534), Owner::Another);
        assert_eq!(of_a_stranger(&[]), None);
        assert_eq!(of_a_stranger(&[(1, 0), (2, 65_534)]), Some(2), "one stranger is enough");
        assert_eq!(of_a_stranger(&[(1, 101)]), Some(1), "a service is no practice of one's own");
        assert_eq!(strangers_port(&[0, 0]), None);
    }

    #[test]
    fn loopback_is_an_address_and_not_a_name_that_looks_like_one() {
        for good in ["127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost", "::ffff:127.0.0.1"] {
            assert!(is_loopback(good), "{good}");
        }
        for bad in ["127.0.0.1.example", "localhost.example", "10.0.0.1", "0.0.0.0", ""] {
            assert!(!is_loopback(bad), "{bad}");
        }
    }
}
