//! One exchange with a server, from the request to the last byte of the answer.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HOST, HeaderMap, HeaderValue};
use reqwest::{Client, Proxy, Response, redirect, retry};
use rustls::ClientConfig;
use tokio::time::timeout;
use url::{Url, form_urlencoded};

use super::guard::{Guard, GuardedResolver, Route};
use super::response::{Head, Record};
use super::{Accept, Failed, FetchError, Fetched, Posted, Request, Settings, body, challenge, tls};
use crate::domain::{CanonicalUrl, Clock, ErrorClass};

/// A host that doesn't take a connection in this time is down for us.
const CONNECT_LIMIT: Duration = Duration::from_secs(10);

/// Longer than most crawl delays, shorter than the patience of most servers.
const POOL_IDLE_LIMIT: Duration = Duration::from_secs(15);

/// What came with a status that says no is looked at for this long; the status says enough.
const LOOK_LIMIT: Duration = Duration::from_secs(3);

/// As much is read of what comes back for a form.
const MAX_SAID_BYTES: usize = 1_000;

/// Bytes of header fields over HTTP/2; over HTTP/1 the client's own limits hold (100 fields, 400 kB).
const MAX_HEAD_BYTES: u32 = 64 << 10;

/// Makes requests, one exchange each.
pub struct Fetcher {
    settings: Settings,
    clock: Arc<dyn Clock>,
    guard: Arc<Guard>,
    /// A resolver is not told the port, so each kind of port has its client.
    usual: Client,
    unusual: Client,
}

impl Fetcher {
    /// A fetcher that obeys `settings`.
    ///
    /// # Errors
    /// When a mapped host lies outside `allow_networks`, or the certificates or the proxy can't be
    /// used.
    pub fn new(settings: Settings, clock: Arc<dyn Clock>) -> Result<Self, FetchError> {
        let guard = Arc::new(Guard::new(&settings)?);
        let tls = tls::config(settings.extra_ca.as_deref())?;
        let client = |route| client(&settings, &guard, tls.clone(), route);
        Ok(Self {
            usual: client(Route::Usual)?,
            unusual: client(Route::Unusual)?,
            settings,
            clock,
            guard,
        })
    }

    /// Makes exactly one exchange: redirects are returned, nothing is tried twice.
    ///
    /// # Errors
    /// When the address is refused, the exchange breaks, takes too long or grows too large, or the
    /// answer is a status that says no; the error holds the record of the exchange.
    #[tracing::instrument(name = "fetch.get", level = "debug", skip_all, fields(url = %request.url))]
    pub async fn get(&self, request: &Request) -> Result<Fetched, Box<Failed>> {
        let mut record = Record::start(&request.url, self.clock.now());
        let limit = self.settings.timeout;
        let answer = timeout(limit, self.exchange(request, &mut record)).await;
        match answer.unwrap_or_else(|_| Err(late(request, "no end of the answer", limit))) {
            Ok((head, headers)) => Ok(record.finish(head, request, &headers)),
            Err(error) => Err(Box::new(record.fail(error))),
        }
    }

    /// Posts a form, in one exchange; a body that comes back is a sentence of why not at most.
    ///
    /// # Errors
    /// When the address is refused, the exchange breaks or takes too long.
    #[tracing::instrument(name = "fetch.post", level = "debug", skip_all, fields(url = %url))]
    pub async fn post(
        &self,
        url: &CanonicalUrl,
        form: &[(&str, &str)],
    ) -> Result<Posted, FetchError> {
        let request = Request::new(url.clone(), Accept::Any);
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        let limit = self.settings.first_byte_timeout;
        let response = timeout(limit, self.send(&request, Some(body))).await;
        let mut response = response.unwrap_or_else(|_| Err(late(&request, "no answer", limit)))?;
        let mut said = Vec::new();
        body::read_some(&mut response, (MAX_SAID_BYTES, LOOK_LIMIT), &mut said).await;
        Ok(Posted::read(
            &request,
            response.status().as_u16(),
            response.headers(),
            &said,
        ))
    }

    /// Whether `url` leads to a public address, for which the floors of politeness hold. A name
    /// that can't be looked up in time counts as public.
    pub async fn reaches_public(&self, url: &CanonicalUrl) -> bool {
        let limit = self.settings.first_byte_timeout;
        let judgement = timeout(limit, self.guard.reaches_public(url.as_url())).await;
        judgement.unwrap_or(true)
    }

    /// The address that stands for all those of `url`'s host, the smallest that may be dialled: so
    /// that names with several addresses in any order are told to share them. `None` where the
    /// name can't be looked up in time.
    pub async fn first_address(&self, url: &CanonicalUrl) -> Option<IpAddr> {
        let limit = self.settings.first_byte_timeout;
        let open = timeout(limit, self.guard.open_addresses(url.as_url())).await;
        open.ok()?.into_iter().min()
    }

