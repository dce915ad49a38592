use crate::extract::tests::{TEXT, extract};

fn authors_of(address: &str, over: &str, under: &str) -> Vec<String> {
    let text = format!(
        "<body><article><h1>Ferry to run at night</h1>{over}{TEXT}</article>{under}</body>"
    );
    extract(&text, Some(address), None).article.authors
}

#[test]
fn authors_are_people_and_never_the_outlet() {
    for (head, over, expected) in [
        (
            "<meta name=twitter:label1 content='Verfasst von'><meta name=twitter:data1 content='Jule Steinbach'>",
            "",
            &["Jule Steinbach"][..],
        ),
        (
            "<meta name=twitter:label1 content='Lesezeit'><meta name=twitter:data1 content='Zwei Minuten'>",
            "",
            &[],
        ),
        (
            "",
            "<p class=author>von Jule Steinbach, NWR TANNFELD</p>",
            &["Jule Steinbach"],
        ),
        (
            "",
            "<p>Autorin/Autor: Jule Steinbach</p>",
            &["Jule Steinbach"],
        ),
        ("<meta name=author content='NWR'>", "", &[]),
        (
            "<meta name=author content='NWR, Jule Steinbach'>",
            "",
            &["Jule Steinbach"],
        ),
        // Library catalogues turn names.
        (
            "<meta name=citation_author content='Steinbach, Jule'>",
            "",
            &["Jule Steinbach"],
        ),
        // Structured data with room for one of two.
        (
            "<script type=application/ld+json>{\"@type\":\"NewsArticle\",\"headline\":\"Ferry to run at night\",\"author\":{\"@type\":\"Person\",\"name\":\"Ivo Tarn\"}}</script><meta name=author content='Ivo Tarn, Jule Steinbach'>",
            "",
            &["Ivo Tarn", "Jule Steinbach"],
        ),
    ] {
        let text = format!(
            "<head>{head}</head><body><article><h1>Ferry to run at night</h1>{over}{TEXT}</article></body>"
        );
        let found = extract(&text, Some("https://www.nwr.example/a/1"), None);
        assert_eq!(found.article.authors, expected, "{head} {over}");
    }
}

#[test]
fn links_to_an_author_far_from_the_text_are_believed_where_they_name_one_person() {
    let filler = "<p>Boats</p>".repeat(80);
    for (links, expected) in [
        (
            "<div><a rel=author href=/a>Odessa Marlowe</a></div>",
            &["Odessa Marlowe"][..],
        ),
        (
            "<div><a rel=author href=/a>Odessa Marlowe</a></div><div><a rel=author href=/b>Ivo Tarn</a></div>",
            &[],
        ),
    ] {
        let text = format!(
            "<body><article><h1>Ferry to run at night</h1>{TEXT}</article>{filler}{links}</body>"
        );
        let found = extract(&text, None, None);
        assert_eq!(found.article.authors, expected, "{links}");
    }
}

#[test]
fn byline_beside_its_authors_picture_is_no_caption() {
    for (over, expected) in [
        (
            "<div class=author><img src=/face.jpg alt=''><span>Jule Steinbach</span></div>",
            &["Jule Steinbach"][..],
        ),
        (
            "<p class=news-list-author itemprop=author>Jule Steinbach</p>",
            &["Jule Steinbach"],
        ),
        (
            "<figure><img src=/boat.jpg alt=''><figcaption><span class=author>Jule Steinbach</span></figcaption></figure>",
            &[],
        ),
    ] {
        assert_eq!(
            authors_of("https://www.nwr.example/a/1", over, ""),
            expected,
            "{over}"
        );
    }
}

#[test]
fn names_under_a_label_are_read_as_long_as_the_lines_are_nothing_else() {
    let under = "<div><h6>Author(s)</h6><ul><li><a href=/j>Jule Steinbach</a></li>\
        <li><a href=/i>Ivo Tarn</a></li></ul><p>Download</p></div>";
    let found = authors_of("https://www.nwr.example/a/1", "", under);
    assert_eq!(found, ["Jule Steinbach", "Ivo Tarn"]);
}

#[test]
fn links_in_the_line_of_an_editor_name_no_author() {
    let over = "<p class=byline>By Jule Steinbach</p>\
        <p class=byline>Updated by <a href=/authors/ivo>Ivo Tarn</a></p>";
    assert_eq!(
        authors_of("https://www.nwr.example/a/1", over, ""),
        ["Jule Steinbach"]
    );
}

#[test]
fn departments_of_the_outlet_are_no_people() {
    let over = "<p class=author>Harbour Lines Freight</p>";
    for (address, expected) in [
        ("https://www.harbourlines.example/a/1", &[][..]),
        ("https://www.nwr.example/a/1", &["Harbour Lines Freight"]),
    ] {
        assert_eq!(authors_of(address, over, ""), expected, "{address}");
    }
}

