//! netconfd, the NETCONF server of yuma123 (Debian package `netconfd`), behind OpenSSH's `sshd` on the loopback
//! address: a peer that knows nothing of this workspace.
//!
//! sshd runs the subsystem `netconf-subsystem` for each session, which talks to netconfd over a unix socket. Everything
//! either writes goes into a directory of the fixture's own, gone with it; only netconfd's (empty) `~/.yuma` stays.

use crate::process::{Running, free_port, listens, output_of};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

const NETCONFD: &str = "/usr/sbin/netconfd";
const SUBSYSTEM: &str = "/usr/sbin/netconf-subsystem";
const SSHD: &str = "/usr/sbin/sshd";

/// A running netconfd behind a running sshd.
#[derive(Debug)]
pub struct Netconfd {
    /// The loopback port that sshd listens on.
    pub port: u16,
    /// The user who may log in: whoever runs the test.
    pub user: String,
    /// File of the private key that lets this user in.
    pub user_key: PathBuf,
    /// File of the server's public host key.
    pub host_key: PathBuf,
    /// File of the public key of the authority that signed a certificate of the host's key, and one of the user's (beside the user's key,
    /// as `user-cert.pub`): sshd knows it.
    pub authority: PathBuf,
    /// File of a key that sshd knows by a certificate alone; its certificate is beside it.
    pub certified_key: PathBuf,
    /// The fixture's directory, for what a test adds.
    pub directory: PathBuf,
    // Dropped in this order: the programs end before their files go.
    _sshd: Running,
    _netconfd: Running,
    _dir: TempDir,
}

impl Netconfd {
    /// Starts both with an empty configuration and the given modules (`name` or `name@revision`), which netconfd looks
    /// for in `modules` before its own. Returns when both are ready.
    ///
    /// # Panics
    /// If either does not start; the message says what it said.
    pub fn start(modules: &[PathBuf], names: &[&str]) -> Netconfd {
        let dir = tempfile::tempdir().expect("a directory for the fixture");
        let at = |name: &str| dir.path().join(name);
        let user = output_of(Command::new("id").arg("-un")).trim().to_owned();
        for key in ["host", "user", "authority", "certified"] {
            let mut keygen = Command::new("ssh-keygen");
            output_of(keygen.args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(at(key)));
        }
        fs::copy(at("user.pub"), at("authorized_keys")).expect("the authorized key");
        let sign = |arguments: &[&str], key: &str| {
            let mut keygen = Command::new("ssh-keygen");
            output_of(keygen.args(["-q", "-s"]).arg(at("authority")).args(arguments).arg(at(key)));
        };
        sign(&["-I", "user", "-n", &user], "certified.pub");
        sign(&["-I", "host", "-h", "-n", "127.0.0.1,localhost"], "host.pub");
        fs::create_dir_all(at("data")).expect("netconfd's data directory");
        let port = free_port();

        let mut command = Command::new(NETCONFD);
        // netconfd keeps its startup configuration in $YUMA_HOME/data where that exists.
        command
            .env("YUMA_HOME", dir.path())
            .env("HOME", dir.path())
            .arg(format!("--port={port}"))
            .arg(format!("--ncxserver-sockname={}", at("socket").display()))
            .arg(format!("--superuser={user}"))
            .arg(format!("--log={}", at("netconfd.log").display()))
            .arg(format!(
                "--modpath={}:/usr/share/yuma/modules",
                modules.iter().map(|dir| dir.display().to_string()).collect::<Vec<_>>().join(":")
            ))
            .args(["--no-startup", "--target=candidate", "--access-control=off"])
            .args(names.iter().map(|name| format!("--module={name}")));
        let mut netconfd = Running::start(&mut command);
        let log = at("netconfd.log");
        netconfd.wait_for("socket", &log, || at("socket").exists().then_some(()));

        fs::write(at("sshd_config"), sshd_config(dir.path(), port)).expect("sshd's configuration");
        // sshd wants its directory for privilege separation, which the package makes only when it starts sshd itself.
        if user == "root" {
            fs::create_dir_all("/run/sshd").expect("/run/sshd");
        }
        let log = at("sshd.log");
        let mut command = Command::new(SSHD);
        command.arg("-D").arg("-f").arg(at("sshd_config")).arg("-E").arg(&log);
        let mut sshd = Running::start(&mut command);
        sshd.wait_for("open port", &log, || listens(port).then_some(()));

        Netconfd {
            port,
            user,
            user_key: at("user"),
            host_key: at("host.pub"),
            authority: at("authority.pub"),
            certified_key: at("certified"),
            directory: dir.path().to_owned(),
            _sshd: sshd,
            _netconfd: netconfd,
            _dir: dir,
        }
    }
}

fn sshd_config(dir: &Path, port: u16) -> String {
    let dir = dir.display();
    format!(
        "Port {port}\n\
         ListenAddress 127.0.0.1\n\
         HostKey {dir}/host\n\
         HostCertificate {dir}/host-cert.pub\n\
         TrustedUserCAKeys {dir}/authority.pub\n\
         PidFile none\n\
         AuthorizedKeysFile {dir}/authorized_keys\n\
         PasswordAuthentication no\n\
         KbdInteractiveAuthentication no\n\
         UsePAM no\n\
         StrictModes no\n\
         PermitRootLogin prohibit-password\n\
         Subsystem netconf \"{SUBSYSTEM} --ncxserver-sockname={port}@{dir}/socket\"\n"
    )
}
