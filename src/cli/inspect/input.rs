//! A file or standard input, and lines of JSON to standard output.

use std::fs::File;
use std::io::{BufWriter, Read, StdoutLock, Write};

use anyhow::anyhow;
use serde::Serialize;
use url::Url;

use crate::cli::Failure;

/// Larger files are cut here; no listing comes near.
const MAX_FILE_BYTES: u64 = 256 << 20;

/// The bytes of a file, or of standard input for `-`.
pub(super) fn bytes(file: &str) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = if file == "-" {
        std::io::stdin()
            .lock()
            .take(MAX_FILE_BYTES)
            .read_to_end(&mut bytes)
    } else {
        File::open(file).and_then(|file| file.take(MAX_FILE_BYTES).read_to_end(&mut bytes))
    };
    read.map_err(|error| Failure::failed(anyhow!("reading {file}: {error}")))?;
    Ok(bytes)
}

/// The address of `--url`.
pub(super) fn address(text: &str) -> Result<Url, Failure> {
    let url = Url::parse(text).map_err(|error| Failure::wrong(anyhow!("--url {text}: {error}")))?;
    if matches!(url.scheme(), "http" | "https") {
        return Ok(url);
    }
    let scheme = url.scheme();
    Err(Failure::wrong(anyhow!(
        "--url {text}: `{scheme}:` is no address of a page; write http:// or https://"
    )))
}

/// Standard output, one object a line.
pub(super) struct Lines {
    out: BufWriter<StdoutLock<'static>>,
    error: Option<std::io::Error>,
}

impl Lines {
    pub(super) fn new() -> Self {
        Self {
            out: BufWriter::new(std::io::stdout().lock()),
            error: None,
        }
    }

    /// Writes a line; false where nobody reads any more.
    pub(super) fn write(&mut self, line: &impl Serialize) -> bool {
        let written = serde_json::to_string(line)
            .map_err(std::io::Error::from)
            .and_then(|json| writeln!(self.out, "{json}"));
        self.error = self.error.take().or(written.err());
        self.error.is_none()
    }

    pub(super) fn finish(mut self) -> Result<(), Failure> {
        let flushed = self.out.flush();
        self.error.map_or(flushed, Err).map_err(Failure::failed)
    }
}
