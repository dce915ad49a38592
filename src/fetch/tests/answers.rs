//! What answers mean, and what is sent to get them.

use super::*;
use crate::domain::Validators;

#[tokio::test]
async fn page_comes_with_its_headers_and_its_record() {
    let headers = "Content-Type: text/html; charset=euc-kr\r\nETag: W/\"1\"\r\n\
                   Last-Modified: Fri, 06 Nov 2026 08:00:00 GMT\r\n\
                   X-Robots-Tag: noarchive\r\nX-Robots-Tag: sokbo: noindex\r\n";
    let page = page(answer_with(ok(headers, b"hello")).await);
    assert_eq!(page.body, b"hello");
    assert_eq!(
        page.content_type.as_deref(),
        Some("text/html; charset=euc-kr")
    );
    assert_eq!(page.validators.etag.as_deref(), Some("W/\"1\""));
    assert!(
        page.validators
            .last_modified
            .unwrap()
            .starts_with("Fri, 06 Nov")
    );
    assert_eq!(page.robots_tags, ["noarchive", "sokbo: noindex"]);
    let exchange = page.exchange;
    assert_eq!((exchange.status, exchange.body_bytes), (Some(200), 5));
    assert_eq!(exchange.outcome, FetchOutcome::Used);
    assert_eq!(
        exchange.started_at.to_rfc3339(),
        "2026-11-06T08:49:07+00:00"
    );
}

#[tokio::test]
async fn request_says_who_asks_and_carries_the_validators() {
    let not_modified = "HTTP/1.1 304 Not Modified\r\nETag: \"2\"\r\n\r\n";
    let mut server = Server::start(not_modified, Ending::Close).await;
    let mut request = request(&format!("http://{}/a?b=1", server.address));
    request.validators = Validators {
        etag: Some("\"1\"".into()),
        last_modified: Some("Fri, 06 Nov 2026 08:00:00 GMT".into()),
    };
    request
        .headers
        .insert("Accept-Language".into(), "ko".into());
    let fetched = fetcher(settings()).get(&request).await.unwrap();
    let head = server.head().await.to_lowercase();
    for line in [
        "get /a?b=1 http/1.1\r\n",
        "user-agent: sokbo/",
        "if-none-match: \"1\"\r\n",
        "if-modified-since: fri, 06 nov 2026 08:00:00 gmt\r\n",
        "accept-language: ko\r\n",
        "accept: text/html",
        "accept-encoding: ",
    ] {
        assert!(head.contains(line), "{line:?} in {head}");
    }
    let Fetched::NotModified {
        exchange,
        validators,
    } = fetched
    else {
        panic!("{fetched:?}");
    };
    assert_eq!(exchange.outcome, FetchOutcome::Unchanged);
    assert_eq!(validators.etag.as_deref(), Some("\"2\""));
    assert_eq!(validators.last_modified, request.validators.last_modified);
}

#[tokio::test]
async fn redirect_is_returned_and_not_followed() {
    for (status, location, to, is_permanent) in [
        (301, "/b", "http://HOST/b", true),
        (302, "../c?d", "http://HOST/c?d", false),
        (303, "//other.kr/", "http://other.kr/", false),
        (307, "https://127.0.0.1/x", "https://127.0.0.1/x", false),
        (308, "ftp://other.kr/", "ftp://other.kr/", true),
        (302, "/기사", "http://HOST/%EA%B8%B0%EC%82%AC", false),
    ] {
        let answer = format!("HTTP/1.1 {status} Moved\r\nLocation: {location}\r\n\r\n");
        let mut server = Server::start(answer, Ending::Close).await;
        let Fetched::Moved {
            exchange,
            to: target,
            is_permanent: is_for_good,
        } = ask(&server).await.unwrap()
        else {
            panic!("{location}");
        };
        assert_eq!(
            target.as_str(),
            to.replace("HOST", &server.address.to_string())
        );
        assert_eq!(is_for_good, is_permanent, "{status}");
        assert_eq!(exchange.outcome, FetchOutcome::Redirected);
        assert_eq!(server.more_heads(), 1);
    }
}

#[tokio::test]
async fn redirect_to_nowhere_is_a_failure() {
    for location in ["", "Location: \r\n", "Location: http://[::1\r\n"] {
        let answer = format!("HTTP/1.1 302 Found\r\n{location}\r\n");
        failed(answer_with(answer).await, ErrorClass::Redirect);
    }
}

#[tokio::test]
async fn what_is_gone_is_no_failure_but_recorded_as_one() {
    for status in [404, 410] {
        let fetched = answer_with(format!("HTTP/1.1 {status} No\r\n\r\n"))
            .await
            .unwrap();
        let Fetched::Gone { exchange } = fetched else {
            panic!("{fetched:?}");
        };
        assert_eq!(exchange.status, Some(status));
        let outcome = exchange.outcome;
        assert!(matches!(
            outcome,
            FetchOutcome::Failed(ErrorClass::Status, _)
        ));
    }
}

