//! The project's Rust sources as parsed files, with the parts that are tests marked. It reads files and
//! judges nothing. Data comes from a folder on disk (or from text, in tests); it goes to `lengths` and
//! `absence`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use syn::{Attribute, Item};

/// One parsed Rust file.
pub struct Source {
    /// The path from the repository's root, with `/` between folders.
    pub path: String,
    /// How many lines the file has.
    pub lines: usize,
    /// Whether the file begins with a `//!` line.
    pub opened: bool,
    /// Whether the whole file is a module of tests.
    pub test: bool,
    /// The parsed file.
    pub syntax: syn::File,
}

impl Source {
    /// Parses one file's text.
    pub fn parse(path: &str, text: &str) -> Result<Self, syn::Error> {
        Ok(Self {
            path: path.to_owned(),
            lines: text.lines().count(),
            opened: text.starts_with("//!"),
            test: false,
            syntax: syn::parse_file(text)?,
        })
    }

    /// The crate's folder under `crates/`, where the file lies in one.
    pub fn room(&self) -> Option<&str> {
        self.path.strip_prefix("crates/")?.split('/').next()
    }
}

/// Every Rust file under `crates/*/src`, in order of path.
pub fn crates(root: &Path) -> Vec<Source> {
    let mut sources: Vec<Source> = below(&root.join("crates"))
        .iter()
        .filter_map(|path| Some((path, relative(root, path)?)))
        .filter(|(_, name)| name.ends_with(".rs") && name.split('/').nth(2) == Some("src"))
        .map(|(path, name)| read(path, &name))
        .collect();
    mark_tests(&mut sources);
    sources
}

/// Every file below a folder, in order; an absent folder has none.
pub fn below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            match path.is_dir() {
                true if entry.file_name() == "node_modules" => {}
                true => open.push(path),
                false => files.push(path),
            }
        }
    }
    files.sort();
    files
}

/// A path from the repository's root, with `/` between folders.
pub fn relative(root: &Path, path: &Path) -> Option<String> {
    let parts = path.strip_prefix(root).ok()?.components();
    let names: Vec<_> = parts
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .collect();
    Some(names.join("/"))
}

fn read(path: &Path, name: &str) -> Source {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{name}: {error}"));
    Source::parse(name, &text).unwrap_or_else(|error| {
        let at = error.span().start();
        panic!("{name}:{}: not Rust: {error}", at.line)
    })
}

/// Marks the files that a `#[cfg(test)] mod name;` elsewhere makes a module of tests.
pub fn mark_tests(sources: &mut [Source]) {
    let mut prefixes = BTreeSet::new();
    for source in sources.iter() {
        let folder = modules_folder(&source.path);
        for item in &source.syntax.items {
            if let Item::Mod(module) = item
                && module.content.is_none()
                && is_test(&module.attrs)
            {
                prefixes.insert(format!("{folder}/{}", module.ident));
            }
        }
    }
    for source in sources {
        let stem = source.path.trim_end_matches(".rs");
        source.test = prefixes
            .iter()
            .any(|prefix| stem == prefix || stem.starts_with(&format!("{prefix}/")));
    }
}

/// The folder in which a file's own modules lie.
fn modules_folder(path: &str) -> &str {
    let stem = path.trim_end_matches(".rs");
    match stem.rsplit_once('/') {
        Some((folder, "lib" | "main" | "mod")) => folder,
        _ => stem,
    }
}

/// Whether an item's attributes make it part of the tests: `#[test]`, `#[cfg(test)]`, `#[tokio::test]`.
pub fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let last = attribute.path().segments.last();
        match last.map(|segment| segment.ident.to_string()).as_deref() {
            Some("test") => true,
            Some("cfg") => attribute
                .parse_args::<syn::Meta>()
                .is_ok_and(|meta| asks_test(&meta)),
            _ => false,
        }
    })
}

/// Whether a `cfg` predicate holds only in tests: `test`, or `all(…)` with it.
fn asks_test(meta: &syn::Meta) -> bool {
    match meta {
        syn::Meta::Path(path) => path.is_ident("test"),
        syn::Meta::List(list) if list.path.is_ident("all") => list
            .parse_args_with(
                syn::punctuated::Punctuated::<syn::Meta, syn::Token![,]>::parse_terminated,
            )
            .is_ok_and(|parts| parts.iter().any(asks_test)),
        _ => false,
    }
}

/// The attributes of an item, none for the few kinds that carry no tests.
pub fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(path: &str, text: &str) -> Source {
        Source::parse(path, text).expect("Rust")
    }

    #[test]
    fn test_modules_in_files_of_their_own_are_marked() {
        let mut sources = [
            parse("crates/desk/src/lib.rs", "mod queue;"),
            parse("crates/desk/src/queue.rs", "#[cfg(test)] mod tests;"),
            parse("crates/desk/src/queue/tests.rs", ""),
            parse("crates/desk/src/queue/tests_of_none.rs", ""),
        ];
        mark_tests(&mut sources);
        let marked: Vec<_> = sources.iter().map(|source| source.test).collect();
        assert_eq!(marked, [false, false, true, false]);
    }

    #[test]
    fn only_what_never_ships_is_a_test() {
        let file = parse(
            "crates/desk/src/lib.rs",
            "#[cfg(test)] fn a() {} #[cfg(all(test, unix))] fn b() {} #[test] fn c() {}
             #[cfg(any(test, unix))] fn d() {} #[cfg(not(test))] fn e() {} fn f() {}",
        );
        let found: Vec<_> = file
            .syntax
            .items
            .iter()
            .map(attributes)
            .map(is_test)
            .collect();
        assert_eq!(found, [true, true, true, false, false, false]);
    }

    #[test]
    fn the_room_is_the_folder_under_crates() {
        assert_eq!(parse("crates/desk/src/a/b.rs", "").room(), Some("desk"));
        assert_eq!(parse("tests/house/src/lib.rs", "").room(), None);
    }
}
