//! Words that stand around the figures of a date: weekdays, "at", halves of the day. In lower case.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Weekdays and their abbreviations, which are read over: the figures decide.
const WEEKDAYS: &str = "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed \
    thu thur thurs fri sat sun montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag \
    mo di mi do fr sa so lundi mardi mercredi jeudi vendredi samedi dimanche lun mar mer jeu ven sam \
    dim lunes martes miércoles miercoles jueves viernes sábado sabado domingo mié jue vie sáb dom \
    lunedì martedì mercoledì giovedì venerdì sabato domenica gio segunda terça quarta quinta sexta \
    feira seg ter qua qui sex dilluns dimarts dimecres dijous divendres dissabte diumenge maandag \
    dinsdag woensdag donderdag vrijdag zaterdag zondag ma wo vr za zo måndag tisdag onsdag torsdag \
    fredag lördag söndag mandag tirsdag lørdag søndag mån tis ons tor fre lör sön tir lør søn \
    maanantai tiistai keskiviikko torstai perjantai lauantai sunnuntai maanantaina tiistaina \
    keskiviikkona torstaina perjantaina lauantaina sunnuntaina ti ke to pe la su poniedziałek wtorek \
    środa czwartek piątek sobota niedziela pon wt śr czw pt sob niedz nd pondělí úterý středa čtvrtek \
    pátek neděle po út st čt pá ne pondelok utorok streda štvrtok piatok nedeľa hétfő kedd szerda \
    csütörtök péntek szombat vasárnap luni marți miercuri joi vineri sâmbătă duminică понеделник \
    вторник среда четверг пятница суббота воскресенье пн вт ср чт пт сб вс понеділок вівторок середа \
    четвер п'ятниця субота неділя нд сряда четвъртък петък събота δευτέρα τρίτη τετάρτη πέμπτη \
    παρασκευή σάββατο κυριακή δευ τρι τετ πεμ παρ σαβ κυρ pazartesi salı çarşamba perşembe cuma \
    cumartesi pazar pzt çar per cum cmt paz ponedeljak utorak srijeda sreda četvrtak petak subota \
    nedjelja nedelja ponedeljek torek četrtek petek nedelja esmaspäev teisipäev kolmapäev neljapäev \
    reede laupäev pühapäev pirmdiena otrdiena trešdiena ceturtdiena piektdiena sestdiena svētdiena \
    pirmadienis antradienis trečiadienis ketvirtadienis penktadienis šeštadienis sekmadienis senin \
    selasa rabu kamis jumat sabtu minggu isnin khamis jumaat ahad lunes miyerkules huwebes biyernes \
    linggo jumatatu jumanne jumatano alhamisi ijumaa jumamosi jumapili الاثنين الإثنين الثلاثاء الأربعاء \
    الخميس الجمعة السبت الأحد دوشنبه سه شنبه سه‌شنبه چهارشنبه پنجشنبه جمعه شنبه یکشنبه پیر منگل بدھ جمعرات \
    ہفتہ اتوار שני שלישי רביעי חמישי שישי שבת ראשון יום सोमवार मंगलवार बुधवार गुरुवार शुक्रवार शनिवार रविवार \
    সোমবার মঙ্গলবার বুধবার বৃহস্পতিবার শুক্রবার শনিবার রবিবার திங்கள் செவ்வாய் புதன் வியாழன் வெள்ளி சனி ஞாயிறு \
    จันทร์ อังคาร พุธ พฤหัสบดี ศุกร์ เสาร์ อาทิตย์ จ อ พ พฤ ศ ส อา thứ hai ba tư năm sáu bảy chủ nhật 월 화 수 목 금 토 일 월요일 \
    화요일 수요일 목요일 금요일 토요일 일요일 月 火 水 木 金 土 日 月曜日 火曜日 水曜日 木曜日 金曜日 土曜日 日曜日 月曜 \
    火曜 水曜 木曜 金曜 土曜 日曜 祝 星期一 星期二 星期三 星期四 星期五 星期六 星期日 星期天 周一 周二 周三 周四 周五 周六 周日 \
    週一 週二 週三 週四 週五 週六 週日 礼拜天";

/// "At", "of the year" and the like, between a date and its time.
const JOINTS: &str = "at on um à a às as las la le alle om u v ve o r d m о в во у г года р року στις vào في \
    את को সময় nang ob ב";