    /// How long a single exchange may take.
    #[must_use]
    pub fn time_limit(&self) -> Duration {
        self.settings.timeout
    }

    /// Why `url` will never be asked, if its address is a reason; found out without a request.
    pub async fn refusal(&self, url: &CanonicalUrl) -> Option<String> {
        let limit = self.settings.first_byte_timeout;
        let judgement = timeout(limit, self.guard.judge_all(url.as_url())).await;
        let error = judgement.ok()?.err()?;
        (error.class() == ErrorClass::Address).then(|| error.sentence())
    }

    async fn exchange(
        &self,
        request: &Request,
        record: &mut Record,
    ) -> Result<(Head, HeaderMap), FetchError> {
        let limit = self.settings.first_byte_timeout;
        let response = timeout(limit, self.send(request, None)).await;
        let mut response = response.unwrap_or_else(|_| Err(late(request, "no answer", limit)))?;
        let status = response.status().as_u16();
        record.note_head(status, response.headers(), self.clock.now());
        let announced = challenge::announced(status, response.headers());
        let head = Head::read(request, status, response.headers());
        if announced.is_none() && matches!(head, Ok(Head::Body)) {
            let limit = request.max_body.unwrap_or(self.settings.max_body);
            body::read(request, &mut response, limit.as_usize(), &mut record.body).await?;
        } else if announced.is_none() && challenge::may_show(status) {
            let bounds = (challenge::MAX_LOOK_BYTES, LOOK_LIMIT);
            body::read_some(&mut response, bounds, &mut record.body).await;
        }
        let shown = || challenge::shown(&record.body).filter(|_| challenge::may_show(status));
        if let Some(vendor) = announced.or_else(shown) {
            let url = request.url.to_string();
            return Err(FetchError::Challenge {
                url,
                status,
                vendor,
            });
        }
        Ok((head?, std::mem::take(response.headers_mut())))
    }

    /// Sends a GET, or a POST of `form`.
    async fn send(&self, request: &Request, form: Option<String>) -> Result<Response, FetchError> {
        let mut headers = request.header_map()?;
        let mut url = request.url.as_url().clone();
        let route = self.guard.admit(&url).await?;
        if route == Route::Mapped {
            drop_port(&mut url, &mut headers);
        }
        let client = match route {
            Route::Mapped | Route::Usual => &self.usual,
            Route::Unusual => &self.unusual,
        };
        let asked = match form {
            None => client.get(url),
            Some(form) => client
                .post(url)
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(form),
        };
        let response = asked.headers(headers).send().await;
        response.map_err(|e| FetchError::before_head(request, connect_limit(&self.settings), e))
    }
}

/// A mapped address has its own port, which the connector takes only where the URL has none. The
/// server still sees the port that was asked.
fn drop_port(url: &mut Url, headers: &mut HeaderMap) {
    let (Some(host), Some(port)) = (url.host_str(), url.port()) else {
        return;
    };
    let authority = HeaderValue::from_str(&format!("{host}:{port}"));
    // Both fail for what no http URL is: hosts outside ASCII, and schemes without a host.
    if let (Ok(authority), Ok(())) = (authority, url.set_port(None)) {
        headers.insert(HOST, authority);
    }
}

fn late(request: &Request, missing: &'static str, limit: Duration) -> FetchError {
    let url = request.url.to_string();
    FetchError::Timeout {
        url,
        missing,
        limit,
    }
}

fn connect_limit(settings: &Settings) -> Duration {
    CONNECT_LIMIT.min(settings.first_byte_timeout)
}

fn client(
    settings: &Settings,
    guard: &Arc<Guard>,
    tls: ClientConfig,
    route: Route,
) -> Result<Client, FetchError> {
    let resolver = GuardedResolver {
        guard: Arc::clone(guard),
        route,
    };
    let mut builder = Client::builder()
        .user_agent(settings.user_agent.as_str())
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .referer(false)
        .connect_timeout(connect_limit(settings))
        .pool_max_idle_per_host(1)
        .pool_idle_timeout(POOL_IDLE_LIMIT)
        .http2_max_header_list_size(MAX_HEAD_BYTES)
        .tls_backend_preconfigured(tls)
        .dns_resolver(resolver)
        // Never the proxy of the environment: the resolver would see its name, not the target's.
        .no_proxy();
    if let Some(proxy) = &settings.proxy {
        let (guard, proxy) = (Arc::clone(guard), proxy.clone());
        let choose = move |url: &Url| (!guard.is_mapped(url)).then(|| proxy.clone());
        builder = builder.proxy(Proxy::custom(choose));
    }
    builder
        .build()
        .map_err(|e| FetchError::setup("could not set up the HTTP client", e))
}
