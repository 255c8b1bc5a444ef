//! ncclient against the quickstart's device.

use toolchain_tests::corpus::interop;
use toolchain_tests::ncclient::dialogue;
use toolchain_tests::quickstart::Quickstart;

#[test]
fn ncclient_drives_the_quickstart() {
    if !interop() {
        return;
    }
    let device = Quickstart::serve();
    let (user, password) = Quickstart::USER;
    let said = dialogue(device.port, user, password, &["toaster"]);
    for part in ["make-toast", "usual-above-highest", "toast-done", "subtree filter"] {
        assert!(said.contains(part), "no {part} in {said}");
    }
}
