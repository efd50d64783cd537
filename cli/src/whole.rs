//! Writing files whole or not at all.

use crate::failure::Failure;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// So many links in a row are followed, as many as Linux does.
const MOST_LINKS: usize = 40;
const IS_FOLDER: &str = "is a directory, not a file";
const NAMELESS: &str = "expected the name of a file";

/// As [`write`]; the failure names the file.
pub fn save(path: &Path, bytes: impl AsRef<[u8]>) -> Result<(), Failure> {
    write(path, bytes.as_ref()).map_err(|error| Failure::new(path.display(), error))
}

/// Writes a file whole or not at all: whoever looks sees the old one or the new one. What a link points to is replaced
/// and the link stays. What is there and is no regular file (a pipe, a device, what standard output goes to) cannot be
/// replaced: it is written to.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let there = match fs::metadata(path) {
        Ok(there) => Some(there),
        // A link to nowhere yet is one, too.
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    if let Some(there) = &there {
        if there.is_dir() {
            return Err(io::Error::new(ErrorKind::IsADirectory, IS_FOLDER));
        }
        if let Some(mut stdout) = standard_output(there) {
            return stdout.write_all(bytes);
        }
    }
    match followed(path)? {
        Some(file) if there.as_ref().is_none_or(Metadata::is_file) => replace(&file, there.as_ref(), bytes),
        // At its end: what stands there is somebody else's.
        _ => OpenOptions::new().append(true).open(path)?.write_all(bytes),
    }
}

/// Whether a file can come to be at this path, as far as can be known without writing: for whoever has to compute for
/// long before there is anything to write.
pub fn check(path: &Path) -> Result<(), Failure> {
    let failure = |what: &str| Err(Failure::new(path.display(), what));
    if path.is_dir() {
        return failure(IS_FOLDER);
    }
    let file = followed(path).map_err(|error| Failure::new(path.display(), error))?;
    match file.as_deref().map(Path::parent) {
        Some(None) => failure(NAMELESS),
        Some(Some(folder)) if !folder.as_os_str().is_empty() && !folder.is_dir() => {
            failure("the folder that it is to be written into is not there")
        }
        _ => Ok(()),
    }
}

/// Whether files can be written into this folder, which is made if need be: nothing on the way to it may be a file.
pub fn check_folder(path: &Path) -> Result<(), Failure> {
    // Of a path without folders the last ancestor is empty, and stands for where we are.
    let there = path.ancestors().find(|part| part.as_os_str().is_empty() || fs::symlink_metadata(part).is_ok());
    match there {
        Some(part) if !part.as_os_str().is_empty() && !part.is_dir() => {
            Err(Failure::new(part.display(), "expected a folder, found a file"))
        }
        _ => Ok(()),
    }
}

/// Writes beside the file, and puts it in its place when all is there; `old` is what is there so far.
fn replace(path: &Path, old: Option<&Metadata>, bytes: &[u8]) -> io::Result<()> {
    let name = path.file_name().ok_or_else(|| io::Error::new(ErrorKind::InvalidInput, NAMELESS))?;
    let unfinished = path.with_file_name(format!(".{}.{}", name.to_string_lossy(), std::process::id()));
    let written = File::create(&unfinished).and_then(|mut file| {
        // Before anything is in it: what only its owner may read stays so.
        old.map_or(Ok(()), |old| file.set_permissions(old.permissions()))?;
        file.write_all(bytes)?;
        drop(file);
        fs::rename(&unfinished, path)
    });
    written.inspect_err(|_| {
        // It may never have come to be.
        let _ = fs::remove_file(&unfinished);
    })
}

/// Where a path leads, link by link; nothing where it is one of a process's open files: those have no name to put
/// another file under, even where one is shown.
fn followed(path: &Path) -> io::Result<Option<PathBuf>> {
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        if ["/dev/fd", "/proc"].iter().any(|open_files| path.starts_with(open_files)) {
            return Ok(None);
        }
        match fs::read_link(&path) {
            Ok(target) => path = path.parent().unwrap_or(Path::new("")).join(target),
            // No link, or nothing yet.
            Err(_) => return Ok(Some(path)),
        }
    }
    Err(io::Error::other("too many links in a row"))
}

/// Standard output, if it goes to this file: another handle on that would write over what is printed.
#[cfg(unix)]
fn standard_output(there: &Metadata) -> Option<File> {
    use std::os::fd::AsFd;
    use std::os::unix::fs::MetadataExt;
    let stdout = File::from(io::stdout().as_fd().try_clone_to_owned().ok()?);
    let own = stdout.metadata().ok()?;
    ((own.dev(), own.ino()) == (there.dev(), there.ino())).then_some(stdout)
}

#[cfg(not(unix))]
fn standard_output(_: &Metadata) -> Option<File> {
    None
}
