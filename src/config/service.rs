//! The service's own file, `sokbo.toml`, with environment variables over it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::SecretString;
use toml::de::DeTable;

use super::address::{PROXY_SCHEMES, contact, database_url, host_name, mirror, network, url_of};
use super::document::Document;
use super::environment::Overlay;
use super::findings::Findings;
use super::nearest::nearest;
use super::problem::{Place, Problem};
use super::reader::{Entry, Table};
use super::value::{
    choice, count, duration, duration_within, flag, log_level, quoted, size_within, text, word,
};
use super::{Config, LogFormat, LogSettings};
use crate::domain::{ByteSize, UserAgent};
use crate::policy::revisit::Settings as Revisit;
use crate::{archive, crawl, fetch, schedule, store, web};

const LOG_FORMATS: &[(&str, LogFormat)] = &[("text", LogFormat::Text), ("json", LogFormat::Json)];

/// What stands above the file.
pub(super) struct Above<'a> {
    /// Environment variables by table and key.
    pub(super) overlay: &'a Overlay<'a>,
    /// The database address of the command line or of `DATABASE_URL`.
    pub(super) database_url: Option<(Place, &'a str)>,
    /// Where data goes when nothing is configured.
    pub(super) data_dir: PathBuf,
}

/// Reads the service's tables; what is wrong keeps its default, with the problem in `findings`.
pub(super) fn read<'d>(
    document: &'d Document,
    given: &'d DeTable<'d>,
    above: &'d Above<'d>,
    findings: &mut Findings,
) -> Config {
    let mut config = Config::default();
    let mut top = Top {
        table: Table::top(document, given, findings),
        above,
        folder: document.path().parent().unwrap_or(Path::new("")),
        asked: Vec::new(),
    };
    top.crawler(&mut config);
    top.fetch(&mut config.fetch);
    top.database(&mut config.database);
    config.database.data_dir.clone_from(&config.data_dir);
    top.retention(&mut config.retention);
    top.archive(&mut config.archive, &mut config.retention);
    top.revisit(&mut config.crawler.revisit);
    top.log(&mut config.log);
    top.http(&mut config.http);
    top.idle_tables();
    top.finish();
    findings.settle();
    config
}

/// The top of the service's file.
struct Top<'d, 'f> {
    table: Table<'d, 'f>,
    above: &'d Above<'d>,
    folder: &'d Path,
    asked: Vec<&'static str>,
}

