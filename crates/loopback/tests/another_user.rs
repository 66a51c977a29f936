//! Who is at the other end, with a second user of this machine where the test may become one.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic)]

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Command, Stdio};

use loopback::{Owner, owner};

fn listener() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let here = listener.local_addr().unwrap();
    (listener, here)
}

#[test]
fn ones_own_end_is_known() {
    let (listener, here) = listener();
    let other_end = TcpStream::connect(here).unwrap();
    let (_stream, there) = listener.accept().unwrap();
    assert_eq!(owner(here, there), Owner::Own);
    drop(other_end);
}

#[test]
fn an_end_that_has_gone_is_nobodys() {
    let (listener, here) = listener();
    drop(TcpStream::connect(here).unwrap());
    let (stream, there) = listener.accept().unwrap();
    drop(stream);
    assert_eq!(owner(here, there), Owner::Another);
    assert_eq!(owner(here, "10.0.0.1:4711".parse().unwrap()), Owner::Another, "and nobody is there from elsewhere");
}

#[test]
fn another_users_end_is_told() {
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let (listener, here) = listener();
    let mut other = Command::new("setpriv")
        .args(["--reuid=65534", "--regid=65534", "--clear-groups", "bash", "-c"])
        .arg(format!("exec 3<>/dev/tcp/127.0.0.1/{} && read -r -u 3 line", here.port()))
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    let (stream, there) = listener.accept().unwrap();
    assert_eq!(owner(here, there), Owner::Another);
    drop(stream);
    other.wait().unwrap();
}
