//! The words with which newsrooms point away from the article: to other articles, to newsletters, to
//! their own channels. They prove nothing alone: whoever asks looks at links and position as well.

use crate::extract::pattern::Pattern;

/// "Read also" and the like at the start of a line, then its end or a mark.
static POINTER: Pattern = Pattern::new(concat!(
    r"(?i)^[\W_]{0,4}(?:",
    r"read (?:more|also|next|on|this(?: next)?|the full (?:story|article))|also (?:read|see)|also|see also|more|",
    r"more (?:on|from) [\p{L}\s]{1,30}|related(?: (?:articles?|stor(?:y|ies)|news|content|posts?|reading|topics?|coverage|links?))?|",
    r"don.t miss|recommended(?: (?:reading|for you))?|you (?:may|might) (?:also )?(?:like|be interested in)|",
    r"watch(?: also| now| more)?|listen(?: now)?|must read|explore more|in case you missed it|further reading|",
    r"lesen sie (?:auch|mehr|hierzu|dazu)|lies auch|mehr (?:zum thema|dazu|themen|lesen)|auch interessant|lesetipps?|",
    r"das könnte (?:sie|dich) auch interessieren|weiterlesen|zum thema|schon gelesen\?|siehe auch|passend dazu|",
    r"(?:weitere|neueste|ähnliche) (?:artikel|themen|nachrichten|beiträge)|",
    r"(?:à )?lire (?:aussi|également|la suite)|à (?:lire|voir)(?: aussi)?|voir aussi|sur le même (?:sujet|thème)|",
    r"le[ae] (?:también|más)|leer más|(?:le|te) puede interesar|noticias? relacionadas?|ver también|mir[ae] también|",
    r"leggi (?:anche|di più)|potrebbe interessarti|vedi anche|articoli correlati|",
    r"leia (?:também|mais)|veja (?:também|mais)|saiba mais|lees (?:ook|meer|verder)|bekijk ook|",
    r"czytaj (?:więcej|także|również|też)|zobacz (?:także|również|też)|čtěte (?:také|též)|mohlo by vás zajímat|",
    r"läs (?:också|även|mer|vidare)|les (?:også|mer)|læs (?:også|mere)|lue (?:myös|lisää)|",
    r"ilgili haber(?:ler)?|читайте (?:также|ещё)|по теме|читати також|baca (?:juga|selengkapnya)|xem thêm|",
    r"เรื่องที่เกี่ยวข้อง|ข่าวที่เกี่ยวข้อง|อ่านเพิ่มเติม|関連(?:記事|ニュース|リンク)|あわせて読みたい|続きを読む|",
    r"相关(?:阅读|新闻|报道|链接)|延伸阅读|推荐阅读|相關(?:新聞|報導)|延伸閱讀|",
    r"(?:관련|함께 보면 좋은|추천|주요|많이 본|인기)\s?(?:기사|뉴스|글)|이 기사도|더\s?보기|기사 더\s?보기",
    r")\s*(?:[:：|>»›▶►→–—-].*|[\W_]*)$"
));

/// Whether a line points to other pages, judged by its words alone.
pub(super) fn is_pointer(line: &str) -> bool {
    POINTER.is_match(line)
}