impl<'d> Top<'d, '_> {
    fn below(&mut self, name: &'static str) -> Table<'d, '_> {
        self.asked.push(name);
        self.table.table(name).under(self.above.overlay.get(name))
    }

    fn crawler(&mut self, config: &mut Config) {
        let folder = self.folder;
        let data_dir = &self.above.data_dir;
        let default = crawl::Settings::default();
        let mut table = self.below("crawler");
        config.crawler = crawl::Settings {
            concurrency: table
                .read("concurrency", count(1..=4096))
                .unwrap_or(default.concurrency),
            per_host_delay: table
                .read("per_host_delay", duration)
                .unwrap_or(default.per_host_delay),
            per_host_concurrency: table
                .read("per_host_concurrency", count(1..=64))
                .unwrap_or(default.per_host_concurrency),
            max_crawl_delay: table
                .read("max_crawl_delay", duration)
                .unwrap_or(default.max_crawl_delay),
            lease: table.read("lease", duration).unwrap_or(default.lease),
            idle_wait: table
                .read("idle_wait", duration)
                .unwrap_or(default.idle_wait),
            revisit: default.revisit,
        };
        config.contact = table.read("contact", contact);
        let agent = table.read("user_agent", |entry| {
            UserAgent::new(text(entry)?).map_err(|error| error.to_string())
        });
        if let (Some(agent), Some(contact)) = (&agent, &config.contact)
            && !agent.as_str().contains(contact.as_str())
        {
            let remark = format!("crawler.user_agent doesn't name the contact {contact}");
            table.findings.warnings.push(remark);
        }
        config.fetch.user_agent =
            agent.unwrap_or_else(|| UserAgent::with_contact(config.contact.as_deref()));
        let own_dir = table.read("data_dir", |entry| path(entry, folder));
        config.data_dir = own_dir.unwrap_or_else(|| data_dir.clone());
        table.finish();
    }

    fn fetch(&mut self, fetch: &mut fetch::Settings) {
        let folder = self.folder;
        let times = || Duration::from_millis(1)..=Duration::from_secs(3600);
        let mut table = self.below("fetch");
        fetch.timeout = table
            .read("timeout", duration_within(times()))
            .unwrap_or(fetch.timeout);
        let first = table.read("first_byte_timeout", duration_within(times()));
        if first.is_some_and(|first| first > fetch.timeout) {
            table.problem(
                "first_byte_timeout",
                "is longer than fetch.timeout; write at most that",
            );
        }
        fetch.first_byte_timeout = first.unwrap_or(fetch.first_byte_timeout).min(fetch.timeout);
        let sizes = ByteSize::bytes(1 << 10)..=ByteSize::mebibytes(256);
        fetch.max_body = table
            .read("max_body", size_within(sizes))
            .unwrap_or(fetch.max_body);
        fetch.max_redirects = table
            .read("max_redirects", count(0..=20))
            .unwrap_or(fetch.max_redirects);
        fetch.proxy = table.read("proxy", url_of(PROXY_SCHEMES));
        fetch.extra_ca = table.read("extra_ca", |entry| {
            let path = path(entry, folder)?;
            let is_file = path.is_file();
            is_file
                .then_some(path)
                .ok_or_else(|| "there is no such file; name a PEM file".to_owned())
        });
        fetch.allow_networks = table.list("allow_networks", network).unwrap_or_default();
        let networks = &fetch.allow_networks;
        let hosts = table.pairs("hosts", |name, entry| {
            Ok((host_name(name)?, mirror(entry, networks)?))
        });
        fetch.hosts = hosts.unwrap_or_default();
        table.finish();
    }

    fn database(&mut self, database: &mut store::Settings) {
        let folder = self.folder;
        let above = self.above.database_url.as_ref();
        let mut table = self.below("database");
        let url = table.entry("url");
        let file = table.entry("url_file");
        database.url = match above {
            Some((place, text)) => {
                let url = database_url(text);
                url.map_err(|message| {
                    table.findings.problems.push(Problem {
                        place: place.clone(),
                        key: "database.url".to_owned(),
                        message,
                    })
                })
                .ok()
            }
            None => configured_url(&mut table, url, file, folder),
        };
        database.max_connections = table
            .read("max_connections", count(1..=1000))
            .unwrap_or(database.max_connections);
        database.migrate = table.read("migrate", flag).unwrap_or(database.migrate);
        table.read_idle("search_body", &[false], flag);
        table.finish();
    }

    fn retention(&mut self, retention: &mut schedule::Settings) {
        let mut table = self.below("retention");
        retention.bodies = table.read("bodies", kept_for);
        retention.articles = table.read("articles", kept_for);
        retention.fetches = table.read("fetches", kept_for);
        table.finish();
    }

    fn archive(&mut self, archive: &mut archive::Settings, retention: &mut schedule::Settings) {
        let mut table = self.below("archive");
        archive.raw_html = table.read("raw_html", flag).unwrap_or(archive.raw_html);
        retention.raw_pages = table.read("keep", kept_for);
        let sizes = ByteSize::bytes(0)..=ByteSize::mebibytes(1 << 40);
        let floor = table.read("min_free_disk", size_within(sizes));
        archive.min_free_disk = floor.unwrap_or(archive.min_free_disk);
        table.finish();
    }

    fn revisit(&mut self, revisit: &mut Revisit) {
        const DAY: Duration = Duration::from_secs(86_400);
        const MINUTE: Duration = Duration::from_secs(60);
        let mut table = self.below("revisit");
        let listings = table.read("listings", duration_within(MINUTE..=DAY));
        revisit.listings = listings.unwrap_or(revisit.listings);
        let articles = table.read("articles", duration_within(Duration::ZERO..=DAY * 3650));
        revisit.articles = articles.unwrap_or(revisit.articles);
        let first = table.read("first", duration_within(MINUTE..=DAY * 30));
        revisit.first = first.unwrap_or(revisit.first);
        table.finish();
    }

    fn log(&mut self, log: &mut LogSettings) {
        let mut table = self.below("log");
        log.format = table
            .read("format", choice(LOG_FORMATS))
            .unwrap_or(log.format);
        if let Some(level) = table.read("level", log_level) {
            log.level = level;
        }
        table.finish();
    }

    /// Tables whose features this version doesn't have yet: their keys are judged all the same.
    fn idle_tables(&mut self) {
        let mut alert = self.below("alert");
        alert.read_idle("command", &[], word);
        alert.finish();
    }

    fn http(&mut self, http: &mut web::Settings) {
        let mut table = self.below("http");
        http.listen = table.read("listen", listen).unwrap_or(http.listen);
        http.public_url = table.read("public_url", url_of(&["http", "https"]));
        if http.public_url.is_some() && http.listen.is_none() {
            table.problem(
                "public_url",
                "needs `listen`: feeds push to what it leads to",
            );
        }
        table.finish();
    }

    /// Refuses unknown tables, of the file and of the environment.
    fn finish(self) {
        for (name, keys) in self.above.overlay {
            if self.asked.contains(&name.as_str()) {
                continue;
            }
            let hint = nearest(name, self.asked.iter().copied())
                .map(|table| format!("did you mean SOKBO_{}__…?", table.to_uppercase()))
                .unwrap_or_else(|| format!("known tables: {}", self.asked.join(", ")));
            self.table
                .findings
                .problems
                .extend(keys.iter().map(|(key, given)| Problem {
                    place: Place::Variable(given.variable.to_owned()),
                    key: format!("{name}.{key}"),
                    message: format!("unknown table; {hint}"),
                }));
        }
        self.table.finish();
    }
}

