//! OpenSSH's own client against the quickstart's device.

use toolchain_tests::corpus::interop;
use toolchain_tests::openssh::{Ssh, assert_answered, by_hand};
use toolchain_tests::quickstart::Quickstart;

#[test]
fn ssh_with_the_subsystem_netconf() {
    if !interop() {
        return;
    }
    let device = Quickstart::serve();
    let (user, password) = Quickstart::USER;
    let ssh = Ssh::new(device.port, user, password);
    for (method, options) in [
        ("password", &[][..]),
        ("keyboard-interactive", &[]),
        // It is not offered, and OpenSSH does without.
        ("password", &["-o", "Compression=yes"]),
        // Keys anew after each 16 KiB.
        ("password", &["-o", "RekeyLimit=16K"]),
    ] {
        let (said, well) = ssh.run(method, options, &by_hand());
        assert!(well, "{method}: {said}");
        assert_answered(&said);
    }
    // And who breaks the framing is cut off.
    let broken = by_hand().replacen("\n#7\n", "\n#07\n", 1);
    let (said, _) = ssh.run("password", &[], &broken);
    assert!(said.ends_with("]]>]]>") && !said.contains("rpc-reply"), "{said}");
}
