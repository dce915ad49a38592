//! Month names.

/// Names and abbreviations of each month, in lower case: English, German, French, Spanish,
/// Italian, Portuguese, Catalan, Dutch, Polish, Czech, Slovak, Russian, Ukrainian, Turkish,
/// Nordic, Finnish, Greek, Romanian, Hungarian, Indonesian; in the case used in dates.
const NAMES: [&str; 12] = [
    "january jan januar jänner janvier janv enero ene gennaio gen janeiro gener januari \
     stycznia sty ledna led januára января янв січня ocak oca tammikuuta ιανουαρίου ιαν ianuarie \
     január",
    "february feb februar feber février fevrier févr fév febrero febbraio fevereiro fev \
     febrer februari febr lutego lut února úno februára февраля фев лютого şubat şub helmikuuta \
     φεβρουαρίου φεβ februarie február",
    "march mar märz maerz mär mrz mars marzo março març maart mrt marca března bře марта мар \
     березня mart marts maaliskuuta μαρτίου μαρ martie március maret",
    "april apr avril avr abril abr aprile kwietnia kwi dubna dub apríla апреля апр квітня nisan nis \
     huhtikuuta απριλίου απρ aprilie április",
    "may mai mayo maggio mag maio maig mei maja maj května kvě mája мая май травня mayıs \
     toukokuuta μαΐου μαϊ május",
    "june jun juni juin junio giugno giu junho juny czerwca cze června čvn júna июня июн червня \
     haziran haz kesäkuuta ιουνίου ιουν iunie június",
    "july jul juli juillet juil julio luglio lug julho juliol lipca lip července čvc júla июля июл \
     липня temmuz tem heinäkuuta ιουλίου ιουλ iulie július",
    "august aug août aout agosto ago agost augustus sierpnia sie srpna srp augusta августа авг \
     серпня ağustos ağu augusti elokuuta αυγούστου αυγ augusztus agustus",
    "september sep sept septembre septiembre setiembre settembre set setembro setembre września \
     wrz září zář septembra сентября сен сент вересня eylül eyl syyskuuta σεπτεμβρίου σεπ \
     septembrie szeptember",
    "october oct oktober okt octobre octubre ottobre ott outubro out października paź října říj \
     októbra октября окт жовтня ekim eki lokakuuta οκτωβρίου οκτ octombrie október",
    "november nov novembre noviembre novembro listopada lis listopadu novembra ноября ноя нояб \
     листопада kasım kas marraskuuta νοεμβρίου νοε noiembrie",
    "december dec dezember dez décembre decembre déc diciembre dic dicembre dezembro desembre \
     desember des grudnia gru prosince pro decembra декабря дек грудня aralık ara joulukuuta \
     δεκεμβρίου δεκ decembrie",
];

/// The number of a month by its name or abbreviation, without a dot, in any case.
pub(super) fn number(name: &str) -> Option<u32> {
    // Turkish capital dotted I lowers to `i` and a combining dot
    let name = name.to_lowercase().replace('\u{307}', "");
    (1..)
        .zip(NAMES)
        .find(|(_, names)| names.split(' ').any(|known| known == name))
        .map(|(number, _)| number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_stands_for_two_months() {
        for (month, names) in (1..).zip(NAMES) {
            for name in names.split(' ') {
                assert_eq!(number(name), Some(month), "{name}");
            }
        }
    }
}
