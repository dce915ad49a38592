use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;

use super::*;
use crate::domain::ByteSize;

const LIMITS: Limits = Limits {
    block: ByteSize::mebibytes(1),
};

fn record(kind: &str, url: &str, block: &[u8]) -> Vec<u8> {
    let mut record = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{url}>\r\n\
         WARC-Date: 2026-03-02T09:00:00Z\r\nWARC-Target-URI: {url}\r\nContent-Length: {}\r\n\r\n",
        block.len()
    )
    .into_bytes();
    record.extend_from_slice(block);
    record.extend_from_slice(b"\r\n\r\n");
    record
}

fn response(n: usize) -> Vec<u8> {
    let page = format!("HTTP/1.1 200 OK\r\n\r\n<p>{}</p>", "속보 ".repeat(n * 50));
    record(
        "response",
        &format!("http://a.example/{n}"),
        page.as_bytes(),
    )
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Addresses of the answers and the kinds of the others, with where each ends.
fn read_from(reader: &mut WarcReader<Cursor<Vec<u8>>>) -> Vec<(String, Position)> {
    let mut items = Vec::new();
    while let Some(item) = reader.read().unwrap() {
        let told = match item {
            WarcItem::Record(record) => record.url.unwrap_or_default(),
            WarcItem::Passed(passed) => format!("{passed:?}"),
        };
        items.push((told, reader.position()));
    }
    items
}

fn read(file: Vec<u8>) -> Vec<String> {
    let mut reader = WarcReader::new(Cursor::new(file), LIMITS);
    let items = read_from(&mut reader);
    items.into_iter().map(|(told, _)| told).collect()
}

fn url(n: usize) -> String {
    format!("http://a.example/{n}")
}

fn records() -> Vec<Vec<u8>> {
    vec![
        record("warcinfo", "", b"software: x\r\n"),
        record("request", "http://a.example/1", b"GET / HTTP/1.1\r\n\r\n"),
        response(1),
        record("metadata", "http://a.example/1", b"a: b"),
        record("revisit", "http://a.example/1", b"HTTP/1.1 200 OK\r\n\r\n"),
        response(2),
    ]
}

#[test]
fn records_are_read_plain_packed_one_by_one_and_packed_as_a_whole() {
    let all = records();
    let plain = all.concat();
    let one_by_one = all.iter().flat_map(|r| packed(r)).collect::<Vec<u8>>();
    let whole = packed(&plain);
    let expected = ["Other", "Request", &url(1), "Metadata", "Revisit", &url(2)];
    for file in [plain, one_by_one, whole] {
        assert_eq!(read(file), expected);
    }
    assert_eq!(read(Vec::new()), Vec::<String>::new());
}

#[test]
fn reading_goes_on_from_any_position() {
    let all: Vec<Vec<u8>> = (1..6).map(response).collect();
    let one_by_one = all.iter().flat_map(|r| packed(r)).collect::<Vec<u8>>();
    for file in [all.concat(), one_by_one, packed(&all.concat())] {
        let mut reader = WarcReader::new(Cursor::new(file.clone()), LIMITS);
        let items = read_from(&mut reader);
        assert_eq!(reader.first_id(), Some("<urn:uuid:http://a.example/1>"));
        for (n, (_, position)) in items.iter().enumerate() {
            let mut again = WarcReader::new(Cursor::new(file.clone()), LIMITS);
            again.go_to(*position).unwrap();
            assert_eq!(read_from(&mut again), items[n + 1..], "{position:?}");
        }
    }
}

#[test]
fn broken_records_cost_themselves_only() {
    let cut = response(2)[..500].to_vec();
    let wrong_length = String::from_utf8(response(2)).unwrap();
    let wrong_length = wrong_length.replace("Content-Length: 7", "Content-Length: 1");
    let endless = String::from_utf8(response(2)).unwrap();
    let endless = endless.replace("Content-Length: ", "Content-Length: 99999");
    for bad in [
        cut,
        wrong_length.into_bytes(),
        endless.into_bytes(),
        b"junk\r\n".to_vec(),
    ] {
        let parts = [response(1), bad, response(3)];
        let kept = [url(1), "Broken".to_owned(), url(3)];
        assert_eq!(read(parts.concat()), kept);
        let one_by_one = parts.iter().flat_map(|r| packed(r)).collect::<Vec<u8>>();
        assert_eq!(read(one_by_one), kept);
    }
}

#[test]
fn damaged_packing_costs_one_record_and_a_cut_file_gives_its_beginning() {
    let parts: Vec<Vec<u8>> = (1..4).map(|n| packed(&response(n))).collect();
    let half = parts[1].len() / 2;
    let cut = [&parts[0], &parts[1][..half], &parts[2]].concat();
    assert_eq!(read(cut), [url(1), "Broken".to_owned(), url(3)]);
    let mut changed = parts.concat();
    changed[parts[0].len() + half] ^= 0xff;
    assert_eq!(read(changed), [url(1), "Broken".to_owned(), url(3)]);
    let mut short = parts.concat();
    short.truncate(short.len() - 20);
    assert_eq!(read(short), [url(1), url(2), "Broken".to_owned()]);
}

#[test]
fn answers_larger_than_the_limit_are_passed_over_in_little_memory() {
    let bomb = packed(&record(
        "response",
        "http://a.example/9",
        &vec![b'a'; 20 << 20],
    ));
    assert!(bomb.len() < 1 << 20);
    let file = [bomb, packed(&response(1))].concat();
    assert_eq!(read(file), ["TooLarge".to_owned(), url(1)]);
}

#[test]
fn what_cannot_go_back_is_read_too() {
    let parts = [response(1), b"junk\r\n".to_vec(), response(2), response(3)];
    let mut reader = WarcReader::new(Pipe(Cursor::new(parts.concat())), LIMITS);
    let mut urls = Vec::new();
    while let Some(item) = reader.read().unwrap() {
        if let WarcItem::Record(record) = item {
            urls.push(record.url.unwrap());
        }
    }
    assert_eq!(urls, [url(1), url(2), url(3)]);
}

proptest! {
    #[test]
    fn foreign_bytes_are_read_to_their_end(
        junk in prop::collection::vec(any::<u8>(), 0..3_000),
        at in 0..3_000_usize,
        is_packed: bool,
    ) {
        let mut file = if is_packed { packed(&response(3)) } else { response(3) };
        let at = at.min(file.len());
        file.splice(at..at, junk);
        let items = read(file.repeat(2));
        prop_assert!(items.len() < 10_000);
    }
}
