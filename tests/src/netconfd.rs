//! netconfd, the NETCONF server of yuma123 (Debian package `netconfd`), behind OpenSSH's `sshd` on the loopback
//! address: a peer that knows nothing of this workspace.
//!
//! sshd runs the subsystem `netconf-subsystem` for each session, which talks to netconfd over a unix socket. Everything
//! either writes goes into a directory of the fixture's own, gone with it; only netconfd's (empty) `~/.yuma` stays.

use crate::process::Running;
use crate::sshd::{Keys, Sshd};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const NETCONFD: &str = "/usr/sbin/netconfd";
const SUBSYSTEM: &str = "/usr/sbin/netconf-subsystem";

/// A running netconfd behind a running sshd.
#[derive(Debug)]
pub struct Netconfd {
    // Dropped in this order: the program ends before its files go.
    netconfd: Running,
    sshd: Sshd,
}

impl std::ops::Deref for Netconfd {
    type Target = Sshd;

    fn deref(&self) -> &Sshd {
        &self.sshd
    }
}

impl Netconfd {
    /// Starts both with an empty configuration and the given modules (`name` or `name@revision`), which netconfd looks
    /// for in `modules` before its own. Returns when both are ready.
    ///
    /// # Panics
    /// If either does not start; the message says what it said.
    pub fn start(modules: &[PathBuf], names: &[&str]) -> Netconfd {
        let keys = Keys::make();
        let at = |name: &str| keys.directory.join(name);
        fs::create_dir_all(at("data")).expect("netconfd's data directory");
        let port = keys.port;
        fs::create_dir_all(at("modules")).expect("a directory for modules");
        for directory in modules {
            copy_modules(directory, &at("modules"));
        }

        let mut command = Command::new(NETCONFD);
        // netconfd keeps its startup configuration in $YUMA_HOME/data where that exists.
        command
            .env("YUMA_HOME", &keys.directory)
            .env("HOME", &keys.directory)
            .arg(format!("--port={port}"))
            .arg(format!("--ncxserver-sockname={}", at("socket").display()))
            .arg(format!("--superuser={}", keys.user))
            .arg(format!("--log={}", at("netconfd.log").display()))
            .arg(format!("--modpath={}:/usr/share/yuma/modules", at("modules").display()))
            .args(["--no-startup", "--target=candidate", "--access-control=off"])
            .args(names.iter().map(|name| format!("--module={name}")));
        let mut netconfd = Running::start(&mut command);
        let log = at("netconfd.log");
        netconfd.wait_for("socket", &log, || at("socket").exists().then_some(()));

        let subsystem = format!("\"{SUBSYSTEM} --ncxserver-sockname={port}@{}\"", at("socket").display());
        Netconfd { netconfd, sshd: Sshd::start(keys, &subsystem, "") }
    }

    /// The process id of netconfd.
    pub fn process(&self) -> u32 {
        self.netconfd.id()
    }
}

/// netconfd's own modules name nodes that its `notifications` has, and RFC 5277 does not.
const OWN: [&str; 2] = ["notifications", "nc-notifications"];

/// Copies the modules of a directory that netconfd can do with.
fn copy_modules(from: &Path, to: &Path) {
    for file in fs::read_dir(from).expect("a directory of modules") {
        let file = file.expect("a file of it").path();
        let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let module = name.split(['@', '.']).next().unwrap_or_default();
        if name.ends_with(".yang") && !OWN.contains(&module) {
            fs::copy(&file, to.join(name)).expect("a copy of a module");
        }
    }
}
