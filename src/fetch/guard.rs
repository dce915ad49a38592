//! The address guard: what is refused before a request is made, and the resolver that answers the
//! connector. The connector dials exactly what the resolver answers, so there is no second look-up
//! that could be turned to a private address; and it never asks for hosts that are written as an
//! address, so these are judged beforehand.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use hickory_resolver::TokioResolver;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use super::networks::{Networks, Reach};
use super::{FetchError, Settings};

/// Why an address is not asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The scheme is neither http nor https, or the address names a user.
    #[error("only http and https addresses without a user are fetched")]
    Form,
    /// The host lies in a network that is closed to us.
    #[error("its address {0} ({1}) is not public and not in `allow_networks`")]
    Network(IpAddr, &'static str),
    /// The port is unusual.
    #[error("ports other than 80, 443 and 8000 to 8999 are open in `allow_networks` only")]
    Port,
}

/// How a request gets to its host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Route {
    /// By an address in `[fetch] hosts`, whatever the port of the URL.
    Mapped,
    /// To a port that is open everywhere.
    Usual,
    /// To a port that is open inside `allow_networks` only.
    Unusual,
}

/// What stands between us and the network.
pub(super) struct Guard {
    networks: Networks,
    hosts: BTreeMap<String, SocketAddr>,
    /// The proxy is the operator's own choice, so its name may lead anywhere.
    proxy_host: Option<String>,
    /// Or why there is none.
    dns: Result<TokioResolver, String>,
}

impl Guard {
    pub(super) fn new(settings: &Settings) -> Result<Self, FetchError> {
        let networks = Networks::new(settings.allow_networks.clone());
        let mut hosts = BTreeMap::new();
        for (name, address) in &settings.hosts {
            let refused = |cause: &str| {
                let what = format!("could not map the host `{name}` to {address}");
                FetchError::setup(what, cause)
            };
            if networks.judge(address.ip()) != Reach::Allowed {
                return Err(refused("it is not in `allow_networks`"));
            }
            match Host::parse(name) {
                Ok(Host::Domain(name)) => hosts.insert(name, *address),
                _ => return Err(refused("this is no host name")),
            };
        }
        let proxy_host = settings.proxy.as_ref().and_then(Url::host_str);
        Ok(Self {
            networks,
            hosts,
            proxy_host: proxy_host.map(str::to_owned),
            dns: TokioResolver::builder_tokio()
                .and_then(hickory_resolver::ResolverBuilder::build)
                .map_err(|e| e.to_string()),
        })
    }

    pub(super) fn is_mapped(&self, url: &Url) -> bool {
        url.host_str()
            .is_some_and(|host| self.hosts.contains_key(host))
    }

    /// Judges what can be judged before a request.
    pub(super) async fn admit(&self, url: &Url) -> Result<Route, FetchError> {
        let address = |reason| FetchError::Address {
            url: url.to_string(),
            reason,
        };
        let is_plain = url.username().is_empty() && url.password().is_none();
        let port = match (url.scheme(), url.port_or_known_default()) {
            ("http" | "https", Some(port)) if is_plain => port,
            _ => return Err(address(Refused::Form)),
        };
        if self.is_mapped(url) {
            return Ok(Route::Mapped);
        }
        let route = match port {
            80 | 443 | 8000..=8999 => Route::Usual,
            _ => Route::Unusual,
        };
        match url.host() {
            None => return Err(address(Refused::Form)),
            Some(Host::Ipv4(ip)) => self.judge(ip.into(), route).map_err(address)?,
            Some(Host::Ipv6(ip)) => self.judge(ip.into(), route).map_err(address)?,
            // The proxy looks names up by itself, out of our sight: judge by our own look-up.
            Some(Host::Domain(name)) if self.proxy_host.is_some() => {
                let answers = self.lookup(name).await;
                let answers = answers.map_err(|e| FetchError::dns(url, e))?;
                self.filter(answers, route).map_err(address)?;
            }
            Some(Host::Domain(_)) => {}
        }
        Ok(route)
    }

    /// Judges what can be judged without a request: the form of `url`, and every address it has.
    pub(super) async fn judge_all(&self, url: &Url) -> Result<(), FetchError> {
        let route = self.admit(url).await?;
        let Some(Host::Domain(name)) = url.host() else {
            return Ok(());
        };
        if self.is_mapped(url) {
            return Ok(());
        }
        let answers = self.lookup(name).await;
        let answers = answers.map_err(|e| FetchError::dns(url, e))?;
        let open = self.filter(answers, route);
        open.map(drop).map_err(|reason| FetchError::Address {
            url: url.to_string(),
            reason,
        })
    }

    /// Whether `url` leads to a public address, or nowhere that we know of.
    pub(super) async fn reaches_public(&self, url: &Url) -> bool {
        let open = self.open_addresses(url).await;
        let is_public = |ip: &IpAddr| self.networks.judge(*ip) == Reach::Public;
        open.is_empty() || open.iter().any(is_public)
    }

