//! `extract --site-memory`: what the pages of a folder have in common.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use url::Url;

use crate::cli::Failure;
use crate::extract::SiteMemory;

use super::batch::Entry;
use super::page::{Page, Settings, file};

/// More pages teach nothing new: a memory knows the last hundred or so.
const MAX_PAGES: usize = 500;
/// Tells the addresses of pages in the folder, if it is there.
const MANIFEST: &str = "manifest.jsonl";

/// Learns from the pages of `folder`, in the order of their names. A page that can't be read or is
/// no article teaches nothing. A page that is itself in the folder is read as if it were not.
pub(super) fn learned(folder: &Path, now: DateTime<Utc>) -> Result<SiteMemory, Failure> {
    let wrong = |error: std::io::Error| {
        Failure::wrong(anyhow::anyhow!(
            "--site-memory {}: {error}",
            folder.display()
        ))
    };
    let addresses = addresses(folder).map_err(wrong)?;
    let mut memory = SiteMemory::default();
    for path in pages(folder).map_err(wrong)?.into_iter().take(MAX_PAGES) {
        let page = Page {
            url: addresses.get(&path).cloned(),
            content_type: None,
            bytes: file(&path).map_err(wrong)?,
        };
        let settings = Settings {
            zone: None,
            source: None,
            memory: Some(&memory),
            now,
            is_explained: false,
        };
        let seen = page
            .read_with(settings, None)
            .outcome
            .ok()
            .and_then(|read| read.observation);
        if let Some(seen) = seen {
            memory.learn(&seen, now);
        }
    }
    Ok(memory)
}

/// The pages of a folder.
fn pages(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let is_page = |path: &PathBuf| {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .to_ascii_lowercase();
        [".html", ".htm", ".html.gz", ".htm.gz"]
            .iter()
            .any(|end| name.ends_with(end))
    };
    let entries = std::fs::read_dir(folder)?;
    let paths: Vec<PathBuf> = entries
        .map(|entry| Ok(entry?.path()))
        .collect::<std::io::Result<_>>()?;
    let mut pages: Vec<PathBuf> = paths.into_iter().filter(is_page).collect();
    pages.sort();
    Ok(pages)
}

/// The addresses that the manifest of a folder states; its other lines are not our concern.
fn addresses(folder: &Path) -> std::io::Result<BTreeMap<PathBuf, Url>> {
    let text = match std::fs::read_to_string(folder.join(MANIFEST)) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error),
    };
    let entries = text
        .lines()
        .filter_map(|line| serde_json::from_str::<Entry>(line).ok());
    let address = |entry: Entry| {
        let url = Url::parse(entry.url.as_deref()?).ok()?;
        Some((folder.join(entry.path), url))
    };
    Ok(entries.filter_map(address).collect())
}
