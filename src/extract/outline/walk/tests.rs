use crate::extract::outline::Outline;

fn lines(markup: &str) -> Vec<String> {
    let html = crate::markup::parse_html(markup).unwrap();
    let blocks = Outline::of(&html).blocks.into_iter();
    blocks.map(|block| block.text).collect()
}

#[test]
fn readings_stand_in_the_line_only_in_brackets() {
    for (markup, line) in [
        (
            "<p><ruby>漢<rt>かん</rt>字<rt>じ</rt></ruby>を書く",
            "漢字を書く",
        ),
        (
            "<p><ruby><rb>鵜飼</rb><rp>（</rp><rt>うかい</rt><rp>）</rp></ruby>さん",
            "鵜飼（うかい）さん",
        ),
        (
            "<p><ruby>東<rp>(</rp><rt>a</rt><rp>)</rp></ruby><ruby>西<rt>b</rt></ruby>",
            "東(a)西",
        ),
    ] {
        assert_eq!(lines(markup), [line], "{markup}");
    }
}

#[test]
fn elements_of_their_own_making_mark_words_in_a_paragraph_and_boxes_elsewhere() {
    assert_eq!(
        lines("<p>one <x-note>two</x-note>, three</p><x-box>four</x-box>five"),
        ["one two, three", "four", "five"]
    );
}

#[test]
fn link_that_a_box_breaks_takes_back_nothing_of_another_line() {
    assert_eq!(
        lines("<h2>나루 <a class=anchor href='#b'>링크<div></div>크다라마</a></h2>"),
        ["나루 링크", "크다라마"]
    );
}

#[test]
fn sign_that_links_to_the_heading_is_no_part_of_it() {
    for (markup, line) in [
        ("<h2>The boat <a href='#boat'>#</a></h2>", "The boat"),
        (
            "<h2>The boat<a class=header-anchor href='#boat'>link</a></h2>",
            "The boat",
        ),
        ("<h2>The <a href='#boat'>boat</a></h2>", "The boat"),
        (
            "<h2><a class=anchor href='#boat'>The boat</a></h2>",
            "The boat",
        ),
    ] {
        assert_eq!(lines(markup), [line], "{markup}");
    }
}

#[test]
fn drop_cap_joins_its_word() {
    let cap = |letter: &str, rest: &str| {
        lines(&format!("<div class=drop-cap>{letter}</div><p>{rest}</p>"))
    };
    assert_eq!(cap("D", "uring the night"), ["During the night"]);
    assert_eq!(cap("D", "Day broke"), ["D", "Day broke"]);
    assert_eq!(cap("A", "fter all"), ["A", "fter all"]);
    assert_eq!(lines("<div>D</div><p>uring</p>"), ["D", "uring"]);
    assert_eq!(lines("<p><span class=drop-cap>D</span>uring"), ["During"]);
    assert_eq!(lines("<div class=drop-cap>D</div>"), ["D"]);
}
