//! A page's bytes, wherever they come from, and their reading.

use std::io::Read;
use std::path::Path;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use flate2::read::MultiGzDecoder;
use url::Url;

use crate::cli::Failure;
use crate::domain::Source;
use crate::extract::{self, Explanation, Extraction, SiteMemory, SiteRules};
use crate::markup;

/// Larger files are cut here, also after decompression; no article's page comes near.
const MAX_PAGE_BYTES: u64 = 64 << 20;

/// A page before it is parsed.
pub(super) struct Page {
    pub(super) url: Option<Url>,
    pub(super) content_type: Option<String>,
    pub(super) bytes: Vec<u8>,
}

/// What a reading takes besides the page.
#[derive(Clone, Copy)]
pub(super) struct Settings<'a> {
    pub(super) zone: Option<Tz>,
    pub(super) source: Option<&'a Source>,
    pub(super) memory: Option<&'a SiteMemory>,
    pub(super) now: DateTime<Utc>,
    pub(super) is_explained: bool,
}

/// What was read from a page.
pub(super) struct Reading {
    pub(super) url: Option<Url>,
    pub(super) charset: &'static str,
    pub(super) outcome: Result<Extraction, String>,
    /// How the outcome came about, where that was asked.
    pub(super) explanation: Option<Explanation>,
}

impl Page {
    /// Reads a file, or standard input for `-`.
    pub(super) fn local(input: &str, url: Option<&str>) -> Result<Self, Failure> {
        let url = url.map(|text| {
            Url::parse(text).map_err(|e| Failure::wrong(anyhow::anyhow!("--url {text}: {e}")))
        });
        let bytes = if input == "-" {
            let mut bytes = Vec::new();
            std::io::stdin()
                .lock()
                .take(MAX_PAGE_BYTES)
                .read_to_end(&mut bytes)
                .map(|_| bytes)
        } else {
            file(Path::new(input))
        };
        let bytes = bytes.map_err(|e| Failure::failed(anyhow::anyhow!("reading {input}: {e}")))?;
        Ok(Self {
            url: url.transpose()?,
            content_type: None,
            bytes,
        })
    }

    /// Parses the page.
    ///
    /// # Errors
    /// When the source's site rules don't compile; a page that can't be parsed is an outcome.
    pub(super) fn read(self, settings: Settings<'_>) -> Result<Reading, Failure> {
        let rules = settings
            .source
            .map(|source| SiteRules::compile(&source.rules))
            .transpose();
        let rules = rules.map_err(|errors| {
            let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
            Failure::wrong(anyhow::anyhow!("site rules: {}", errors.join("; ")))
        })?;
        Ok(self.read_with(settings, rules.as_ref()))
    }

    /// Parses the page with compiled rules or none.
    pub(super) fn read_with(self, settings: Settings<'_>, rules: Option<&SiteRules>) -> Reading {
        let host = self.url.as_ref().and_then(Url::host_str);
        let decoded = markup::decode(&self.bytes, self.content_type.as_deref(), host);
        let source = settings.source;
        let mut explanation = None;
        let outcome = markup::parse_html(&decoded.text)
            .map_err(|e| e.to_string())
            .map(|html| {
                let input = extract::Input {
                    url: self.url.as_ref(),
                    zone: settings.zone.or_else(|| source.and_then(|s| s.timezone)),
                    language: source.and_then(|s| s.language.as_deref()),
                    rules,
                    identity: source.map(|s| s.identity()).unwrap_or_default(),
                    memory: settings.memory,
                    ..extract::Input::of(&html, settings.now)
                };
                if !settings.is_explained {
                    return extract::page(&input);
                }
                let (extraction, told) = extract::explained(&input);
                explanation = Some(told);
                extraction
            });
        Reading {
            url: self.url,
            charset: decoded.charset,
            outcome,
            explanation,
        }
    }
}

/// The bytes of a file, decompressed where its name ends in `.gz`.
pub(super) fn file(path: &Path) -> std::io::Result<Vec<u8>> {
    let file = std::fs::File::open(path)?;
    let mut bytes = Vec::new();
    if path.extension().is_some_and(|extension| extension == "gz") {
        MultiGzDecoder::new(file)
            .take(MAX_PAGE_BYTES)
            .read_to_end(&mut bytes)?;
    } else {
        file.take(MAX_PAGE_BYTES).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}