/// The database address by what stands highest: a variable before the file.
fn configured_url(
    table: &mut Table<'_, '_>,
    url: Option<Entry<'_>>,
    file: Option<Entry<'_>>,
    folder: &Path,
) -> Option<SecretString> {
    if let (Some(url), Some(file)) = (&url, &file)
        && url.is_variable() == file.is_variable()
    {
        table.problem(
            "url_file",
            "is given beside database.url; keep one of the two",
        );
        return None;
    }
    let url = url.filter(|url| url.is_variable() || file.is_none());
    match (url, file) {
        (Some(url), _) => table.accept(&url, text(&url).and_then(database_url)),
        (None, Some(file)) => table.accept(&file, secret_in(&file, folder)),
        (None, None) => None,
    }
}

fn secret_in(entry: &Entry<'_>, folder: &Path) -> Result<SecretString, String> {
    let path = path(entry, folder)?;
    let secret = std::fs::read_to_string(&path)
        .map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
    database_url(&secret).map_err(|message| format!("in {}: {message}", path.display()))
}

/// A path; a relative one of a file counts from the folder of that file, one of a variable from
/// the working directory.
fn path(entry: &Entry<'_>, folder: &Path) -> Result<PathBuf, String> {
    let given = word(entry)?;
    Ok(if entry.is_variable() {
        PathBuf::from(given)
    } else {
        folder.join(given)
    })
}

/// How long something is kept: a day at least, so that a slip of the pen loses little.
fn kept_for(entry: &Entry<'_>) -> Result<Duration, String> {
    const DAY: Duration = Duration::from_secs(86_400);
    duration_within(DAY..=DAY * 36_500)(entry)
}

/// An address with a port, or nothing for "".
fn listen(entry: &Entry<'_>) -> Result<Option<SocketAddr>, String> {
    let given = text(entry)?.trim();
    if given.is_empty() {
        return Ok(None);
    }
    given
        .parse()
        .map(Some)
        .map_err(|_e: std::net::AddrParseError| {
            let given = quoted(given);
            format!("{given} is no address with a port; write \"127.0.0.1:8650\", or \"\" for none")
        })
}
