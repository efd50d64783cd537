//! Writing a file completely or not at all.

use crate::failure::Failure;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// The number of links in a row that are followed, as many as Linux follows.
const MAX_LINKS: usize = 40;
const IS_FOLDER: &str = "is a directory, not a file";
const IS_READ_ONLY: &str = "is read-only";
const NAMELESS: &str = "expected the name of a file";

/// Writes a file as [`write`] does.
///
/// # Errors
/// The failure names the file.
pub fn save(path: &Path, bytes: impl AsRef<[u8]>) -> Result<(), Failure> {
    write(path, bytes.as_ref()).map_err(|error| Failure::new(path.display(), error))
}

/// Writes a file atomically: a reader sees the old file or the new one. A link stays, and the file
/// that it points to is replaced. A pipe, a device, or the file that standard output goes to cannot
/// be replaced, so it is written to.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let there = match fs::metadata(path) {
        Ok(there) => Some(there),
        // The target of a link may be missing, too.
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
        // Another file could take its place all the same, which nobody means by that.
        if there.permissions().readonly() {
            return Err(io::Error::new(ErrorKind::PermissionDenied, IS_READ_ONLY));
        }
    }
    match follow(path)? {
        Some(file) if there.as_ref().is_none_or(Metadata::is_file) => {
            replace(&file, there.as_ref(), bytes)
        }
        // Append, so that the content so far stays.
        _ => OpenOptions::new().append(true).open(path)?.write_all(bytes),
    }
}

/// Checks that a file can be written at this path, as far as that can be known without writing. For
/// commands that compute for a long time before they write.
pub fn check(path: &Path) -> Result<(), Failure> {
    let failure = |message: &str| Err(Failure::new(path.display(), message));
    if path.is_dir() {
        return failure(IS_FOLDER);
    }
    if fs::metadata(path).is_ok_and(|there| there.permissions().readonly()) {
        return failure(IS_READ_ONLY);
    }
    let file = follow(path).map_err(|error| Failure::new(path.display(), error))?;
    match file.as_deref().map(Path::parent) {
        Some(None) => failure(NAMELESS),
        Some(Some(folder)) if !folder.as_os_str().is_empty() && !folder.is_dir() => {
            failure("the folder of this file does not exist")
        }
        _ => Ok(()),
    }
}

/// Checks that files can be written into this folder, which need not exist: nothing on the way to
/// it may be a file.
pub fn check_folder(path: &Path) -> Result<(), Failure> {
    // The last ancestor of a relative path is empty; it stands for the current folder.
    let exists = |part: &&Path| part.as_os_str().is_empty() || fs::symlink_metadata(part).is_ok();
    match path.ancestors().find(exists) {
        Some(part) if !part.as_os_str().is_empty() && !part.is_dir() => Err(Failure::new(
            part.display(),
            "expected a folder, found a file",
        )),
        _ => Ok(()),
    }
}

/// Writes a file beside the old one and moves it there when it is complete. Its name is drawn at
/// random and must be new, so that nobody can put a link in its place beforehand.
fn replace(path: &Path, old: Option<&Metadata>, bytes: &[u8]) -> io::Result<()> {
    if path.file_name().is_none() {
        return Err(io::Error::new(ErrorKind::InvalidInput, NAMELESS));
    }
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let mut builder = tempfile::Builder::new();
    builder.prefix(".leaning-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As every new file has them, less what the umask takes.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder.unwrap_or(Path::new(".")))?;
    // Before anything is in it, so that a private file stays private.
    old.map_or(Ok(()), |old| {
        file.as_file().set_permissions(old.permissions())
    })?;
    file.write_all(bytes)?;
    // A machine that stops after the move would otherwise keep an empty file.
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// The path behind all links; `None` for one of a process's open files, whose name another file
/// cannot take.
fn follow(path: &Path) -> io::Result<Option<PathBuf>> {
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        if ["/dev/fd", "/proc"]
            .iter()
            .any(|open_files| path.starts_with(open_files))
        {
            return Ok(None);
        }
        match fs::read_link(&path) {
            Ok(target) => path = path.parent().unwrap_or(Path::new("")).join(target),
            // Not a link, or it does not exist yet.
            Err(_) => return Ok(Some(path)),
        }
    }
    Err(io::Error::other("too many links in a row"))
}

/// Standard output, if it goes to this file: a second handle would overwrite what is printed.
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
