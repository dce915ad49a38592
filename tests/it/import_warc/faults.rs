//! Broken archives, and an import that is killed.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn broken_archive_gives_what_can_be_read() {
    let desk = Desk::new("").await;
    let page = demo_page("en-school-roof-solar-vote.html");
    let at = |n: u32| {
        record(
            &format!("http://{EN}/2026/11/{n}"),
            "2026-11-21T00:00:00Z",
            &page,
        )
    };
    let mut archive = [
        at(1),
        b"WARC/1.0\r\nContent-Length: x\r\n\r\n".to_vec(),
        at(2),
        at(3),
    ]
    .concat();
    archive.truncate(archive.len() - 100);
    let told = desk.import("broken.warc", &archive, &[]).await;
    assert!(told.contains("        2 broken records"), "{told}");
    // The pages name one and the same address as their own.
    assert_eq!(
        desk.database
            .count("SELECT count(*) FROM news.fetches")
            .await,
        2
    );

    let told = desk.import("no.warc", b"this is no archive\n", &[]).await;
    assert!(told.contains("1 broken records"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_import_goes_on_where_it_was() {
    const PAGES: u32 = 450;
    let desk = Desk::new("").await;
    let page = String::from_utf8(demo_page("ko-1002.html")).unwrap();
    let archive: Vec<u8> = (0..PAGES)
        .flat_map(|n| {
            let page = page.replace("view/1002", &format!("view/{}", 5_000 + n));
            let url = format!("http://{KO}/news/view/{}", 5_000 + n);
            record(&url, "2026-11-21T00:00:00Z", page.as_bytes())
        })
        .collect();
    let file = desk.sokbo.path().join("long.warc");
    fs::write(&file, archive).unwrap();
    let arguments = desk.with_url(&["import", "warc", file.to_str().unwrap()]);
    let count = "SELECT count(*) FROM crawl.articles";
    let mut child = desk.sokbo.command(&arguments).spawn().unwrap();
    let deadline = Instant::now() + Duration::from_secs(120);
    while desk.database.count(count).await == 0 {
        assert!(Instant::now() < deadline, "nothing is imported");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let stored = desk.database.count(count).await;
    assert!(
        stored < i64::from(PAGES),
        "{stored} were stored before the kill"
    );

    let told = desk.sokbo.run(&arguments).await;
    assert!(told.contains("went on at byte "), "{told}");
    let rest = i64::from(PAGES) - stored;
    assert!(
        told.contains(&format!("{rest} new articles, 0 revised, 0 known already")),
        "{told}"
    );
    assert_eq!(desk.database.count(count).await, i64::from(PAGES));
    let again = desk.sokbo.run(&arguments).await;
    assert!(
        again.contains(&format!("0 new articles, 0 revised, {PAGES} known already")),
        "{again}"
    );
}
