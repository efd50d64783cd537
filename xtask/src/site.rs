//! The site as a visitor sees it: the file behind each path, and its type.

use std::path::{Path, PathBuf};

/// The file or folder behind a path of the site: `/pkg/…` is in pkg/, everything else in www/. The
/// file need not exist. `None` if the path leads out of them, is malformed, or names a hidden file.
pub fn file_behind(root: &Path, url_path: &str) -> Option<PathBuf> {
    let decoded = percent_decoded(url_path)?;
    let path = decoded.strip_prefix('/')?;
    let (folder, inside) = match path.strip_prefix("pkg") {
        Some("") => ("pkg", ""),
        Some(rest) if rest.starts_with('/') => ("pkg", &rest[1..]),
        _ => ("www", path),
    };
    let mut file = root.join(folder);
    let inside = inside.strip_suffix('/').unwrap_or(inside);
    for name in inside.split('/').filter(|_| !inside.is_empty()) {
        // A leading dot covers `..` too. The other characters mean something to Windows.
        if name.is_empty() || name.starts_with('.') || name.contains(['\\', ':', '\0']) {
            return None;
        }
        file.push(name);
    }
    Some(file)
}

/// The `Content-Type` of a file, by its ending.
pub fn content_type(file: &Path) -> &'static str {
    match file
        .extension()
        .and_then(|ending| ending.to_str())
        .unwrap_or_default()
    {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "md" => "text/markdown; charset=utf-8",
        "txt" | "ts" => "text/plain; charset=utf-8",
        "json" | "map" => "application/json",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "csv" => "text/csv; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let (digits, after) = rest.split_at_checked(2)?;
        let digit = |byte: u8| char::from(byte).to_digit(16);
        bytes.push(u8::try_from(digit(digits[0])? * 16 + digit(digits[1])?).ok()?);
        rest = after;
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn behind(path: &str) -> Option<PathBuf> {
        file_behind(Path::new("/r"), path)
    }

    #[test]
    fn the_site_is_in_www_and_the_package_beside_it() {
        assert_eq!(behind("/"), Some("/r/www".into()));
        assert_eq!(
            behind("/decks/a%20b.json"),
            Some("/r/www/decks/a b.json".into())
        );
        assert_eq!(behind("/pkg/element.js"), Some("/r/pkg/element.js".into()));
        assert_eq!(behind("/pkg/"), Some("/r/pkg".into()));
        assert_eq!(behind("/pkgs.html"), Some("/r/www/pkgs.html".into()));
    }

    #[test]
    fn no_path_leads_out_of_the_site() {
        for path in [
            "/../Cargo.toml",
            "/pkg/../Cargo.toml",
            "/%2e%2e/Cargo.toml",
            "/%2E%2e%2fCargo.toml",
            "/..%5cCargo.toml",
            "/a/%2e./b",
            "/pkg/.gitignore",
            "//etc/passwd",
            "/pkg//etc/passwd",
            "/c:/x",
            "/a%00b",
            "Cargo.toml",
            "/%",
            "/%f",
            "/%zz",
            "/%+1",
            "/%ff",
        ] {
            assert_eq!(behind(path), None, "{path}");
        }
    }
}
