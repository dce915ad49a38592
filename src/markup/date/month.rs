//! Month names.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Names and abbreviations of each month in lower case and without dots, in the nominative and in
/// the case used in dates: English, German, French, Spanish, Italian, Portuguese, Catalan,
/// Galician, Basque, Dutch, Afrikaans, Polish, Czech, Slovak, Slovenian, Croatian, Serbian,
/// Bulgarian, Macedonian, Russian, Ukrainian, Belarusian, Turkish, Azerbaijani, the Nordic languages, Finnish,
/// Estonian, Latvian, Lithuanian, Greek, Romanian, Hungarian, Albanian, Indonesian, Malay,
/// Filipino, Swahili, Arabic of the Gulf, the Maghreb and the Levant, Persian, Urdu, Hebrew, Hindi,
/// Marathi, Bengali, Tamil, Thai.
const NAMES: [&str; 12] = [
    "january jan januar jänner jän janvier janv jany enero ene gennaio gen janeiro xaneiro gener \
     januari januarie stycznia styczeń sty leden ledna led januára január siječnja siječanj sij \
     јануар јануара януари јануари января январь янв січня січень січ студзеня студзень ocak oca yanvar \
     tammikuuta tammikuu tammikuun jaanuar jaan janvāris janvāra janvārī sausio sausis ιανουαρίου \
     ιανουάριος ιαν ianuarie ian janar enero urtarrila urtarrilaren janúar يناير جانفي كانون_الثاني ژانویه \
     جنوری ינואר जनवरी जन जानेवारी জানুয়ারি জানুয়ারী ஜனவரி มกราคม มค",
    "february feb februar feber février fevrier févr fév febrero febbraio fevereiro fev febreiro \
     febrer februari febr februarie lutego luty lut únor února úno februára február veljače \
     veljača velj фебруар фебруара фев февруари февраля февраль февр лютого лютий лют лютага люты şubat şub fevral \
     helmikuuta helmikuu helmikuun veebruar veebr februāris februāra februārī vasario vasaris \
     φεβρουαρίου φεβρουάριος φεβ februarie shkurt otsaila otsailaren febrúar pebrero فبراير فيفري شباط فوریه \
     فروری פברואר फ़रवरी फरवरी फेब्रुवारी ফেব্রুয়ারি ফেব্রুয়ারী பிப்ரவரி กุมภาพันธ์ กพ",
    "march mar märz maerz mär mrz mars marzo março marco març maart mrt marca marzec března březen \
     bře marec ožujka ožujak ožu март марта мар березня березень бер сакавіка сакавік mart marts \
     maaliskuuta maaliskuu maaliskuun märts marta martā kovo kovas μαρτίου μάρτιος μαρ μάρ \
     martie maret mac március márc machi martxoa martxoaren marso مارس آذار مارچ מרץ मार्च মার্চ \
     மார்ச் มีนาคม มีค",
    "april apr avril avr abril abr aprile kwietnia kwiecień kwi dubna duben dub apríla apríl \
     travnja travanj april април априла апр апреля апрель квітня квітень кві красавіка красавік nisan nis aprel \
     huhtikuuta huhtikuu huhtikuun aprill aprīlis aprīļa aprīlī balandžio balandis απριλίου \
     απρίλιος απρ aprilie április ápr apirila apirilaren prill aprili abril أبريل ابريل أفريل نيسان آوریل اپریل \
     אפריל अप्रैल एप्रिल এপ্রিল ஏப்ரல் เมษายน เมย",
    "may mai mayo maggio mag maio maig mei maja maj května květen kvě mája máj svibnja svibanj svi \
     мај маја май мая травня травень тра мая травень mayıs toukokuuta toukokuu toukokuun maijs \
     maija maijā gegužės gegužė μαΐου μάιος μαϊ μάι május maiatza maiatzaren maí mayo مايو ماي أيار مه می \
     מאי मई मे মে மே พฤษภาคม พค",
    "june jun juni juin junio giugno giu junho xuño juny czerwca czerwiec cze června červen čvn \
     čer júna jún lipnja lipanj јун јуна јуни юни июня июнь июн червня червень чер чэрвеня haziran haz \
     iyun kesäkuuta kesäkuu kesäkuun juuni jūnijs jūnija jūnijā birželio birželis ιουνίου ιούνιος \
     ιουν iunie iun június qershor ekaina ekainaren júní hunyo يونيو جوان حزيران ژوئن جون יוני जून জুন ஜூன் \
     มิถุนายน มิย",
    "july jul juli juillet juil julio luglio lug julho xullo juliol lipca lipiec lip července \
     červenec čvc júla júl srpnja srpanj јул јула јули юли июля июль июл липня липень лип ліпеня temmuz tem iyul \
     heinäkuuta heinäkuu heinäkuun juuli jūlijs jūlija jūlijā liepos liepa ιουλίου ιούλιος ιουλ \
     iulie iul július korrik uztaila uztailaren júlí hulyo julai يوليو جويلية تموز ژوئیه جولائی יולי जुलाई जुलै \
     জুলাই ஜூலை กรกฎาคม กค",
    "august aug août aout agosto ago agost augustus sierpnia sierpień sie srpna srpen srp augusta \
     kolovoza kolovoz август августа авг серпня серпень сер жніўня ağustos ağu avqust augusti \
     elokuuta elokuu elokuun augusts augustā rugpjūčio rugpjūtis αυγούστου αύγουστος αυγ αύγ \
     augusztus gusht abuztua abuztuaren ágúst agustus ogos agosti أغسطس أوت آب اوت اگست אוגוסט अगस्त ऑगस्ट \
     আগস্ট ஆகஸ்ட் สิงหาคม สค",
    "september sep sept septembre septiembre setiembre settembre set setembro setembre września \
     wrzesień wrz září zář septembra rujna rujan септембар септембра септември сентября сентябрь \
     сен сент вересня вересень вер верасня eylül eyl sentyabr syyskuuta syyskuu syyskuun septembris \
     septembrī rugsėjo rugsėjis σεπτεμβρίου σεπτέμβριος σεπ σεπτ septembrie szeptember szept \
     shtator iraila irailaren setyembre septemba سبتمبر أيلول سپتامبر ستمبر ספטמבר सितंबर सितम्बर सप्टेंबर সেপ্টেম্বর \
     செப்டம்பர் กันยายน กย",
    "october oct oktober okt octobre octubre ottobre ott outubro out octubre października \
     październik paź října říjen říj októbra október октобар октобра октомври октября октябрь окт \
     жовтня жовтень жов кастрычніка ekim eki oktyabr lokakuuta lokakuu lokakuun oktoober oktobris \
     oktobra oktobrī spalio spalis οκτωβρίου οκτώβριος οκτ octombrie urria urriaren tetor oktubre oktoba أكتوبر \
     تشرين_الأول تشرين_الاول اکتبر اکتوبر אוקטובר अक्टूबर अक्तूबर ऑक्टोबर অক্টোবর அக்டோபர் ตุลาคม \
     ตค",
    "november nov novembre noviembre novembro listopada listopad lis listopadu lis novembra \
     studenoga studeni studenog stu новембар новембра ноември ноября ноябрь ноя нояб листопада \
     листопад лис лістапада kasım kas noyabr marraskuuta marraskuu marraskuun novembris novembrī \
     lapkričio lapkritis νοεμβρίου νοέμβριος νοε noiembrie noi nóvember nëntor azaroa azaroaren nobyembre \
     novemba نوفمبر تشرين_الثاني نوامبر نومبر נובמבר नवंबर नवम्बर नोव्हेंबर নভেম্বর நவம்பர் \
     พฤศจิกายน พย",
    "december dec dezember dez décembre decembre déc diciembre dic dicembre dezembro decembro \
     desembre desember des grudnia grudzień gru prosince prosinec pro decembra prosinca децембар \
     децембра декември декабря декабрь дек грудня грудень гру снежня aralık ara dekabr joulukuuta \
     joulukuu joulukuun detsember dets decembris decembrī gruodžio gruodis δεκεμβρίου δεκέμβριος \
     δεκ decembrie dhjetor abendua abenduaren disember disyembre desemba ديسمبر كانون_الأول كانون_الاول دسامبر \
     دسمبر דצמבר दिसंबर दिसम्बर डिसेंबर ডিসেম্বর டிசம்பர் ธันวาคม ธค",
];