    /// The addresses of `url`'s host that may be dialled at some port; none where there is no such
    /// host.
    pub(super) async fn open_addresses(&self, url: &Url) -> Vec<IpAddr> {
        let answers = match url.host() {
            None => Vec::new(),
            Some(Host::Ipv4(ip)) => vec![ip.into()],
            Some(Host::Ipv6(ip)) => vec![ip.into()],
            Some(Host::Domain(name)) => match self.hosts.get(name) {
                Some(mapped) => vec![mapped.ip()],
                None => self.lookup(name).await.unwrap_or_default(),
            },
        };
        let is_open = |ip: &IpAddr| !matches!(self.networks.judge(*ip), Reach::Refused(_));
        answers.into_iter().filter(is_open).collect()
    }

    fn judge(&self, ip: IpAddr, route: Route) -> Result<(), Refused> {
        match (self.networks.judge(ip), route) {
            (Reach::Refused(network), _) => Err(Refused::Network(ip, network)),
            (Reach::Public, Route::Unusual) => Err(Refused::Port),
            (Reach::Public | Reach::Allowed, _) => Ok(()),
        }
    }

    /// The addresses among `answers` that may be dialled, or why none may.
    fn filter(&self, answers: Vec<IpAddr>, route: Route) -> Result<Vec<IpAddr>, Refused> {
        let mut refused = None;
        let mut open = Vec::new();
        for ip in answers {
            match self.judge(ip, route) {
                Ok(()) => open.push(ip),
                Err(reason) => refused = Some(reason),
            }
        }
        match refused {
            Some(reason) if open.is_empty() => Err(reason),
            _ => Ok(open),
        }
    }

    async fn lookup(&self, name: &str) -> Result<Vec<IpAddr>, LookupError> {
        let dns = self.dns.as_ref().map_err(|e| LookupError(e.clone()))?;
        // The dot keeps the search domains of this machine out of it.
        let answers = dns
            .lookup_ip(format!("{}.", name.trim_end_matches('.')))
            .await;
        let answers = answers.map_err(|e| LookupError(e.to_string()))?;
        Ok(answers.iter().collect())
    }

    /// What the connector may dial for `name`.
    async fn resolve(
        &self,
        name: &str,
        route: Route,
    ) -> Result<Vec<SocketAddr>, Box<dyn std::error::Error + Send + Sync>> {
        if let Some(address) = self.hosts.get(name) {
            return Ok(vec![*address]);
        }
        let answers = self.lookup(name).await?;
        let open = if self.proxy_host.as_deref() == Some(name) {
            answers
        } else {
            self.filter(answers, route)?
        };
        // Port 0 stands for the port of the URL.
        Ok(open.into_iter().map(|ip| SocketAddr::new(ip, 0)).collect())
    }
}

/// Why a name could not be looked up.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct LookupError(String);

/// The guard as the resolver of a client that serves one kind of route.
pub(super) struct GuardedResolver {
    pub(super) guard: Arc<Guard>,
    pub(super) route: Route,
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (guard, route) = (Arc::clone(&self.guard), self.route);
        Box::pin(async move {
            let open = guard.resolve(name.as_str(), route).await?;
            Ok(Box::new(open.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard() -> Guard {
        Guard::new(&Settings {
            allow_networks: vec!["127.0.0.0/8".parse().unwrap()],
            hosts: BTreeMap::from([("속보.example".into(), "127.0.0.9:81".parse().unwrap())]),
            ..Settings::default()
        })
        .unwrap()
    }

    #[test]
    fn private_answers_are_dropped_and_refused_when_nothing_is_left() {
        for (answers, route, open) in [
            (
                &["10.0.0.1", "93.184.215.14"][..],
                Route::Usual,
                Some("93.184.215.14"),
            ),
            (&["10.0.0.1", "fe80::1"], Route::Usual, None),
            (
                &["10.0.0.1", "127.0.0.1"],
                Route::Unusual,
                Some("127.0.0.1"),
            ),
            (
                &["93.184.215.14", "127.0.0.1"],
                Route::Unusual,
                Some("127.0.0.1"),
            ),
            (&["93.184.215.14"], Route::Unusual, None),
        ] {
            let answers: Vec<IpAddr> = answers.iter().map(|ip| ip.parse().unwrap()).collect();
            let got = guard().filter(answers.clone(), route).ok();
            assert_eq!(
                got,
                open.map(|ip| vec![ip.parse().unwrap()]),
                "{answers:?} {route:?}"
            );
        }
    }

    #[tokio::test]
    async fn address_of_a_foreign_form_is_refused() {
        for url in [
            "ftp://e.kr/",
            "file:///etc/passwd",
            "http://u:p@e.kr/",
            "data:,x",
        ] {
            let refused = guard().admit(&Url::parse(url).unwrap()).await;
            let Err(FetchError::Address {
                reason: Refused::Form,
                ..
            }) = refused
            else {
                panic!("{url}");
            };
        }
    }

    #[tokio::test]
    async fn mapped_names_may_be_written_in_any_script() {
        let url = Url::parse("http://속보.example:6379/").unwrap();
        assert_eq!(guard().admit(&url).await.unwrap(), Route::Mapped);
        let host = url.host_str().unwrap();
        let resolved = guard().resolve(host, Route::Usual).await.unwrap();
        assert_eq!(resolved, ["127.0.0.9:81".parse().unwrap()]);
    }
}
