//! Who is at the other end, with a second user of this machine where the test may become one.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic)]

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Command, Stdio};

use loopback::{Owner, owner, service, strangers_port};

#[path = "../../../tests/support/needed.rs"]
mod needed;

fn bound() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let here = listener.local_addr().unwrap();
    (listener, here)
}

#[test]
fn ones_own_end_is_known() {
    let (listener, here) = bound();
    let other_end = TcpStream::connect(here).unwrap();
    let (_stream, there) = listener.accept().unwrap();
    assert_eq!(owner(here, there), Owner::Own);
    drop(other_end);
}

#[test]
fn an_end_that_has_gone_is_nobodys() {
    let (listener, here) = bound();
    drop(TcpStream::connect(here).unwrap());
    let (stream, there) = listener.accept().unwrap();
    drop(stream);
    assert_eq!(owner(here, there), Owner::Another);
    assert_eq!(owner(here, "10.0.0.1:4711".parse().unwrap()), Owner::Another, "and nobody is there from elsewhere");
}

#[test]
fn another_users_end_is_told() {
    if !rustix::process::geteuid().is_root() {
        return needed::absent("root", "only root becomes another user");
    }
    let (listener, here) = bound();
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

/// What another user has put in the place of a service that has ended.
#[test]
fn another_users_service_is_told() {
    let (own, here) = bound();
    assert_eq!(strangers_port(&[here.port()]), None);
    let near = TcpStream::connect(here).unwrap();
    let _far = own.accept().unwrap();
    assert_eq!(service(near.local_addr().unwrap(), here), Owner::Own);
    drop(own);
    assert_eq!(strangers_port(&[here.port()]), None, "nobody listens any more");
    if !rustix::process::geteuid().is_root() {
        return needed::absent("root", "only root becomes another user");
    }
    let script = "import socket,sys\ns=socket.create_server(('127.0.0.1',0))\nprint(s.getsockname()[1],flush=True)\n\
                  c,_=s.accept()\nc.sendall(b'x')\nsys.stdin.read()";
    let mut other = Command::new("setpriv")
        .args(["--reuid=65534", "--regid=65534", "--clear-groups", "/usr/bin/python3", "-c", script])
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut port = String::new();
    BufReader::new(other.stdout.take().unwrap()).read_line(&mut port).unwrap();
    let there = SocketAddr::from(([127, 0, 0, 1], port.trim().parse().unwrap()));
    assert_eq!(strangers_port(&[0, here.port(), there.port()]), Some(there.port()));
    let mut near = TcpStream::connect(there).unwrap();
    near.read_exact(&mut [0]).unwrap();
    assert_eq!(service(near.local_addr().unwrap(), there), Owner::Another);
    drop(other.stdin.take());
    other.wait().unwrap();
}
