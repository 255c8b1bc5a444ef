//! The file of a store in its directory.

use super::super::StoreError;
use super::fault::{Fault, io_error};
use super::{CACHE, fill};
use redb::Database;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The name of the file in its directory.
const FILE: &str = "config.redb";
/// The magic of a redb file.
const MAGIC: [u8; 9] = [b'r', b'e', b'd', b'b', 0x1a, 0x0a, 0xa9, 0x0d, 0x0a];

/// The file of a directory. Both are made if they are missing, readable by their owner alone.
pub(super) fn of_directory(directory: &Path) -> Result<PathBuf, StoreError> {
    let path = directory.join(FILE);
    create_directory(directory)?;
    if !path.exists() {
        create(directory, &path)?;
    }
    Ok(path)
}

pub(super) fn is_in(directory: &Path) -> bool {
    directory.join(FILE).is_file()
}

/// Gives the file of a directory the first name that is free.
pub(super) fn put_aside(directory: &Path) -> Result<PathBuf, StoreError> {
    let path = directory.join(FILE);
    let mut number = 1;
    let aside = loop {
        let aside = directory.join(format!("{FILE}.aside-{number}"));
        // A link is made where nothing is, and nowhere else.
        match fs::hard_link(&path, &aside) {
            Ok(()) => break aside,
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => number += 1,
            Err(e) => return Err(io_error(&aside, e)),
        }
    };
    fs::remove_file(&path).map_err(|e| io_error(&path, e))?;
    sync(directory)?;
    Ok(aside)
}

/// Makes what happened to the names of a directory durable.
fn sync(directory: &Path) -> Result<(), StoreError> {
    fs::File::open(directory).and_then(|d| d.sync_all()).map_err(|e| io_error(directory, e))
}

/// Opens the database in a file that is there, and looks at what it is before redb does.
pub(super) fn open(path: &Path) -> Result<Database, Fault> {
    let read_error = |e| Fault::Ours(io_error(path, e));
    let mut magic = [0; MAGIC.len()];
    let mut file = fs::File::open(path).map_err(read_error)?;
    let foreign = || {
        let why = "it is no redb file".to_owned();
        Err(Fault::Ours(StoreError::Foreign { path: path.to_owned(), why }))
    };
    match file.read_exact(&mut magic) {
        Ok(()) if magic == MAGIC => {}
        Ok(()) => return foreign(),
        Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => return foreign(),
        Err(e) => return Err(read_error(e)),
    }
    drop(file);
    // Each page has a checksum. What is loaded is all that there is, so looking at all of it first costs little, and what a failing
    // disk made of it is found before it is taken for the configuration.
    Ok(Database::builder().set_cache_size(CACHE).set_check_integrity_on_open(true).open(path)?)
}

/// Makes a new store beside its place and moves it there whole: a kill in between leaves no half of one.
fn create(directory: &Path, path: &Path) -> Result<(), StoreError> {
    let new = directory.join(format!("{FILE}.new"));
    match fs::remove_file(&new) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(io_error(&new, e)),
        _ => {}
    }
    private_file(&new).map_err(|e| io_error(&new, e))?;
    let make = || -> Result<(), Fault> {
        let db = Database::builder().set_cache_size(CACHE).create(&new)?;
        fill(&db)
    };
    make().map_err(|fault| fault.at(&new))?;
    fs::rename(&new, path).map_err(|e| io_error(path, e))?;
    sync(directory)
}

fn create_directory(directory: &Path) -> Result<(), StoreError> {
    if directory.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory).map_err(|e| io_error(directory, e))
}

/// Makes a new, empty file that its owner alone can read.
fn private_file(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
