//! Makes inputs that are nearly right: pieces of real documents, cut, repeated, mixed and spoilt.

/// Pieces that parsers decide by.
const PIECES: &[&str] = &[
    "<p>",
    "</p>",
    "<div class=article-body>",
    "</div>",
    "<article>",
    "</article>",
    "<h1>",
    "</h1>",
    "<br>",
    "<br><br>",
    "<table><tr><td>",
    "</table>",
    "<ul><li>",
    "<a href='/x'>",
    "<a href='#'>",
    "<b>",
    "<i></b>",
    "<span>",
    "<ruby>漢<rt>かん</ruby>",
    "<img src='a.jpg'>",
    "<img data-src='//b.example/1.jpg' alt='A bridge'>",
    "<img srcset='a 1w, b 2x,,'>",
    "<figure><figcaption>",
    "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"headline\":\"",
    "\"articleBody\":\"<p>",
    "</script>",
    "<script>",
    "window.__NEXT_DATA__={\"body\":[",
    "<meta property='og:title' content='",
    "<meta name=author content='",
    "'>",
    "<title>",
    "</title>",
    "<time datetime='2024-02-30T25:61:00+99:99'>",
    "<base href='//['>",
    "<link rel=canonical href='",
    "<template>",
    "<svg><title>",
    "<math><mi>",
    "<select><option>",
    "<textarea>",
    "<noscript>",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?xml version='1.0' encoding='",
    "<html lang=ko-KR>",
    "<body class='",
    "itemprop=author",
    "itemprop='articleBody datePublished'",
    " style='display:none'",
    " hidden",
    " class='related caption byline date'",
    " id=",
    "&amp;amp;#0;",
    "&#xD800;",
    "&nbsp;",
    "&",
    ";",
    "\u{0}",
    "\u{feff}",
    "\u{200b}",
    "\u{3000}",
    "\u{301}",
    "\u{1112}\u{1161}\u{11ab}",
    "\u{202e}",
    "홍가온 기자 = ",
    "(새솔=통신) ",
    "[앵커]",
    "입력 2024.03.05. 오전 9:20",
    "▲",
    "무단전재 및 재배포 금지",
    "By Anna Bauer and Bert Cramer",
    "Von Anna Bauer",
    "Updated: March 5, 2024 10:00 PM EST",
    "vor 3 Stunden",
    "3 hours ago",
    "2024年3月5日 10時",
    "令和6年2月30日",
    "31/12/9999",
    "0000-00-00",
    "99999999999999999999",
    "1709630400000",
    "-1",
    "T24:00:00Z",
    "٣ مارس ٢٠٢٤",
    "<rss><channel><item><title>",
    "</item>",
    "<pubDate>",
    "<urlset><url><loc>",
    "</loc>",
    "<lastmod>",
    "<feed xmlns='http://www.w3.org/2005/Atom'><entry>",
    "User-agent: *\nDisallow: /",
    "Allow: *$",
    "Crawl-delay: 1e309\n",
    "Sitemap: ",
    "%00%zz",
    "http://",
    "//[::1]:99999/",
    "?utm_source=x&a=%E0%A4%A",
    "\n",
    "\r\n",
    " ",
    "{",
    "}",
    "[",
    "]",
    "\"",
    "\\u",
    "'",
    "<",
    ">",
    "/",
    "=",
];

/// A source of inputs; the same seed makes the same ones.
#[derive(Debug)]
pub struct Mutator {
    state: u64,
    corpus: Vec<Vec<u8>>,
}

impl Mutator {
    /// Takes documents to cut from.
    #[must_use]
    pub fn new(seed: u64, corpus: Vec<Vec<u8>>) -> Self {
        Self {
            state: seed,
            corpus,
        }
    }

    /// The next input, of 200 to 4,000 bytes for the most part.
    pub fn input(&mut self) -> Vec<u8> {
        let mut input = self.cut();
        for _ in 0..=self.below(12) {
            self.spoil(&mut input);
        }
        input.truncate(6_000);
        input
    }

    /// SplitMix64 (Steele, Lea and Flood, 2014).
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit.max(1) as u64).unwrap_or(0)
    }

    /// A piece of a document.
    fn cut(&mut self) -> Vec<u8> {
        let at = self.below(self.corpus.len());
        let length = 200 + self.below(3_800);
        let start = self.below(self.corpus.get(at).map_or(0, Vec::len));
        let document = self.corpus.get(at).map_or(&[][..], Vec::as_slice);
        let end = document.len().min(start + length);
        document.get(start..end).unwrap_or_default().to_vec()
    }

    fn spoil(&mut self, input: &mut Vec<u8>) {
        let at = self.below(input.len() + 1);
        let end = input.len().min(at + 1 + self.below(200));
        match self.below(8) {
            0..3 => {
                let piece = PIECES[self.below(PIECES.len())];
                let times = if self.below(20) == 0 {
                    1 + self.below(120)
                } else {
                    1
                };
                input.splice(at..at, piece.repeat(times).into_bytes());
            }
            3 => drop(input.drain(at..end)),
            4 => {
                let copy = input[at..end].repeat(1 + self.below(4));
                input.splice(at..at, copy);
            }
            5 => {
                let other = self.cut();
                let part = other.len().min(1 + self.below(400));
                input.splice(at..end, other[..part].iter().copied());
            }
            6 => {
                let byte = self.next().to_le_bytes()[0];
                input.splice(at..end.min(at + 1), [byte]);
            }
            _ => {
                let moved: Vec<u8> = input.drain(at..end).collect();
                let to = self.below(input.len() + 1);
                input.splice(to..to, moved);
            }
        }
    }
}
