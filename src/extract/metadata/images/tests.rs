use crate::extract::Extraction;
use crate::extract::tests::extract;

const SENTENCE: &str = "The council of Marrow Bay met on Tuesday night and agreed, after four \
    hours of debate, to build a second pier for the ferries that cross the bay in winter.";

/// An article with some markup between its paragraphs.
fn article(inside: &str) -> Extraction {
    let text = format!(
        "<html><head><title>Second pier for Marrow Bay</title></head><body><article>\
         <h1>Second pier for Marrow Bay</h1><p>{SENTENCE}</p><p>First, {SENTENCE}</p>{inside}\
         <p>Then, {SENTENCE}</p></article></body></html>"
    );
    extract(&text, Some("https://paper.example/news/4711"), None)
}

/// Caption and credit of each picture.
fn captions(found: &Extraction) -> Vec<(Option<&str>, Option<&str>)> {
    let images = found.article.images.iter();
    images
        .map(|image| (image.caption.as_deref(), image.credit.as_deref()))
        .collect()
}

fn body_has(found: &Extraction, text: &str) -> bool {
    let mut paragraphs = found.article.body.iter();
    paragraphs.any(|paragraph| paragraph.contains(text))
}

#[test]
fn a_lone_line_in_the_box_of_a_picture_is_its_caption() {
    for inside in [
        "<div><img src=/up/4711.jpg width=640><br>The old pier at dusk</div>",
        "<div><div><img src=/up/4711.jpg></div><span>The old pier at dusk</span></div>",
        "<center><img src=/up/4711.jpg><p>The old pier at dusk</p></center>",
        "<table><tr><td><img src=/up/4711.jpg></td></tr><tr><td>The old pier at dusk</td></tr></table>",
    ] {
        let found = article(inside);
        assert_eq!(
            captions(&found),
            [(Some("The old pier at dusk"), None)],
            "{inside}"
        );
        assert!(!body_has(&found, "at dusk"), "{inside}");
    }
}

#[test]
fn text_beside_a_picture_is_no_caption() {
    for (inside, text) in [
        (
            "<div><img src=/up/4711.jpg><p>The pier is to open in May.</p><p>Ferries will call \
             twice an hour, and every night, from the first of June.</p></div>",
            "to open in May",
        ),
        (
            "<div><img src=/up/4711.jpg><p>The old pier was built two hundred years ago. It was to \
             be torn down this spring, but the fishermen of the bay asked the council to keep it, \
             and so it will stay until the new one has opened.</p></div>",
            "old pier was built",
        ),
    ] {
        let found = article(inside);
        assert_eq!(captions(&found), [(None, None)], "{inside}");
        assert!(body_has(&found, text), "{inside}");
    }
}

#[test]
fn lines_in_the_box_of_a_picture_are_parted_into_caption_and_credit() {
    let found = article(
        "<div><img src=/up/4711.jpg><p>The old pier at dusk</p><p>Photo: Maya Lind</p></div>",
    );
    let expected = (Some("The old pier at dusk"), Some("Maya Lind"));
    assert_eq!(captions(&found), [expected]);
}

#[test]
fn words_of_a_form_beside_a_picture_are_no_caption() {
    let found = article(
        "<div><img src=/up/4711.jpg><p>News of the bay every morning</p><form action=/join>\
         <input name=mail><label>I would like to hear of events</label></form></div>",
    );
    assert_eq!(captions(&found), [(None, None)]);
}

#[test]
fn lines_right_beneath_a_picture_are_captions_by_mark_or_photographer() {
    for (inside, caption, credit) in [
        (
            "<p><img src=/up/4711.jpg><br>▲ 새솔역 앞을 달리는 전차. (사진=새솔시)</p>",
            Some("새솔역 앞을 달리는 전차."),
            Some("새솔시"),
        ),
        (
            "<p><img src=/up/4711.jpg></p><p>◀ 새솔역 앞을 달리는 전차</p>",
            Some("새솔역 앞을 달리는 전차"),
            None,
        ),
        (
            "<p><img src=/up/4711.jpg></p><p>새솔역 앞을 달리는 전차. /사진=새솔시</p>",
            Some("새솔역 앞을 달리는 전차."),
            Some("새솔시"),
        ),
        (
            "<p><img src=/up/4711.jpg></p><p>The old pier at dusk. Photo by Maya Lind</p>",
            Some("The old pier at dusk."),
            Some("Maya Lind"),
        ),
        (
            "<p><img src=/up/4711.jpg></p><p>© Maya Lind</p>",
            None,
            Some("Maya Lind"),
        ),
    ] {
        let found = article(inside);
        assert_eq!(captions(&found), [(caption, credit)], "{inside}");
        assert!(
            !body_has(&found, "새솔역") && !body_has(&found, "Lind"),
            "{inside}"
        );
    }
}

#[test]
fn points_of_a_list_beneath_a_picture_stay() {
    for inside in [
        "<p><img src=/up/4711.jpg></p><p>▲ 첫째는 노선이다.</p><p>▲ 둘째는 요금이다.</p>",
        "<p><img src=/up/4711.jpg></p><p>▲ 첫째는 노선이다. ▲ 둘째는 요금이다.</p>",
        "<p><img src=/up/4711.jpg></p><p>△ 첫째는 노선이다.</p><p>△ 둘째는 요금이다.</p>",
    ] {
        let found = article(inside);
        assert_eq!(captions(&found), [(None, None)], "{inside}");
        assert!(body_has(&found, "첫째는 노선이다"), "{inside}");
    }
}
