//! The front of a server for OpenSSH: `Subsystem netconf PROGRAM` in `sshd_config` runs a program as the user who logged in,
//! with the session on its standard input and output (RFC 6242 section 3). The program is [`run`], and nothing more.
//!
//! It carries bytes between these and the unix socket of the server, which learns the user from the kernel. What the
//! environment says of the user is not passed on: whoever can reach the socket could say anything.

use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::path::Path;

/// Carries standard input and output to and from the socket of a server, until the server ends the session. The program
/// should end then.
///
/// # Errors
/// There is no such server, or the connection to it breaks.
pub fn run(path: impl AsRef<Path>) -> io::Result<()> {
    carry(path.as_ref(), io::stdin(), io::stdout())
}

/// The same for other streams. When the input ends, the server is told; it has the last word.
///
/// # Errors
/// As for [`run`].
pub fn carry(path: &Path, input: impl Read + Send + 'static, output: impl Write) -> io::Result<()> {
    let named = |e: io::Error| io::Error::new(e.kind(), format!("{}: {e}", path.display()));
    let from = UnixStream::connect(path).map_err(named)?;
    let to = from.try_clone()?;
    // A thread that waits for input cannot be woken; it ends with the process.
    std::thread::Builder::new().name("stdin".to_owned()).spawn(move || {
        _ = copy(input, &to);
        _ = to.shutdown(Shutdown::Write);
    })?;
    copy(from, output)
}

/// Carries bytes as soon as they are there: what waits in a buffer for a line to end would wait for ever.
fn copy(mut from: impl Read, mut to: impl Write) -> io::Result<()> {
    let mut buffer = vec![0; 64 << 10];
    loop {
        let length = match from.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        to.write_all(&buffer[..length])?;
        to.flush()?;
    }
}