/// The months of the Persian year.
const PERSIAN: [&str; 12] = [
    "فروردین",
    "اردیبهشت",
    "خرداد",
    "تیر",
    "مرداد",
    "شهریور",
    "مهر",
    "آبان",
    "آذر",
    "دی",
    "بهمن",
    "اسفند",
];

/// A month by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Month {
    /// Of our calendar.
    Common(u32),
    /// Of the Persian calendar.
    Persian(u32),
}

static KNOWN: LazyLock<HashMap<&str, Month>> = LazyLock::new(|| {
    let common = (1..).zip(NAMES).flat_map(|(number, names)| {
        let names = names.split_ascii_whitespace();
        names.map(move |name| (name, Month::Common(number)))
    });
    let persian = (1..)
        .zip(PERSIAN)
        .map(|(number, name)| (name, Month::Persian(number)));
    common.chain(persian).collect()
});

/// The longest name in bytes.
const MAX_BYTES: usize = 48;

/// The month with a name or abbreviation, in any case and without dots; two words are joined by an
/// underscore.
pub(super) fn named(name: &str) -> Option<Month> {
    if name.len() > MAX_BYTES {
        return None;
    }
    // Turkish capital dotted I lowers to `i` and a combining dot
    let name = name.to_lowercase().replace('\u{307}', "");
    let bare = || KNOWN.get(name.strip_prefix('ב')?); // Hebrew "in"
    KNOWN.get(name.as_str()).or_else(bare).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_stands_for_two_months() {
        for (month, names) in (1..).zip(NAMES) {
            for name in names.split_ascii_whitespace() {
                assert_eq!(named(name), Some(Month::Common(month)), "{name}");
            }
        }
    }
}
