//! A web site for the kill suite: several made-up hosts on one loopback address, whose lists grow
//! and whose articles are edited while they are read. It logs when each request came, and from whom.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::{Request as Asked, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use sokbo::domain::{Clock, SystemClock};
use tokio::net::TcpListener;

/// One request as the site saw it.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) at: DateTime<Utc>,
    pub(crate) host: String,
    pub(crate) path: String,
    /// The process that asked, as its User-Agent tells.
    pub(crate) process: u32,
}

/// An article with the faults of its page.
#[derive(Debug, Clone, Default)]
struct Article {
    /// Counts from 1.
    version: u32,
    fault: Fault,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Fault {
    #[default]
    None,
    /// 404.
    Gone,
    /// A redirect to the next article.
    Moved,
    /// Two addresses, one text: `rel=canonical` names one of them.
    Twin,
    /// A second until the answer.
    Slow,
}

#[derive(Debug, Default)]
struct Content {
    hosts: BTreeMap<String, BTreeMap<u32, Article>>,
    log: Vec<Request>,
}

/// The running site; it stops when dropped.
pub(crate) struct Site {
    pub(crate) address: SocketAddr,
    content: Arc<Mutex<Content>>,
    server: tokio::task::JoinHandle<()>,
}

impl Site {
    pub(crate) async fn start(hosts: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let content = Content {
            hosts: (0..hosts).map(|n| (name(n), BTreeMap::new())).collect(),
            log: Vec::new(),
        };
        let content = Arc::new(Mutex::new(content));
        let app = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&content));
        let server = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self {
            address,
            content,
            server,
        }
    }

    /// Publishes one more article on a host.
    pub(crate) fn publish(&self, host: usize) {
        let mut content = self.content.lock().unwrap();
        let articles = content.hosts.get_mut(&name(host)).unwrap();
        let number = u32::try_from(articles.len()).unwrap() + 1;
        let fault = match number % 11 {
            3 => Fault::Gone,
            5 => Fault::Moved,
            7 => Fault::Twin,
            9 => Fault::Slow,
            _ => Fault::None,
        };
        articles.insert(number, Article { version: 1, fault });
    }

    /// Edits one of a host's articles.
    pub(crate) fn edit(&self, host: usize, any: u32) {
        let mut content = self.content.lock().unwrap();
        let articles = content.hosts.get_mut(&name(host)).unwrap();
        let number = any % u32::try_from(articles.len()).unwrap() + 1;
        articles.get_mut(&number).unwrap().version += 1;
    }

    /// Every request so far.
    pub(crate) fn log(&self) -> Vec<Request> {
        self.content.lock().unwrap().log.clone()
    }

    /// The addresses of all articles that have a text, each with the title that it has now.
    pub(crate) fn titles(&self) -> BTreeMap<String, String> {
        let content = self.content.lock().unwrap();
        let of_host = |(host, articles): (&String, &BTreeMap<u32, Article>)| {
            let readable = articles
                .iter()
                .filter(|(_, article)| !matches!(article.fault, Fault::Gone | Fault::Moved));
            let host = host.clone();
            readable
                .map(|(n, article)| {
                    (
                        format!("http://{host}/news/{n}"),
                        title(&host, *n, article.version),
                    )
                })
                .collect::<Vec<_>>()
        };
        content.hosts.iter().flat_map(of_host).collect()
    }

    /// Every address that a list names.
    pub(crate) fn listed(&self) -> Vec<String> {
        let content = self.content.lock().unwrap();
        let of_host = |(host, articles): (&String, &BTreeMap<u32, Article>)| {
            paths(articles)
                .map(|path| format!("http://{host}{path}"))
                .collect::<Vec<_>>()
        };
        content.hosts.iter().flat_map(of_host).collect()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// The name of host `n`.
pub(crate) fn name(n: usize) -> String {
    format!("www.paper{n}.example")
}

/// The mark of one version of an article: in its title and in each of its paragraphs.
fn mark(host: &str, number: u32, version: u32) -> String {
    let host = host.trim_start_matches("www.paper");
    let host = host.trim_end_matches(".example");
    format!("p{host}n{number}v{version}")
}

fn title(host: &str, number: u32, version: u32) -> String {
    format!("강물이 맑아졌다는 소식 {}", mark(host, number, version))
}

/// The paths of a list: all articles, and the other addresses of those that have two.
fn paths(articles: &BTreeMap<u32, Article>) -> impl Iterator<Item = String> {
    articles.iter().flat_map(|(number, article)| {
        let twin = (article.fault == Fault::Twin).then(|| format!("/story/news/{number}"));
        [format!("/news/{number}")].into_iter().chain(twin)
    })
}

async fn answer(State(content): State<Arc<Mutex<Content>>>, asked: Asked) -> Response {
    let at = SystemClock.now();
    let host = header_of(asked.headers(), &header::HOST);
    let host = host.split(':').next().unwrap().to_owned();
    let path = asked.uri().path().to_owned();
    let agent = header_of(asked.headers(), &header::USER_AGENT);
    let process = agent.rsplit("node=").next().unwrap();
    let process = process.trim_end_matches(')').parse().unwrap_or(0);
    let page = {
        let mut content = content.lock().unwrap();
        content.log.push(Request {
            at,
            host: host.clone(),
            path: path.clone(),
            process,
        });
        page(&content, &host, &path)
    };
    if page.is_slow {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    page.response
}

fn header_of(headers: &HeaderMap, name: &header::HeaderName) -> String {
    let value = headers.get(name).map(|value| value.to_str().unwrap());
    value.unwrap_or_default().to_owned()
}

struct Page {
    response: Response,
    is_slow: bool,
}

impl Page {
    fn html(text: String) -> Self {
        let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
        Self::from((headers, text).into_response())
    }
}

impl From<Response> for Page {
    fn from(response: Response) -> Self {
        Self {
            response,
            is_slow: false,
        }
    }
}

fn page(content: &Content, host: &str, path: &str) -> Page {
    let nothing = || Page::from(StatusCode::NOT_FOUND.into_response());
    let Some(articles) = content.hosts.get(host) else {
        return nothing();
    };
    if path == "/list" {
        return Page::html(list(articles));
    }
    let number = path.rsplit('/').next().unwrap().parse::<u32>().ok();
    let Some((number, article)) = number.and_then(|n| Some((n, articles.get(&n)?))) else {
        return nothing();
    };
    let text = text(host, number, article.version);
    match article.fault {
        Fault::Gone => nothing(),
        Fault::Moved => {
            let to = format!("/news/{}", number + 1);
            Page::from((StatusCode::FOUND, [(header::LOCATION, to)]).into_response())
        }
        Fault::Slow => Page {
            is_slow: true,
            ..Page::html(text)
        },
        Fault::None | Fault::Twin => Page::html(text),
    }
}

fn list(articles: &BTreeMap<u32, Article>) -> String {
    let mut page = "<html lang=\"ko\"><body><h1>새 소식</h1>".to_owned();
    for path in paths(articles) {
        write!(page, "<a href=\"{path}\">강물이 맑아졌다는 소식 {path}</a>").unwrap();
    }
    page + "</body></html>"
}

fn text(host: &str, number: u32, version: u32) -> String {
    let title = title(host, number, version);
    let mark = mark(host, number, version);
    let paragraphs: String = (0..3)
        .map(|n| {
            format!(
                "<p>{} {mark}.</p>",
                sentence(&format!("{host} {number} {n}"))
            )
        })
        .collect();
    format!(
        "<html lang=\"ko\"><head><title>{title}</title>\
         <link rel=\"canonical\" href=\"http://{host}/news/{number}\">\
         <meta property=\"article:published_time\" content=\"2026-11-20T09:00:00+09:00\">\
         </head><body><article><h1>{title}</h1>{paragraphs}</article></body></html>"
    )
}

const WORDS: [&str; 24] = [
    "강가에",
    "사는",
    "사람들은",
    "올해",
    "물이",
    "맑아졌다고",
    "말했다",
    "시는",
    "다음",
    "달부터",
    "쉼터",
    "여섯",
    "곳을",
    "차례로",
    "연다고",
    "밝혔다",
    "자세한",
    "일정은",
    "누리집에서",
    "볼",
    "수",
    "있다고",
    "전문가들은",
    "덧붙였다",
];

/// Words that differ from article to article, and are the same for each version of one.
fn sentence(of: &str) -> String {
    let mut state = of.bytes().fold(7_usize, |state, b| {
        state.wrapping_mul(31).wrapping_add(usize::from(b))
    });
    let words = (0..20).map(|_| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        *WORDS.get((state >> 33) % WORDS.len()).unwrap()
    });
    words.collect::<Vec<_>>().join(" ")
}
