//! OpenSSH's `sshd` on the loopback address, with a `Subsystem netconf` (RFC 6242 section 3). Everything it needs is in a directory of
//! the fixture's own, gone with it.

use crate::process::{Running, free_port, listens, output_of};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

const SSHD: &str = "/usr/sbin/sshd";

/// What a sshd needs: keys, and a port.
#[derive(Debug)]
pub struct Keys {
    /// The loopback port that it will listen on.
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
    dir: TempDir,
}

/// A running sshd.
#[derive(Debug)]
pub struct Sshd {
    // Dropped in this order: the program ends before its files go.
    _running: Running,
    keys: Keys,
}

impl std::ops::Deref for Sshd {
    type Target = Keys;

    fn deref(&self) -> &Keys {
        &self.keys
    }
}

impl Keys {
    /// Makes them.
    ///
    /// # Panics
    /// If that is not possible.
    pub fn make() -> Keys {
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
        Keys {
            port: free_port(),
            user,
            user_key: at("user"),
            host_key: at("host.pub"),
            authority: at("authority.pub"),
            certified_key: at("certified"),
            directory: dir.path().to_owned(),
            dir,
        }
    }
}

impl Sshd {
    /// Starts it with this command as the subsystem; `more` are lines of its configuration that go before others. Returns when it listens.
    ///
    /// # Panics
    /// If it does not start; the message says what it said.
    pub fn start(keys: Keys, subsystem: &str, more: &str) -> Sshd {
        Sshd::start_as(Path::new(SSHD), keys, subsystem, more)
    }

    /// The same by another name of the program, which PAM takes for the name of the service.
    ///
    /// # Panics
    /// As [`Self::start`].
    pub fn start_as(program: &Path, keys: Keys, subsystem: &str, more: &str) -> Sshd {
        let at = |name: &str| keys.dir.path().join(name);
        let text = format!("{more}{}", configuration(keys.dir.path(), keys.port, subsystem));
        fs::write(at("sshd_config"), text).expect("sshd's configuration");
        // sshd wants its directory for privilege separation, which the package makes only when it starts sshd itself.
        if keys.user == "root" {
            fs::create_dir_all("/run/sshd").expect("/run/sshd");
        }
        let log = at("sshd.log");
        let mut command = Command::new(program);
        command.arg("-D").arg("-f").arg(at("sshd_config")).arg("-E").arg(&log);
        let mut running = Running::start(&mut command);
        running.wait_for("open port", &log, || listens(keys.port).then_some(()));
        Sshd { _running: running, keys }
    }
}

fn configuration(dir: &Path, port: u16, subsystem: &str) -> String {
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
         Subsystem netconf {subsystem}\n"
    )
}
