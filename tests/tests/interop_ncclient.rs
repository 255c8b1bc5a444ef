//! ncclient, the NETCONF client of the Python world, against the quickstart's device.

use std::process::Command;
use toolchain_tests::corpus::{interop, workspace};
use toolchain_tests::process::output_of;
use toolchain_tests::quickstart::Quickstart;

#[test]
fn ncclient_drives_the_quickstart() {
    if !interop() {
        return;
    }
    let python =
        std::env::var_os("NCCLIENT_PYTHON").expect("NCCLIENT_PYTHON names a python that has ncclient");
    let device = Quickstart::serve();
    let (user, password) = Quickstart::USER;
    let said =
        output_of(Command::new(python).arg(workspace().join("tests/interop/ncclient_dialogue.py")).args([
            "127.0.0.1",
            &device.port.to_string(),
            user,
            password,
        ]));
    // The script ends at the first thing that goes wrong; this is the last thing it does.
    assert!(said.ends_with("ok: close-session\n"), "{said}");
    assert!(said.lines().count() >= 12, "{said}");
}
