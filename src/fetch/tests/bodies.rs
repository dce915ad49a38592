//! Bodies that are too large, cut short, or not what their headers say.

use std::io::Write;

use super::*;

const BOMB_BYTES: usize = 64 << 20;

/// 64 MiB of zeros, by a brotli encoder of its best quality.
const BROTLI_BOMB: &[u8] = &[
    0xcb, 0xff, 0xff, 0x3f, 0xf8, 0x27, 0x00, 0xe2, 0xb1, 0x40, 0x20, 0xf7, 0xfe, 0x8f, 0xff, 0xff,
    0x7f, 0xf0, 0x4f, 0x00, 0xc4, 0x61, 0x11, 0x80, 0xee, 0xfd, 0x1f, 0xff, 0xff, 0xff, 0xe0, 0x9f,
    0x00, 0x88, 0xc3, 0x02, 0x00, 0xdd, 0xfb, 0x3f, 0xfe, 0xff, 0xff, 0xc1, 0x3f, 0x01, 0x10, 0x87,
    0x05, 0x00, 0xba, 0xf7, 0x7f, 0xfc, 0xff, 0xff, 0x83, 0x7f, 0x02, 0x20, 0x0e, 0x0b, 0x00, 0x74,
    0xef, 0xff, 0xf8, 0xff, 0xff, 0x07, 0xff, 0x04, 0x40, 0x1c, 0x16, 0x00, 0xe8, 0xde, 0xff, 0xf1,
    0xff, 0xff, 0x0f, 0xfe, 0x09, 0x80, 0x38, 0x2c, 0x00, 0xd0, 0xbd, 0xff, 0xcb, 0xff, 0xff, 0x3f,
    0xfc, 0x13, 0x00, 0x71, 0x58, 0x00, 0xa0, 0x7b, 0xff, 0x07,
];

/// "hello", by the same.
const BROTLI_HELLO: &[u8] = &[11, 2, 128, 104, 101, 108, 108, 111, 3];

fn gzip(data: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

fn deflate(data: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

fn zstd(data: &[u8]) -> Vec<u8> {
    zstd::encode_all(data, 19).unwrap()
}

#[tokio::test]
async fn encoded_bodies_are_decoded() {
    for (encoding, body) in [
        ("gzip", gzip(b"hello")),
        ("deflate", deflate(b"hello")),
        ("zstd", zstd(b"hello")),
        ("br", BROTLI_HELLO.to_vec()),
        ("identity", b"hello".to_vec()),
    ] {
        let headers = format!("Content-Encoding: {encoding}\r\n");
        assert_eq!(
            page(answer_with(ok(&headers, &body)).await).body,
            b"hello",
            "{encoding}"
        );
    }
}

#[tokio::test]
async fn bombs_stop_at_the_limit() {
    let zeros = vec![0; BOMB_BYTES];
    for (encoding, bomb) in [
        ("gzip", gzip(&zeros)),
        ("deflate", deflate(&zeros)),
        ("zstd", zstd(&zeros)),
        ("br", BROTLI_BOMB.to_vec()),
    ] {
        let headers = format!("Content-Encoding: {encoding}\r\n");
        let failed = failed(answer_with(ok(&headers, &bomb)).await, ErrorClass::TooLarge);
        assert_eq!(failed.exchange.body_bytes, 1 << 20, "{encoding}");
        assert!(!failed.error.is_transient());
    }
}

#[tokio::test]
async fn doubly_or_strangely_encoded_bodies_are_refused() {
    for encoding in ["gzip, gzip", "compress", "aes128gcm"] {
        let body = gzip(&gzip(b"hello"));
        let answer = ok(&format!("Content-Encoding: {encoding}\r\n"), &body);
        let failed = failed(answer_with(answer).await, ErrorClass::Body);
        assert!(failed.to_string().contains(encoding), "{failed}");
    }
}

#[tokio::test]
async fn bodies_cut_short_are_no_pages() {
    let text: Vec<u8> = (0..40_000_u32)
        .flat_map(|n| (n.wrapping_mul(2_654_435_761)).to_be_bytes())
        .collect();
    let halves = [
        ("br", BROTLI_HELLO.to_vec()),
        ("gzip", gzip(&text)),
        ("deflate", deflate(&text)),
        ("zstd", zstd(&text)),
    ];
    for (encoding, body) in halves {
        let half = &body[..body.len() / 2];
        let answer = ok(&format!("Content-Encoding: {encoding}\r\n"), half);
        failed(answer_with(answer).await, ErrorClass::Body);
    }
    let short = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello";
    let failed_short = failed(answer_with(short).await, ErrorClass::Body);
    assert_eq!(failed_short.exchange.body_bytes, 5);
    assert!(failed_short.error.is_transient());
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n";
    failed(answer_with(chunked).await, ErrorClass::Body);
    let lie = ok("Content-Encoding: gzip\r\n", b"<html>no gzip at all</html>");
    failed(answer_with(lie).await, ErrorClass::Body);
}

#[tokio::test]
async fn announced_length_over_the_limit_is_refused_unread() {
    let answer = "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n";
    let server = Server::start(answer, Ending::Hang).await;
    let failed = failed(ask(&server).await, ErrorClass::TooLarge);
    assert_eq!(failed.exchange.body_bytes, 0);
}

#[tokio::test]
async fn endless_body_stops_at_the_limit_of_the_request() {
    let body = vec![b'x'; 5_000];
    let server = Server::start(ok("", &body), Ending::Close).await;
    let mut request = request(&format!("http://{}/", server.address));
    for (limit, is_page) in [(4_999, false), (5_000, true)] {
        request.max_body = Some(ByteSize::bytes(limit));
        assert_eq!(
            fetcher(settings()).get(&request).await.is_ok(),
            is_page,
            "{limit}"
        );
    }
}

#[tokio::test]
async fn long_robots_file_is_cut_instead_of_refused() {
    let server = Server::start(ok("", &[b'x'; 5_000]), Ending::Close).await;
    let mut request = request(&format!("http://{}/robots.txt", server.address));
    request.accept = Accept::Robots;
    request.max_body = Some(ByteSize::bytes(100));
    assert_eq!(
        page(fetcher(settings()).get(&request).await).body.len(),
        100
    );
}
