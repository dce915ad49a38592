//! The words with which newsrooms point away from the article: to other articles, to newsletters, to
//! their own channels. They prove nothing alone: whoever asks looks at links and position as well.

use crate::extract::pattern::Pattern;
use crate::extract::text::ends_sentence;

/// "Read also" and the like at the start of a line, then its end or a mark.
static POINTER: Pattern = Pattern::new(concat!(
    r"(?i)^[\W_]{0,4}(?:",
    r"read (?:more|also|next|on|this(?: next)?|the full (?:story|article))|also (?:read|see)|also|see also|more|",
    r"more (?:on|from) [\p{L}\s]+|related(?: (?:articles?|stor(?:y|ies)|news|content|posts?|reading|topics?|coverage|links?))?|",
    r"don.t miss|recommended(?: (?:reading|for you))?|you (?:may|might) (?:also )?(?:like|be interested in)|",
    r"(?:learn|find out|read) more (?:about|on|in|at) .{1,120}|watch(?: also| now| more)?|listen(?: now)?|must read|explore more|in case you missed it|further reading|",
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
    r")(?:\s*[:：|>»›▶►→\]】].*|\s+[–—-]\s.*|[\W_]*)$"
));

/// Whether a line points to other pages, judged by its words alone.
pub(super) fn is_pointer(line: &str) -> bool {
    POINTER.is_match(line)
}

/// Lines that are nothing but a sign: the whole line, wherever it stands.
static BARE: Pattern = Pattern::new(concat!(
    r"(?i)^\W{0,3}(?:advertisement|anzeige|werbung|publicidad|publicité|pubblicità|reklama|annons|реклама|広告|广告|광고|",
    r"story continues below(?: advertisement)?|article continues (?:below|after).{0,30}|",
    r"continue reading(?: below)?(?: the main story)?|skip advertisement|loading|caption|close|comments?|share|print|email|",
    r"back to top|end of article|ende des artikels|nach oben|haut de (?:la )?page|volver arriba|torna su|맨 위로|ページの?先頭へ|kommentare|コメント|image copyright.{0,60}|pages?:(?: \d{1,2})+|seiten?:(?: \d{1,2})+|",
    r"이미지\s?확대(?:보기)?|사진\s?확대|기사내용 요약)\W{0,3}$"
));
/// The start of a line behind the text that asks the reader for something or credits somebody: no
/// newsroom begins a sentence of its text so.
static CLOSING: Pattern = Pattern::new(concat!(
    r"(?i)^\W{0,3}(?:follow (?:us|him|her|me|them|@|(?-i:\p{Lu}))|sign up|subscribe|share (?:this|via|your)|click here|join (?:us|our (?:community|newsletter|mailing list|channel|group|whatsapp|telegram))|",
    r"download (?:the|our) .{0,30}app|contact (?:us|the author)|get (?:the|our) .{0,30}(?:newsletter|app)|like us|email (?:us|the author)|",
    r"read (?:more|also|next|the full)|see also|more (?:on this|stories|news from)\b|watch:|listen:|listen to .{1,40} (?:live|on) |",
    r"tags?(?:\s*:|$)|filed under|topics?:|categories:|pages?: ?\d|doi: ?|source:|learn more (?:about|at|in)\b|",
    r"about the authors?|do you have a (?:story|tip|question)|have you got a story|got a (?:story|tip)|tell us what|like this story|",
    r"if you (?:liked|enjoyed) this|let us know (?:in the comments|what you)|what do you think|this (?:story|article) is funded|",
    r"with (?:files|reports?|reporting|additional reporting) (?:from|by)|(?:associated press|ap) (?:sports )?writers? .{0,120}contributed|",
    r"lesen sie|mehr (?:zum thema|zu diesem thema)|weitere (?:artikel|nachrichten|infos)|quellen?:|",
    r"themen:|schlagwörter:|über (?:den autor|die autorin)|wie (?:hat|gefällt) (?:ihnen|dir) dieser (?:artikel|beitrag)|",
    r"(?:dieses thema im programm|sendung):|mit (?:material|informationen) (?:von|der|des)|folgen sie|abonnieren sie|",
    r"lire aussi|à lire|sur le même sujet|à propos de l.auteur|suivez-nous|",
    r"le[ae] también|leer más|te puede interesar|sobre el autor|síguenos|con información de|suscríbe|temas:|etiquetas:|",
    r"leggi anche|seguici|riproduzione riservata|leia (?:também|mais)|sobre o autor|siga-nos|com informações d|lees ook|volg ons|",
    r"czytaj (?:więcej|także|również|też)|źródło:|zdroj:|läs (?:också|mer)|les også|læs også|källa:|kilde:|baca juga|cek berita|ikuti (?:kami|berita)|sumber:|kaynak:|",
    r"подписывайтесь|читайте также|источник:|関連記事|あわせて読みたい|フォローする|来源：|",
    r"제보는 |당신의 제보|※ 우울감|※ 이 기사는|",
    r"(?:화나요|슬퍼요|훈훈해요|놀라워요|좋아요|(?:추가\s?취재|후속\s?기사)를?\s?원해요)\s*\d)"
));
/// Newsletters and questions about the page itself, anywhere in such a line.
static REQUEST: Pattern = Pattern::new(concat!(
    r"(?i)\b(?:sign(?:ing)? up (?:here|now|today|(?:to|for) (?:our|my))|(?:our|my|unseren?|notre|nuestr[oa]|nostra|nossa|onze) newsletter|",
    r"newsletter (?:anmelden|abonnieren)|in (?:your|deinen?|ihren?) (?:inbox|posteingang)|straight to your (?:inbox|phone)|unsubscribe|",
    r"was this (?:article|story|page) (?:helpful|useful|interesting)|(?:war|ist) (?:der|dieser) (?:artikel|beitrag) (?:nützlich|hilfreich)|",
    r"(?:möchten|wollen) sie (?:den|diesen) (?:artikel|beitrag) teilen|cet article vous a.t.il|te ha (?:gustado|resultado útil) (?:este|el) artículo|",
    r"questo articolo ti è|gostou (?:deste|do) artigo)\b|이 기사가 (?:도움|마음에)|뉴스레터를? (?:구독|신청)|この記事は(?:役に立|参考に)|メルマガ(?:登録|購読)|这篇文章对您|這篇文章對您"
));
/// Words that begin such lines and sentences alike.
static LABEL: Pattern = Pattern::new(concat!(
    r"(?i)^\W{0,3}(?:related|share on|download the|email the|learn more|more (?:from|about|info|on|(?-i:\p{Lu}{2,}))\b|social media$|advertisement|",
    r"mehr (?:zum|zu|über)|auch interessant|das könnte|teilen|partager|avec (?:afp|reuters|ap)$|czytaj|ikuti |",
    r"관련\s?기사|관련\s?뉴스|주요\s?뉴스|많이 본|이 기사를|기사\s?제보|제보\s?하기|구독|네이버|카카오톡|",
    r"좋아요|공유|인쇄|스크랩|기사내용 요약|이미지 확대|사진\s?확대)"
));

