//! The key by which clients know the server: made once, kept with the store.

use crate::store::StoreError;
use crate::transport::ssh::PrivateKey;
use std::io::{self, Write as _};
use std::path::Path;
use std::{fs, io::ErrorKind};

/// The name of the file in the store's directory.
const FILE: &str = "host_key";

/// The host key of a directory, made now if there is none. Only its owner can read it.
pub(super) fn of_directory(directory: &Path) -> Result<PrivateKey, StoreError> {
    let path = directory.join(FILE);
    let io_error = |source: io::Error| StoreError::Io { path: path.clone(), source };
    let bad = |why: String| StoreError::Damaged { path: path.clone(), why };
    match fs::read_to_string(&path) {
        Ok(text) => return PrivateKey::parse(&text, None).map_err(|e| bad(e.to_string())),
        Err(e) if e.kind() == ErrorKind::NotFound => {}
        Err(e) => return Err(io_error(e)),
    }
    let key = PrivateKey::generate().map_err(|e| bad(e.to_string()))?;
    let text = key.to_openssh().map_err(|e| bad(e.to_string()))?;
    // Whole or not at all: a half key would lock all clients out.
    let new = directory.join(format!("{FILE}.new"));
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&new).map_err(io_error)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(io_error)?;
    fs::rename(&new, &path).map_err(io_error)?;
    tracing::info!(path = %path.display(), fingerprint = key.public_key().fingerprint(), "a host key is made");
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_key_is_made_once_and_nobody_else_can_read_it() {
        let dir = tempfile::tempdir().unwrap();
        let first = of_directory(dir.path()).unwrap().public_key();
        assert_eq!(of_directory(dir.path()).unwrap().public_key(), first);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(dir.path().join(FILE)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn a_file_that_is_no_key_is_an_error_and_stays() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(FILE), "no key").unwrap();
        assert!(matches!(of_directory(dir.path()), Err(StoreError::Damaged { .. })));
        assert_eq!(fs::read_to_string(dir.path().join(FILE)).unwrap(), "no key");
    }
}
