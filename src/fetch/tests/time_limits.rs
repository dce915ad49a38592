//! Servers that take their time.

use super::*;

const SHORT: Duration = Duration::from_millis(200);

#[tokio::test]
async fn silent_server_is_given_up_at_the_first_byte_limit() {
    let server = Server::start("", Ending::Hang).await;
    let settings = Settings {
        first_byte_timeout: SHORT,
        ..settings()
    };
    let fetched = get(settings, &format!("http://{}/", server.address)).await;
    let failed = failed(fetched, ErrorClass::Timeout);
    assert!(
        failed.to_string().contains("no answer within 200ms"),
        "{failed}"
    );
    assert!(failed.error.is_transient());
}

#[tokio::test]
async fn dripping_head_is_given_up_at_the_first_byte_limit() {
    let server = Server::start("HTTP/1.1 200 OK\r\nX-A: ", Ending::Drip).await;
    let settings = Settings {
        first_byte_timeout: SHORT,
        ..settings()
    };
    let fetched = get(settings, &format!("http://{}/", server.address)).await;
    failed(fetched, ErrorClass::Timeout);
}

#[tokio::test]
async fn dripping_body_is_given_up_at_the_limit_of_the_whole() {
    let server = Server::start("HTTP/1.1 200 OK\r\n\r\nbegin", Ending::Drip).await;
    let settings = Settings {
        timeout: SHORT,
        ..settings()
    };
    let fetched = get(settings, &format!("http://{}/", server.address)).await;
    let failed = failed(fetched, ErrorClass::Timeout);
    assert_eq!(failed.exchange.status, Some(200));
    assert!(failed.exchange.body_bytes >= 5);
}

#[tokio::test]
async fn port_that_nobody_listens_on_is_no_connection() {
    let server = Server::start("", Ending::Close).await;
    let url = format!("http://{}/", server.address);
    server.stop().await;
    let failed = failed(get(settings(), &url).await, ErrorClass::Connect);
    assert_eq!(failed.exchange.status, None);
}
