//! Poolers that hand out another server connection for each transaction.

use std::sync::Arc;

use secrecy::ExposeSecret;
use sokbo::store::{Access, Settings, Store, StoreError};
use sqlx::postgres::PgConnectOptions;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::Mutex;
use url::Url;

use crate::support::empty_database;

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}
type Server = Box<dyn Stream>;

/// The one server connection that all clients share, message by message up to each sync.
type Shared = Arc<Mutex<Option<Server>>>;

/// Stands before the server of `settings` as a pooler with one server connection; the settings to
/// go through it.
async fn pooled(settings: Settings) -> Settings {
    let options: PgConnectOptions = settings
        .url
        .as_ref()
        .unwrap()
        .expose_secret()
        .parse()
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let shared = Shared::default();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let server = connect(&options).await;
            tokio::spawn(serve(client, server, Arc::clone(&shared)));
        }
    });
    let mut url = Url::parse(settings.url.as_ref().unwrap().expose_secret()).unwrap();
    let pairs = url.query_pairs().into_owned();
    let others: Vec<(String, String)> = pairs
        .filter(|(key, _)| !["host", "port"].contains(&key.as_str()))
        .collect();
    url.query_pairs_mut()
        .clear()
        .extend_pairs(others)
        .append_pair("host", "127.0.0.1")
        .append_pair("port", &port.to_string())
        .append_pair("sslmode", "disable");
    Settings {
        url: Some(String::from(url).into()),
        ..settings
    }
}

async fn connect(options: &PgConnectOptions) -> Server {
    match options.get_socket() {
        Some(folder) => {
            let socket = folder.join(format!(".s.PGSQL.{}", options.get_port()));
            Box::new(UnixStream::connect(socket).await.unwrap())
        }
        None => Box::new(
            TcpStream::connect((options.get_host(), options.get_port()))
                .await
                .unwrap(),
        ),
    }
}

/// Serves one client: its start at a server connection of its own, all else at the shared one.
async fn serve(mut client: TcpStream, mut own: Server, shared: Shared) -> Option<()> {
    let start = message(&mut client, None).await?;
    own.write_all(&start).await.ok()?;
    until_ready(&mut own, &mut client).await?;
    shared.lock().await.get_or_insert(own);
    loop {
        let mut batch = Vec::new();
        loop {
            let kind = client.read_u8().await.ok()?;
            batch.extend(message(&mut client, Some(kind)).await?);
            match kind {
                b'X' => return None,
                b'S' | b'Q' => break,
                _ => {}
            }
        }
        let mut server = shared.lock().await;
        let server = server.as_mut()?;
        server.write_all(&batch).await.ok()?;
        until_ready(server, &mut client).await?;
    }
}

/// Hands on what a server says until it is ready for the next query.
async fn until_ready(server: &mut Server, client: &mut TcpStream) -> Option<()> {
    loop {
        let kind = server.read_u8().await.ok()?;
        let said = message(server, Some(kind)).await?;
        client.write_all(&said).await.ok()?;
        // "Authentication", and what the client has to say to it unless it is over
        let asks = said
            .get(5..9)
            .is_some_and(|code| code != [0, 0, 0, 0] && code != [0, 0, 0, 12]);
        if kind == b'R' && asks {
            let kind = client.read_u8().await.ok()?;
            server
                .write_all(&message(client, Some(kind)).await?)
                .await
                .ok()?;
        }
        if kind == b'Z' {
            return Some(());
        }
    }
}

/// One message of the protocol; the first one of a client has no kind.
async fn message(from: &mut (impl AsyncRead + Unpin), kind: Option<u8>) -> Option<Vec<u8>> {
    let length = from.read_u32().await.ok()?;
    let mut message: Vec<u8> = kind.into_iter().chain(length.to_be_bytes()).collect();
    let mut rest = vec![0; usize::try_from(length).ok()?.checked_sub(4)?];
    from.read_exact(&mut rest).await.ok()?;
    message.append(&mut rest);
    Some(message)
}

#[tokio::test(flavor = "multi_thread")]
async fn pooler_that_mixes_up_statements_is_refused() {
    let settings = pooled(empty_database().await).await;
    match Store::open(&settings, Access::Owner).await {
        Ok(_) => panic!("the pooler was taken"),
        Err(error) => assert!(matches!(error, StoreError::Pooler), "{error:?}"),
    }
}
