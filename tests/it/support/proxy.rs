//! Stands between a daemon and its Postgres, and lets the database be away in several ways.

use std::net::SocketAddr;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use sqlx::postgres::PgConnectOptions;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;
use tokio::time::sleep;

/// How the database is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// As it is.
    Open,
    /// Connections are cut, and new ones refused.
    Refused,
    /// Connections stay and nothing comes through: a network that swallows all.
    Silent,
    /// Connections are cut, and new ones told that there are too many.
    Full,
}

/// A proxy; it stops when dropped.
pub(crate) struct Proxy {
    /// The database's address by way of the proxy.
    pub(crate) url: SecretString,
    way: watch::Sender<Way>,
    task: tokio::task::JoinHandle<()>,
}

impl Proxy {
    /// A proxy to the database at `url`, on a free port of 127.0.0.1.
    pub(crate) async fn start(url: &SecretString, way: Way) -> Self {
        let options: PgConnectOptions = url.expose_secret().parse().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut through = url::Url::parse(url.expose_secret()).unwrap();
        let kept: Vec<(String, String)> = through
            .query_pairs()
            .filter(|(key, _)| key != "host" && key != "port")
            .map(|(key, value)| (key.into_owned(), value.into_owned()))
            .collect();
        through.query_pairs_mut().clear().extend_pairs(kept);
        through
            .query_pairs_mut()
            .append_pair("host", "127.0.0.1")
            .append_pair("port", &address.port().to_string())
            .append_pair("sslmode", "disable");
        let (way, ways) = watch::channel(way);
        let task = tokio::spawn(serve(listener, address, options, ways));
        Self {
            url: through.to_string().into(),
            way,
            task,
        }
    }

    pub(crate) fn set(&self, way: Way) {
        self.way.send_replace(way);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(
    listener: TcpListener,
    address: SocketAddr,
    options: PgConnectOptions,
    mut ways: watch::Receiver<Way>,
) {
    let mut listener = Some(listener);
    loop {
        if *ways.borrow_and_update() == Way::Refused {
            listener = None;
            ways.changed().await.unwrap();
            continue;
        }
        let open = match listener.take() {
            Some(open) => open,
            None => bound(address).await,
        };
        tokio::select! {
            client = open.accept() => {
                let (client, _) = client.unwrap();
                tokio::spawn(carry(client, options.clone(), ways.clone()));
            }
            changed = ways.changed() => changed.unwrap(),
        }
        listener = Some(open);
    }
}

/// The port again; its old connections may still be on their way out.
async fn bound(address: SocketAddr) -> TcpListener {
    loop {
        if let Ok(listener) = TcpListener::bind(address).await {
            return listener;
        }
        sleep(Duration::from_millis(20)).await;
    }
}

async fn carry(mut client: TcpStream, options: PgConnectOptions, mut ways: watch::Receiver<Way>) {
    if *ways.borrow() == Way::Full {
        return refuse(&mut client).await;
    }
    let mut of_cut = ways.clone();
    let is_cut = async move {
        let cut = |way: &Way| matches!(way, Way::Refused | Way::Full);
        drop(of_cut.wait_for(cut).await);
    };
    let carried = async move {
        let may_pass = |way: &Way| *way == Way::Open;
        if ways.wait_for(may_pass).await.is_err() {
            return;
        }
        match options.get_socket() {
            Some(folder) => {
                let path = folder.join(format!(".s.PGSQL.{}", options.get_port()));
                join(client, UnixStream::connect(path).await.unwrap(), ways).await;
            }
            None => {
                let at = (options.get_host(), options.get_port());
                join(client, TcpStream::connect(at).await.unwrap(), ways).await;
            }
        }
    };
    tokio::select! {
        () = carried => {}
        () = is_cut => {}
    }
}

/// Carries bytes both ways while the way is open.
async fn join(
    client: TcpStream,
    server: impl AsyncRead + AsyncWrite,
    mut ways: watch::Receiver<Way>,
) {
    let (mut client_in, mut client_out) = tokio::io::split(client);
    let (mut server_in, mut server_out) = tokio::io::split(server);
    loop {
        let mut of_hold = ways.clone();
        let is_held = async move {
            drop(of_hold.wait_for(|way| *way == Way::Silent).await);
        };
        tokio::select! {
            _ended = copy(&mut client_in, &mut server_out) => return,
            _ended = copy(&mut server_in, &mut client_out) => return,
            () = is_held => {}
        }
        if ways.wait_for(|way| *way == Way::Open).await.is_err() {
            return;
        }
    }
}

/// Answers the start of a session as a server does that has no connection left.
async fn refuse(client: &mut TcpStream) {
    let mut start = [0; 512];
    if client.read(&mut start).await.is_err() {
        return;
    }
    let fields = b"SFATAL\0VFATAL\0C53300\0Msorry, too many clients already\0\0";
    let length = u32::try_from(fields.len() + 4).unwrap().to_be_bytes();
    let message = [b"E".as_slice(), &length, fields].concat();
    drop(client.write_all(&message).await);
}
