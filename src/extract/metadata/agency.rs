//! News agencies and news services: they send texts to outlets and are never a person. The list
//! holds agencies only, no outlet that signs its own pages.

/// Names in lower case, as bylines write them.
const AGENCIES: &[&str] = &[
    // worldwide and English
    "reuters",
    "thomson reuters",
    "ap",
    "associated press",
    "afp",
    "agence france-presse",
    "agence france presse",
    "upi",
    "united press international",
    "bloomberg",
    "bloomberg news",
    "dow jones",
    "dow jones newswires",
    "pa",
    "pa media",
    "press association",
    "aap",
    "australian associated press",
    "canadian press",
    "cp",
    "pti",
    "press trust of india",
    "ians",
    "ani",
    "asian news international",
    "bernama",
    "tribune news service",
    "getty images",
    "globe newswire",
    "globenewswire",
    "pr newswire",
    "business wire",
    "zuma press",
    // German
    "dpa",
    "deutsche presse-agentur",
    "deutsche presse agentur",
    "dpa-infocom",
    "dpa-afx",
    "dts",
    "dts nachrichtenagentur",
    "epd",
    "kna",
    "sid",
    "sport-informations-dienst",
    "spotonnews",
    "spot on news",
    "apa",
    "austria presse agentur",
    "sda",
    "keystone-sda",
    "sda-ats",
    "awp",
    "ots",
    "presseportal",
    "news aktuell",
    // French, Italian, Spanish, Portuguese, Dutch
    "ats",
    "belga",
    "la presse canadienne",
    "relaxnews",
    "ansa",
    "adnkronos",
    "agi",
    "askanews",
    "lapresse",
    "italpress",
    "efe",
    "agencia efe",
    "europa press",
    "servimedia",
    "colpisa",
    "notimex",
    "télam",
    "telam",
    "andina",
    "agencia andina",
    "lusa",
    "agência lusa",
    "agência brasil",
    "agencia brasil",
    "estadão conteúdo",
    "folhapress",
    "anp",
    "novum",
    // Nordic, Baltic, central and eastern Europe, Turkey, Greece
    "ntb",
    "tt",
    "tt nyhetsbyrån",
    "ritzau",
    "stt",
    "bns",
    "elta",
    "leta",
    "pap",
    "čtk",
    "ctk",
    "tasr",
    "sita",
    "mti",
    "agerpres",
    "mediafax",
    "bta",
    "бта",
    "hina",
    "sta",
    "tanjug",
    "танјуг",
    "fena",
    "srna",
    "anadolu",
    "anadolu ajansı",
    "anadolu agency",
    "aa",
    "dha",
    "iha",
    "i̇ha",
    "demirören haber ajansı",
    "ihlas haber ajansı",
    "anka",
    "ape-mpe",
    "απε-μπε",
    "тасс",
    "tass",
    "риа новости",
    "ria novosti",
    "интерфакс",
    "interfax",
    "ukrinform",
    "укрінформ",
    "уніан",
    // Arab countries, Iran, Israel, south and south-east Asia
    "wam",
    "spa",
    "qna",
    "kuna",
    "mena",
    "irna",
    "isna",
    "antara",
    "lkbn antara",
    "vna",
    "ttxvn",
    "وام",
    "واس",
    "رويترز",
    "أ ف ب",
    "فرانس برس",
    "الأناضول",
    // Korean
    "연합뉴스",
    "연합",
    "뉴시스",
    "뉴스1",
    "로이터",
    "로이터연합뉴스",
    "로이터통신",
    "ap연합뉴스",
    "afp연합뉴스",
    "epa연합뉴스",
    "신화통신",
    "신화연합뉴스",
    "교도통신",
    "yonhap",
    "yonhap news",
    "yonhap news agency",
    "newsis",
    "news1",
    // Japanese
    "共同通信",
    "共同通信社",
    "共同",
    "時事通信",
    "時事通信社",
    "時事",
    "時事ドットコム",
    "ロイター",
    "ロイター通信",
    "kyodo",
    "kyodo news",
    "jiji",
    "jiji press",
    "afpbb news",
    "afp時事",
    "afp＝時事",
    // Chinese
    "新华社",
    "新華社",
    "新华网",
    "新華網",
    "中新社",
    "中新网",
    "中国新闻网",
    "中国新闻社",
    "中央社",
    "路透社",
    "路透",
    "法新社",
    "美联社",
    "美聯社",
    "彭博社",
    "共同社",
    "韩联社",
    "韓聯社",
    "塔斯社",
    "xinhua",
    "xinhua news agency",
    "cna",
    "central news agency",
];

/// Longer texts are sentences.
const MAX_CHARS: usize = 48;

/// The agency that a byline or a closing line names alone: `dpa`, `(Reuters)`, `dpa/lno`,
/// `AFP/APA`, `The Associated Press`.
pub(super) fn named(text: &str) -> Option<String> {
    let text = text.trim_matches(|c: char| !c.is_alphanumeric());
    if text.is_empty() || text.chars().count() > MAX_CHARS {
        return None;
    }
    let is_all = |text: &str| {
        text.split(['/', '|', ','])
            .all(|part| is_agency(part.trim()))
    };
    let is_local = || {
        // The German agency marks its regional services by three letters.
        let (first, code) = text.split_once('/')?;
        let is_code = (2..=3).contains(&code.len()) && code.chars().all(char::is_lowercase);
        (is_code && is_agency(first)).then_some(())
    };
    (is_all(text) || is_local().is_some()).then(|| text.to_owned())
}

fn is_agency(name: &str) -> bool {
    let name = name.to_lowercase();
    let name = name.strip_prefix("the ").unwrap_or(&name);
    AGENCIES.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agencies_are_told_from_people() {
        for text in [
            "dpa",
            "DPA",
            "(Reuters)",
            "The Associated Press",
            "dpa/lno",
            "AFP/dpa",
            "연합뉴스",
            "新华社",
            "共同通信",
            "Agência Brasil",
            "Anadolu Ajansı",
        ] {
            assert!(named(text).is_some(), "{text}");
        }
        for text in [
            "Clara Birch",
            "AP staff writers in three cities",
            "",
            "apa Birch",
            "red/dpa birch",
            "Sandeul Ledger",
            "연합뉴스TV 홍길동",
        ] {
            assert_eq!(named(text), None, "{text}");
        }
    }
}