#[test]
fn full_names_over_the_text_come_before_a_word_of_structured_data() {
    let stated = |name: &str| {
        format!(
            "<script type=application/ld+json>{{\"@type\":\"NewsArticle\",\
             \"headline\":\"Ferry to run at night\",\"author\":\"{name}\"}}</script>\
             <p class=author>Jule Steinbach</p>"
        )
    };
    for (name, expected) in [("Ivo", "Jule Steinbach"), ("Ivo Tarn", "Ivo Tarn")] {
        let found = authors_of("https://www.nwr.example/a/1", &stated(name), "");
        assert_eq!(found, [expected]);
    }
}

#[test]
fn people_of_other_articles_and_of_searches_are_no_authors() {
    let teaser = "<div itemscope itemtype=https://schema.org/BlogPosting><p>Boats for all</p>\
        <div itemprop=author><meta itemprop=name content='Ivo Tarn'></div></div>";
    assert!(authors_of("https://www.nwr.example/a/1", "", teaser).is_empty());
    for (link, expected) in [
        ("/?author=12", &["Ivo Tarn"][..]),
        ("/autor/ivo", &["Ivo Tarn"]),
        ("/sayings?author=Tarn,Ivo", &[]),
    ] {
        let over = format!("<p><a href='{link}'>Ivo Tarn</a></p>");
        assert_eq!(
            authors_of("https://www.nwr.example/a/1", &over, ""),
            expected,
            "{link}"
        );
    }
}

#[test]
fn who_made_the_site_and_where_the_outlet_sits_is_no_author() {
    for (head, expected) in [
        (
            "<meta name=author content='Ivo Tarn, design by Jule Steinbach'>",
            &[][..],
        ),
        (
            "<meta name=author content='nwr.example, Tannfeld, Jutland'>",
            &[],
        ),
        // The outlet's name, of which a part reads like a person's.
        (
            "<meta property=og:site_name content='Odessa in the Morning'><meta name=author content='Odessa in the Morning'>",
            &[],
        ),
        (
            "<meta name='twitter:misc:Written by' content='Ivo Tarn'>",
            &["Ivo Tarn"],
        ),
        (
            "<script type=application/ld+json>{\"@graph\":[{\"@type\":\"WebPage\",\"author\":{\"@id\":\"#p\"}},\
             {\"@type\":\"Person\",\"@id\":\"#p\",\"name\":\"Ivo Tarn\"}]}</script>",
            &["Ivo Tarn"],
        ),
    ] {
        let text = format!(
            "<head>{head}</head><body><article><h1>Ferry to run at night</h1>{TEXT}</article></body>"
        );
        let found = extract(&text, Some("https://www.nwr.example/a/1"), None);
        assert_eq!(found.article.authors, expected, "{head}");
    }
}

#[test]
fn a_line_of_date_and_name_is_a_byline_unless_the_page_is_filed_under_it() {
    for (head, over, expected) in [
        (
            "",
            "<p>11.12.2019 - Jule Steinbach</p>",
            &["Jule Steinbach"][..],
        ),
        (
            "",
            "<p>Dec. 11, 2019 | Jule Steinbach &amp; Ivo Tarn</p>",
            &["Jule Steinbach", "Ivo Tarn"],
        ),
        (
            "<meta property=article:section content='Harbour Life'>",
            "<p>11.12.2019 - Harbour Life</p>",
            &[],
        ),
        ("", "<p>11.12.2019 - Two boats for Jule Steinbach</p>", &[]),
    ] {
        let text = format!(
            "<head>{head}</head><body><article><h1>Ferry to run at night</h1>{over}{TEXT}</article></body>"
        );
        let found = extract(&text, None, None);
        assert_eq!(found.article.authors, expected, "{over}");
    }
}

#[test]
fn a_name_alone_in_bold_letters_signs_the_text() {
    for (over, under, expected) in [
        (
            "<p><strong>Odessa Marlowe/Ivo Tarn</strong></p>",
            "",
            &["Odessa Marlowe", "Ivo Tarn"][..],
        ),
        (
            "",
            "<p class=clear><b>Odessa Marlowe</b></p>",
            &["Odessa Marlowe"],
        ),
        ("<p><strong>Key Takeaways</strong></p>", "", &[]),
        ("<p>Odessa Marlowe</p>", "", &[]),
        ("<p><strong>Odessa Marlowe</strong> saw it</p>", "", &[]),
    ] {
        let text = format!(
            "<body><article><h1>Ferry to run at night</h1>{over}{TEXT}{under}</article></body>"
        );
        let found = extract(&text, None, None);
        assert_eq!(found.article.authors, expected, "{over} {under}");
    }
}

#[test]
fn whoever_is_declared_the_author_of_an_update_did_not_write() {
    let over = "<p itemprop=author>Updated by <a href=/about/ivo>Ivo Tarn</a></p>\
        <p class=byline>By Jule Steinbach</p>";
    let found = authors_of("https://www.nwr.example/a/1", over, "");
    assert_eq!(found, ["Jule Steinbach"]);
    let own_page = "<p><a href=/people/author-ivo-tarn-12.html>Ivo Tarn</a></p>";
    assert_eq!(
        authors_of("https://www.nwr.example/a/1", own_page, ""),
        ["Ivo Tarn"]
    );
}