/// Whether a line is a sign of the page and nothing else.
pub(super) fn is_bare(line: &str) -> bool {
    BARE.is_match(line)
}

/// Whether a line at the end of a text is no part of it. What somebody says is part of it.
pub(super) fn is_closing(line: &str) -> bool {
    let is_said = line.starts_with(['"', '\'', '“', '‘', '„', '«', '「', '『']);
    let is_sentence = ends_sentence(line) && !line.ends_with(':');
    let is_request = CLOSING.is_match(line) || REQUEST.is_match(line);
    !is_said && (is_request || (!is_sentence && LABEL.is_match(line)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_are_known_in_many_languages() {
        for line in [
            "Read more: The night boat",
            "READ ALSO",
            "Related stories:",
            "[Related: The night boat]",
            "Learn more about the night boat",
            "Mehr zum Thema: Die Nachtfähre",
            "À lire aussi : la barque",
            "Le puede interesar",
            "Leggi anche: la barca",
            "Leia também",
            "Lees ook: de nachtboot",
            "Czytaj więcej",
            "Läs också: nattbåten",
            "Baca juga: kapal malam",
            "関連記事",
            "相关阅读：夜航船",
            "[관련기사] 밤배가 다시 다닌다",
            "▶ 관련 기사",
        ] {
            assert!(is_pointer(line), "{line}");
        }
    }

    #[test]
    fn sentences_that_begin_alike_are_no_pointers() {
        for line in [
            "More than four hundred people came.",
            "Also on board was the captain's dog.",
            "Related species live in the north.",
            "Recommended by the board, the plan went through.",
            "Mehr zum Thema sagte er nicht.",
            "관련기사를 읽은 시민들이 모였다.",
            "주요 뉴스가 끝난 뒤 배가 떠났다.",
            "Watch out for seals.",
            "Also-rans of the regatta met again",
        ] {
            assert!(!is_pointer(line), "{line}");
        }
    }

    #[test]
    fn what_closes_a_page_is_told_from_sentences_that_begin_alike() {
        for line in [
            "Follow Nora Quill on the usual networks.",
            "Sign up for our harbour letter!",
            "More from the harbour",
            "Related topics:",
            "Mehr zum Hafen",
            "네이버에서 새솔경제 구독하기",
            "이 기사를 추천합니다",
            "제보는 카카오톡으로 받습니다.",
            "Want more of the harbour? It comes straight to your inbox on Fridays.",
            "War der Artikel nützlich?",
            "이 기사가 도움이 됐나요?",
            "좋아요 12",
        ] {
            assert!(is_closing(line), "{line}");
        }
        for line in [
            "Follow the coast and the lighthouse comes into view.",
            "More on board than ashore, they sang until the morning.",
            "Related species live in the north.",
            "“Join us,” the captain called from the pier.",
            "Mehr zu sagen hatte er nicht.",
            "Das könnte den Hafen teuer kommen.",
            "네이버는 새 지도를 다음 달에 내놓는다고 밝혔다.",
            "구독 서비스 요금은 그대로다.",
            "공유 자전거는 두 배로 늘었다.",
            "인쇄 매체의 시대가 끝났다고 그는 말했다.",
        ] {
            assert!(!is_closing(line), "{line}");
        }
    }

    #[test]
    fn bare_signs_are_whole_lines_only() {
        for line in [
            "Advertisement",
            "광고",
            "이미지 확대보기",
            "Pages: 1 2 3",
            "Back to Top",
        ] {
            assert!(is_bare(line), "{line}");
        }
        for line in [
            "광고 시장이 커졌다.",
            "Share prices fell.",
            "Print is not dead.",
            "Pages: 300",
        ] {
            assert!(!is_bare(line), "{line}");
        }
    }
}
