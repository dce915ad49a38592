//! Servers on loopback that say exactly what a test tells them to, lies included.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

/// What a server does once it has said its piece.
#[derive(Debug, Clone, Copy)]
pub(super) enum Ending {
    /// Closes the connection.
    Close,
    /// Keeps it open and says nothing more.
    Hang,
    /// Says a byte every few milliseconds.
    Drip,
}

/// A server that gives each request the same answer.
pub(super) struct Server {
    pub(super) address: SocketAddr,
    heads: mpsc::UnboundedReceiver<String>,
    task: JoinHandle<()>,
}

impl Server {
    pub(super) async fn start(answer: impl Into<Vec<u8>>, ending: Ending) -> Self {
        Self::listen(answer.into(), ending, None).await
    }

    pub(super) async fn start_tls(answer: impl Into<Vec<u8>>, config: ServerConfig) -> Self {
        let acceptor = TlsAcceptor::from(Arc::new(config));
        Self::listen(answer.into(), Ending::Close, Some(acceptor)).await
    }

    async fn listen(answer: Vec<u8>, ending: Ending, tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, heads) = mpsc::unbounded_channel();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (answer, sender, tls) = (answer.clone(), sender.clone(), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        None => converse(stream, &answer, ending, &sender).await,
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                converse(stream, &answer, ending, &sender).await;
                            }
                        }
                    }
                });
            }
        });
        Self {
            address,
            heads,
            task,
        }
    }

    /// The head of the next request, as received.
    pub(super) async fn head(&mut self) -> String {
        self.heads.recv().await.unwrap()
    }

    /// Closes the port.
    pub(super) async fn stop(mut self) {
        self.task.abort();
        assert!((&mut self.task).await.is_err());
    }

    /// How many more requests were received.
    pub(super) fn more_heads(&mut self) -> usize {
        std::iter::from_fn(|| self.heads.try_recv().ok()).count()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Clients go away when they please, so failures end the conversation and nothing else.
async fn converse<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: S,
    answer: &[u8],
    ending: Ending,
    heads: &mpsc::UnboundedSender<String>,
) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    if heads.send(String::from_utf8(head).unwrap()).is_err() {
        return;
    }
    if stream.write_all(answer).await.is_err() || stream.flush().await.is_err() {
        return;
    }
    match ending {
        Ending::Close => drop(stream.shutdown().await),
        Ending::Hang => std::future::pending().await,
        Ending::Drip => {
            let mut ticks = tokio::time::interval(Duration::from_millis(5));
            while stream.write_all(b"x").await.is_ok() && stream.flush().await.is_ok() {
                ticks.tick().await;
            }
        }
    }
}

/// A certificate authority of nobody's trust: its PEM, and the server side of a certificate that
/// it gave to `name`.
pub(super) fn authority(name: &str) -> (String, ServerConfig) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    let certificate = params.signed_by(&key, &ca).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            key.serialize_der().try_into().unwrap(),
        )
        .unwrap();
    (ca.pem(), config)
}