/// Words that are followed by a time and nothing else.
const CLOCKS: &str = "kl klo klokken kello ore ora orele óra hora horas godz godzina hour ώρα pukul pkl \
    jam lúc เวลา الساعة ساعت בשעה saat saati plkst val kell मणि समय saa";

/// A half or part of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Half {
    /// Before noon: 12 is midnight.
    Morning,
    /// After noon.
    Afternoon,
    /// From dusk to dawn: 8 is 20:00, 2 is 2:00, and 12 is the wrong day for one of two readers.
    Night,
    /// Around noon: 1 is 13:00.
    Noon,
}

/// Words for parts of the day, before or behind the time.
pub(super) const HALVES: &[(Half, &[&str])] = &[
    (
        Half::Morning,
        &[
            "am",
            "a.m.",
            "a.m",
            "a. m.",
            "오전",
            "새벽",
            "아침",
            "午前",
            "上午",
            "早上",
            "凌晨",
            "清晨",
            "朝",
            "sa",
            "sáng",
            "ص",
            "صباحا",
            "صباحاً",
            "ق.ظ",
            "صبح",
            "πμ",
            "π.μ.",
            "öö",
            "de.",
            "सुबह",
            "पूर्वाह्न",
            "pagi",
            "pg",
        ],
    ),
    (
        Half::Afternoon,
        &[
            "pm",
            "p.m.",
            "p.m",
            "p. m.",
            "오후",
            "저녁",
            "午後",
            "下午",
            "傍晚",
            "夕方",
            "ch",
            "chiều",
            "م",
            "مساء",
            "مساءً",
            "ب.ظ",
            "عصر",
            "μμ",
            "μ.μ.",
            "ös",
            "du.",
            "शाम",
            "दोपहर",
            "अपराह्न",
            "sore",
            "ptg",
            "petang",
        ],
    ),
    (
        Half::Night,
        &[
            "밤",
            "夜",
            "晚上",
            "晚间",
            "深夜",
            "tối",
            "đêm",
            "रात",
            "malam",
        ],
    ),
    (Half::Noon, &["낮", "正午", "中午", "trưa", "siang"]),
];

/// Those that mean something else before a time: German weekdays and the like.
const ONLY_BEHIND: &[&str] = &["sa", "ch", "pg"];

static PASSED: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let words = WEEKDAYS.split_ascii_whitespace();
    words.chain(JOINTS.split_ascii_whitespace()).collect()
});

/// Whether a word says that a time follows.
pub(super) fn is_clock(word: &str) -> bool {
    let word = word.to_lowercase();
    CLOCKS.split_ascii_whitespace().any(|known| known == word)
}

/// Whether a word may stand between a date and its time.
pub(super) fn is_passed(word: &str) -> bool {
    word.len() <= 48 && PASSED.contains(word.to_lowercase().as_str())
}

/// The part of the day that a word names.
pub(super) fn half(word: &str) -> Option<Half> {
    let word = word.trim().to_lowercase();
    let named = HALVES
        .iter()
        .find(|(_, words)| words.contains(&word.as_str()));
    named.map(|(half, _)| *half)
}

/// Whether a word names a part of the day before the time too.
pub(super) fn is_half_before(word: &str) -> bool {
    half(word).is_some() && !ONLY_BEHIND.contains(&word.to_lowercase().as_str())
}

impl Half {
    /// The hour of the day, of an hour as it was written.
    pub(super) fn hour(self, hour: u32) -> Option<u32> {
        match (self, hour) {
            (Self::Morning, 12) => Some(0),
            (Self::Morning, 13..) => None,
            (Self::Afternoon, ..12) | (Self::Noon, ..6) | (Self::Night, 6..12) => Some(hour + 12),
            (Self::Night, 12) => None,
            (_, hour) => Some(hour), // also "오후 17:25", as some write
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_the_day_move_the_hour() {
        for (word, hour, expected) in [
            ("a.m.", 12, Some(0)),
            ("PM", 12, Some(12)),
            ("午後", 0, Some(12)),
            ("밤", 11, Some(23)),
            ("밤", 12, None),
            ("새벽", 2, Some(2)),
            ("中午", 1, Some(13)),
            ("오후", 17, Some(17)),
            ("am", 14, None),
        ] {
            assert_eq!(
                half(word).and_then(|half| half.hour(hour)),
                expected,
                "{word} {hour}"
            );
        }
    }
}
