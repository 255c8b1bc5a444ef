//! What `nc` asks people: about a host that is not known, for passwords and passphrases. `script` of util-linux gives it a terminal.

#![cfg(unix)]

mod common;
#[path = "common/device.rs"]
mod device;

use common::{code, stderr};
use device::Fixture;
use std::io::{Read as _, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;
use toolchain_tests::corpus::skipped;

/// A program on a terminal.
struct Terminal {
    child: Child,
    stdin: ChildStdin,
    come: Receiver<Vec<u8>>,
    /// What was not yet waited for.
    shown: String,
}

impl Terminal {
    /// Nothing where there is no such `script`.
    fn start(device: &Fixture, arguments: &[&str], variables: &[(&str, &str)]) -> Option<Self> {
        let version = Command::new("script").arg("--version").output().ok()?;
        if !String::from_utf8_lossy(&version.stdout).contains("util-linux") {
            skipped("there is no `script` of util-linux");
            return None;
        }
        // The command as it would be, in a shell's words.
        let plain = device.command(arguments);
        let words: Vec<String> = std::iter::once(plain.get_program())
            .chain(plain.get_args())
            .map(|word| format!("'{}'", word.to_string_lossy()))
            .collect();
        let mut command = Command::new("script");
        command.args(["-q", "-e", "-c", &words.join(" "), "/dev/null"]);
        for (name, value) in plain.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command.env_remove("NETCONF_PASSWORD").envs(variables.iter().copied());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (stdin, mut stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let (sender, come) = channel();
        std::thread::spawn(move || {
            let mut some = [0; 4096];
            while let Ok(length) = stdout.read(&mut some) {
                if length == 0 || sender.send(some[..length].to_vec()).is_err() {
                    break;
                }
            }
        });
        Some(Self { child, stdin, come, shown: String::new() })
    }

    /// Waits for a text on the screen and gives what stands before it.
    fn expect(&mut self, text: &str) -> String {
        loop {
            if let Some(at) = self.shown.find(text) {
                let before = self.shown[..at].to_owned();
                self.shown.drain(..at + text.len());
                return before;
            }
            match self.come.recv_timeout(Duration::from_secs(60)) {
                Ok(more) => self.shown.push_str(&String::from_utf8_lossy(&more)),
                Err(RecvTimeoutError::Timeout) => panic!("{text:?} does not come after {:?}", self.shown),
                Err(RecvTimeoutError::Disconnected) => panic!("it ended without {text:?}: {:?}", self.shown),
            }
        }
    }

    fn answer(&mut self, line: &str) {
        self.stdin.write_all(format!("{line}\n").as_bytes()).unwrap();
    }

    /// The rest of what it shows, and its exit code.
    fn end(mut self) -> (String, i32) {
        while let Ok(more) = self.come.recv_timeout(Duration::from_secs(60)) {
            self.shown.push_str(&String::from_utf8_lossy(&more));
        }
        (std::mem::take(&mut self.shown), self.child.wait().unwrap().code().unwrap())
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

#[test]
fn a_host_that_is_not_known_and_a_password() {
    let Some(device) = Fixture::start() else { return };
    let target = device.target();
    let Some(mut terminal) = Terminal::start(&device, &[&target, "hello"], &[]) else { return };
    let question = "Is it the right one? (yes/no) ";
    // It shows what is to be compared.
    assert!(terminal.expect(question).contains("SHA256:"));
    terminal.answer("perhaps");
    terminal.expect(question);
    terminal.answer("yes");
    let before = terminal.expect("Password of ann at ");
    assert!(before.contains("login refused"), "why it asks: {before}");
    terminal.expect(": ");
    terminal.answer("open-sesame");
    terminal.expect("NETCONF 1.1");
    let (rest, code) = terminal.end();
    assert_eq!(code, 0);
    assert!(!rest.contains("open-sesame"), "a password is not echoed: {rest}");
    assert!(device.known_hosts().exists());

    // The host is known now. Behind a wrong password the device has its own questions (keyboard-interactive).
    let login = |second: &str| {
        let mut terminal = Terminal::start(&device, &[&target, "hello"], &[]).unwrap();
        let before = terminal.expect("Password of ann at ");
        assert!(!before.contains("yes/no"), "{before}");
        terminal.expect(": ");
        terminal.answer("open-barley");
        terminal.expect(&format!("(ann@{}) Password: ", device.address));
        terminal.answer(second);
        terminal.end()
    };
    let (rest, code) = login("open-sesame");
    assert!(code == 0 && rest.contains("NETCONF 1.1"), "{rest}");
    let (rest, code) = login("open-wheat");
    assert_eq!(code, 2);
    assert!(rest.contains("login refused for ann") && !rest.contains("open-"), "{rest}");
}

#[test]
fn a_host_that_is_not_the_one() {
    let Some(device) = Fixture::start() else { return };
    let target = device.target();
    let Some(mut terminal) = Terminal::start(&device, &[&target, "hello"], &[]) else { return };
    terminal.expect("(yes/no) ");
    terminal.answer("no");
    let (rest, code) = terminal.end();
    assert_eq!(code, 2);
    assert!(!rest.contains("Password"), "{rest}");
    assert!(!device.known_hosts().exists());
}

/// A key is opened by its passphrase: of the environment, or asked for.
#[test]
fn a_key_with_a_passphrase() {
    let Some(device) = Fixture::start() else { return };
    let key = device.at("locked");
    let made = Command::new("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", "friend", "-f"])
        .arg(&key)
        .status()
        .is_ok_and(|status| status.success());
    if !made {
        return skipped("there is no ssh-keygen");
    }
    let key = key.display().to_string();
    let arguments = ["--accept-new", "-i", &key, &device.target(), "hello"];
    // The device does not know this key: that it is offered shows that it was opened.
    let run = |passphrase: Option<&str>| {
        let mut command = device.command(&arguments);
        command.env_remove("NETCONF_PASSWORD");
        if let Some(passphrase) = passphrase {
            command.env("NETCONF_PASSPHRASE", passphrase);
        }
        let output = command.output().unwrap();
        assert_eq!(code(&output), 2);
        stderr(&output)
    };
    assert!(run(Some("friend")).contains("login refused for ann"), "{}", run(Some("friend")));
    let wrong = run(Some("foe"));
    assert!(
        wrong.contains("NETCONF_PASSPHRASE") && wrong.contains(&key) && !wrong.contains("foe"),
        "{wrong}"
    );
    let without = run(None);
    assert!(without.contains("needs a passphrase") && without.contains("NETCONF_PASSPHRASE"), "{without}");

    let Some(mut terminal) = Terminal::start(&device, &arguments, &[]) else { return };
    terminal.expect(&format!("Passphrase of {key}: "));
    terminal.answer("friend");
    terminal.expect("Password of ann at ");
    terminal.expect(": ");
    terminal.answer("open-sesame");
    terminal.expect("NETCONF 1.1");
    let (rest, code) = terminal.end();
    assert_eq!(code, 0, "{rest}");
}
