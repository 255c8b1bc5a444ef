//! ncclient, the NETCONF client of the Python world: `tests/interop/ncclient_dialogue.py`, held against a server.

use crate::corpus::workspace;
use crate::process::output_of;
use std::process::Command;

/// Holds the dialogue with a server on the loopback address, and gives what it says: a line for each thing that went as the RFCs
/// say. `more` names what the server has beside interfaces.
///
/// # Panics
/// If something goes otherwise.
pub fn dialogue(port: u16, user: &str, password: &str, more: &[&str]) -> String {
    let python =
        std::env::var_os("NCCLIENT_PYTHON").expect("NCCLIENT_PYTHON names a python that has ncclient");
    let mut script = Command::new(python);
    script.arg(workspace().join("tests/interop/ncclient_dialogue.py"));
    let said = output_of(script.args(["127.0.0.1", &port.to_string(), user, password]).args(more));
    // The script ends at the first thing that goes wrong; this is the last thing it does.
    assert!(said.ends_with("ok: close-session\n"), "{said}");
    said
}
