//! What somebody does, behind a name in a byline: `Maya Abbott, Senior Political Correspondent`.

/// Words that begin the name of a post, with up to four words between them and what it is.
const RANKS: &[&str] = &[
    "senior",
    "sr",
    "chief",
    "deputy",
    "associate",
    "assistant",
    "contributing",
    "managing",
    "executive",
    "lead",
    "principal",
    "founding",
    "licensed",
    "certified",
    "former",
    "freier",
    "freie",
    "leitender",
    "leitende",
    "stellvertretender",
    "stellvertretende",
    "stellv",
];
/// Words that tell what a post is about.
const FIELDS: &[&str] = &[
    "staff",
    "political",
    "politics",
    "business",
    "science",
    "sport",
    "sports",
    "technology",
    "tech",
    "health",
    "education",
    "national",
    "foreign",
    "special",
    "freelance",
    "environment",
    "news",
    "house",
    "white",
    "digital",
    "multimedia",
    "content",
    "marketing",
    "product",
    "guest",
    "data",
    "investigative",
    "crime",
    "court",
    "city",
    "state",
    "world",
    "our",
    "the",
    "expert",
    "general",
    "economics",
    "culture",
    "travel",
    "food",
    "opinion",
    "video",
    "audio",
    "web",
    "copy",
    "community",
    "editorial",
    "licensed",
    "sales",
    "software",
    "security",
    "trial",
];
/// What a post is.
const POSTS: &[&str] = &[
    // English
    "reporter",
    "writer",
    "correspondent",
    "editor",
    "columnist",
    "contributor",
    "journalist",
    "blogger",
    "producer",
    "photographer",
    "critic",
    "specialist",
    "manager",
    "director",
    "founder",
    "co-founder",
    "cofounder",
    "ceo",
    "cto",
    "cfo",
    "cmo",
    "president",
    "partner",
    "analyst",
    "strategist",
    "consultant",
    "coordinator",
    "reviewer",
    "researcher",
    "advisor",
    "adviser",
    "expert",
    "engineer",
    "presenter",
    "anchor",
    "attorney",
    "lecturer",
    "fellow",
    "head",
    "intern",
    "copywriter",
    "author",
    "professor",
    "editor-in-chief",
    "chairman",
    "chair",
    "vp",
    "lecturer",
    "developer",
    "designer",
    // German, Dutch, Nordic
    "redakteur",
    "redakteurin",
    "redaktor",
    "redaktorin",
    "korrespondent",
    "korrespondentin",
    "reporterin",
    "journalistin",
    "volontär",
    "volontärin",
    "chefredakteur",
    "chefredakteurin",
    "gastautor",
    "gastautorin",
    "ressortleiter",
    "ressortleiterin",
    "geschäftsführer",
    "geschäftsführerin",
    "redacteur",
    "verslaggever",
    "correspondente",
    "journalisten",
    "toimittaja",
    // French, Italian, Spanish, Portuguese
    "correspondant",
    "correspondante",
    "journaliste",
    "rédacteur",
    "rédactrice",
    "chroniqueur",
    "chroniqueuse",
    "envoyé",
    "envoyée",
    "corresponsal",
    "redactor",
    "redactora",
    "periodista",
    "columnista",
    "corrispondente",
    "giornalista",
    "redattore",
    "redattrice",
    "jornalista",
    "repórter",
    "editora",
    "colunista",
    // others
    "muhabiri",
    "muhabir",
    "editörü",
    "yazarı",
    "wartawan",
    "dziennikarz",
    "redaktorka",
    "корреспондент",
    "обозреватель",
    "журналист",
    "редактор",
    "記者",
    "编辑",
    "編輯",
    "特派員",
];
/// Words between a rank and its post.
const MAX_BETWEEN: usize = 4;

/// A part of a byline without the post at its end, and whether there was one.
pub(super) fn without_post(part: &str) -> (String, bool) {
    let words: Vec<&str> = part.split_whitespace().collect();
    let is_in = |at: usize, list: &[&str]| {
        words
            .get(at)
            .is_some_and(|word| list.contains(&bare(word).as_str()))
    };
    let Some(post) = (0..words.len()).find(|at| is_in(*at, POSTS)) else {
        return (part.to_owned(), false);
    };
    let mut start = post;
    while start > 0 && (is_in(start - 1, FIELDS) || is_in(start - 1, RANKS)) {
        start -= 1;
    }
    let reach = post.saturating_sub(MAX_BETWEEN + 1);
    if let Some(rank) = (reach..start).find(|at| is_in(*at, RANKS)) {
        start = rank;
    }
    let kept = words.get(..start).unwrap_or_default().join(" ");
    let kept = kept.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '.');
    (kept.to_owned(), true)
}

fn bare(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric())
        .to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn posts_are_cut_from_names() {
        for (part, kept, is_cut) in [
            ("Maya Abbott Senior Politics Editor", "Maya Abbott", true),
            ("Maya Abbott - Staff Writer", "Maya Abbott", true),
            ("Tom Vale Deputy Content Hub Director", "Tom Vale", true),
            ("Nele Voß Redakteurin", "Nele Voß", true),
            ("Ana Ruiz corresponsal en Lisboa", "Ana Ruiz", true),
            ("Senior Political Correspondent", "", true),
            ("Founder", "", true),
            ("Maya Abbott", "Maya Abbott", false),
            ("Sport Abbott", "Sport Abbott", false),
        ] {
            assert_eq!(without_post(part), (kept.to_owned(), is_cut), "{part}");
        }
    }
}