#[tokio::test]
async fn status_that_says_no_comes_with_the_wait_that_it_asks_for() {
    for (status, is_transient) in [(403, false), (429, true), (500, true), (503, true)] {
        let retry = "Retry-After: Fri, 06 Nov 2026 08:50:07 GMT";
        let answer = format!("HTTP/1.1 {status} No\r\n{retry}\r\n\r\n");
        let failed = failed(answer_with(answer).await, ErrorClass::Status);
        assert_eq!(failed.exchange.status, Some(status));
        assert_eq!(failed.error.is_transient(), is_transient, "{status}");
        assert_eq!(failed.retry_after, Some(Duration::from_secs(60)));
    }
}

#[tokio::test]
async fn challenge_is_told_from_a_refusal_and_from_a_page() {
    let body = "<title>Just a moment...</title><script>window._cf_chl_opt={}</script>";
    let shown = |status| {
        let length = body.len();
        format!("HTTP/1.1 {status} No\r\nContent-Length: {length}\r\n\r\n{body}")
    };
    let announced = "HTTP/1.1 403 Forbidden\r\ncf-mitigated: challenge\r\n\r\n".to_owned();
    for (answer, status) in [
        (announced, 403),
        (shown(403), 403),
        (shown(503), 503),
        (shown(429), 429),
        (shown(200), 200),
    ] {
        let failed = failed(answer_with(answer).await, ErrorClass::Challenge);
        assert_eq!(failed.exchange.status, Some(status));
        assert!(failed.to_string().contains("Cloudflare"), "{failed}");
    }
    failed(
        answer_with("HTTP/1.1 403 No\r\n\r\nno").await,
        ErrorClass::Status,
    );
}

#[tokio::test]
async fn body_of_a_refusal_is_not_waited_for() {
    let answer = "HTTP/1.1 503 No\r\nRetry-After: 9\r\nContent-Length: 50\r\n\r\nbusy";
    let server = Server::start(answer, Ending::Close).await;
    let failed = failed(ask(&server).await, ErrorClass::Status);
    assert_eq!(failed.retry_after, Some(Duration::from_secs(9)));
    assert_eq!(failed.exchange.retry_after, failed.retry_after);
}

#[tokio::test]
async fn what_a_status_means_is_said() {
    for (status, part) in [(401, "login"), (403, "turned away"), (451, "legal reasons")] {
        let answer = format!("HTTP/1.1 {status} No\r\n\r\n");
        let failed = failed(answer_with(answer).await, ErrorClass::Status);
        assert!(failed.to_string().contains(part), "{failed}");
    }
}

#[tokio::test]
async fn validators_are_those_of_the_last_answer_only() {
    let bare = page(answer_with(ok("", b"a")).await);
    assert_eq!(bare.validators, Validators::default());
    let odd = "ETag: W/\"1\"\r\nLast-Modified: when the moon was full\r\n";
    let odd = page(answer_with(ok(odd, b"a")).await).validators;
    // Sent back as received: what it means is the server's matter.
    let mut server = Server::start(ok("", b"a"), Ending::Close).await;
    let mut request = request(&format!("http://{}/", server.address));
    request.validators = odd;
    fetcher(settings()).get(&request).await.unwrap();
    let head = server.head().await;
    assert!(head.contains("if-none-match: W/\"1\"\r\n"), "{head}");
    assert!(
        head.contains("if-modified-since: when the moon was full\r\n"),
        "{head}"
    );
}

#[tokio::test]
async fn answers_that_nothing_asked_for_break_the_protocol() {
    for answer in [
        "HTTP/1.1 304 Not Modified\r\n\r\n",
        "HTTP/1.1 206 Partial Content\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 300 Multiple Choices\r\nContent-Length: 0\r\n\r\n",
    ] {
        failed(answer_with(answer).await, ErrorClass::Protocol);
    }
}

#[tokio::test]
async fn answers_that_are_no_http_break_the_protocol() {
    let oversized = format!("HTTP/1.1 200 OK\r\nX-A: {}", "a".repeat(1 << 20));
    let crowded = format!("HTTP/1.1 200 OK\r\n{}\r\n", "X-A: b\r\n".repeat(1_000));
    for answer in [
        "",
        "SSH-2.0-OpenSSH_9.2\r\n\r\n",
        "HTTP/1.1 200",
        &oversized,
        &crowded,
    ] {
        failed(answer_with(answer).await, ErrorClass::Protocol);
    }
}

#[tokio::test]
async fn cookies_are_not_kept() {
    let mut server = Server::start(ok("Set-Cookie: a=b\r\n", b""), Ending::Close).await;
    let fetcher = fetcher(settings());
    let request = request(&format!("http://{}/", server.address));
    for _ in 0..2 {
        fetcher.get(&request).await.unwrap();
        assert!(!server.head().await.to_lowercase().contains("cookie"));
    }
}
