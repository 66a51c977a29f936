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
    of_system(canonical(here), canonical(there))
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
fn of_system(here: SocketAddr, there: SocketAddr) -> Owner {
    use procfs::net::{TcpNetEntry, tcp, tcp6};

    let mine = rustix::process::geteuid().as_raw();
    // The other end's own row: what is local to it is remote to us. A program may speak IPv4 from an IPv6 socket.
    let its_row = |row: &TcpNetEntry| {
        canonical(row.local_address) == there && canonical(row.remote_address) == here && row.inode != 0
    };
    let tables = [tcp(), tcp6()];
    // A kernel without IPv6 has no second table.
    if tables.iter().all(Result::is_err) {
        return Owner::Unknown;
    }
    match tables.into_iter().flatten().flatten().find(its_row) {
        Some(row) if row.uid == mine || row.uid == 0 => Owner::Own,
        Some(_) | None => Owner::Another,
    }
}

#[cfg(not(target_os = "linux"))]
fn of_system(_: SocketAddr, _: SocketAddr) -> Owner {
    Owner::Unknown
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
    fn loopback_is_an_address_and_not_a_name_that_looks_like_one() {
        for good in ["127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost", "::ffff:127.0.0.1"] {
            assert!(is_loopback(good), "{good}");
        }
        for bad in ["127.0.0.1.example", "localhost.example", "10.0.0.1", "0.0.0.0", ""] {
            assert!(!is_loopback(bad), "{bad}");
        }
    }
}
