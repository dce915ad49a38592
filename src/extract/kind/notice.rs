//! Barriers and errors that answer with a status of success: they say so in the title or in the
//! first line, and say little else. The words are those of the common products and of the common
//! languages of the web; none of them is believed on a page that is dated or long.

use super::Reason;
use crate::extract::pattern::Pattern;

/// A notice of one line that has no title of its own.
const LINE: usize = 300;

static CHALLENGE: Pattern = Pattern::new(concat!(
    r"(?i)^just a moment|^attention required|^access (?:to this page has been )?denied|^request rejected|",
    r"are you (?:a )?(?:human|robot)|(?:verify|confirm|prove) (?:that )?you are (?:a |not )?|",
    r"checking (?:your browser|if the site)|security (?:check|verification)|captcha|^one more step|",
    r"pardon our interruption|unusual (?:traffic|activity)|^ddos protection|^bot verification|",
    r"자동\s?(?:등록|입력)\s?방지|비정상적인\s?(?:접근|접속|요청)|접(?:근|속)이\s?(?:차단|제한)|보안\s?정책에\s?(?:의해|따라)|웹\s?방화벽|로봇이 아닙니다|",
    r"アクセスが(?:拒否|制限)|ロボットではありません|安全验证|安全驗證|访问验证|人机验证|访问(?:被拒绝|受限)|",
    r"überprüfen ihren browser|sicherheitsüberprüfung|zugriff verweigert|vérification de sécurité|accès refusé|",
    r"verificación de seguridad|acceso denegado|accesso negato|acesso negado|toegang geweigerd|odmowa dostępu|",
    r"доступ (?:запрещ[её]н|ограничен)|проверка браузера|erişim engellendi"
));
static LOGIN: Pattern = Pattern::new(concat!(
    r"(?i)^\W*(?:log ?in|sign ?in|please (?:log|sign) ?in|anmeld(?:en|ung)|einloggen|로그인|회원\s?로그인|ログイン|会員ログイン|",
    r"connexion|se connecter|iniciar sesión|inicia sesión|accedi|fazer login|inloggen|logga in|zaloguj|",
    r"вход|войти|giriş yap|登录|登入|請登入|请登录)(?:\b|\s|$|[|:：\-–])"
));
static CONSENT: Pattern = Pattern::new(concat!(
    r"(?i)^before you continue|^(?:we value|we care about) your privacy|^(?:your )?privacy (?:choices|settings|manager)|",
    r"^cookie (?:consent|settings|wall|notice)|^manage (?:your )?consent|^ihre (?:zustimmung|privatsphäre)|^datenschutzeinstellungen|",
    r"^(?:mit werbung )?weiterlesen mit werbung|^zustimmung zu cookies|^votre vie privée|^gestion (?:des|de vos) cookies|",
    r"^tu privacidad|^tus preferencias de privacidad|^la tua privacy|^uw privacy|^cookies? toestaan|",
    r"^쿠키\s?(?:동의|설정)|^개인정보\s?(?:수집|이용).{0,12}동의$|^cookie(?:の使用に関する)?(?:同意|設定)"
));
static NOT_FOUND: Pattern = Pattern::new(concat!(
    r"(?i)\b404\b|(?:page|article|story|content) (?:was |is |can(?:no|')t be |could )?not (?:be )?(?:found|available)|",
    r"no longer (?:available|exists)|nothing (?:was )?found|(?:doesn['’]t|does not) exist|",
    r"nicht (?:gefunden|mehr verfügbar)|existiert nicht|페이지를\s?찾을\s?수\s?없|존재하지\s?않는|",
    r"(?:삭제|이동)된\s?(?:기사|페이지|게시물)|없는\s?(?:기사|페이지)|기사를\s?찾을\s?수|",
    r"ページ(?:が|は)(?:見つかりません|存在しません)|記事(?:が|は)(?:見つかりません|削除)|お探しの(?:ページ|記事)|",
    r"page (?:introuvable|non trouvée)|n['’]existe (?:pas|plus)|página no (?:encontrada|existe)|no se (?:ha )?encontr[óa]|",
    r"pagina (?:non trovata|niet gevonden|nu există)|página não encontrada|strony nie znaleziono|nie znaleziono strony|",
    r"sidan (?:hittades inte|kunde inte hittas)|siden (?:ble|blev) ikke funnet|sivua ei löyt|stránka nenalezena|",
    r"страница не найдена|не существует|sayfa bulunamadı|页面不存在|页面未找到|頁面不存在|找不到(?:页面|頁面|该文章)|文章已(?:被)?删除|لم يتم العثور"
));

/// What a page says of itself in a few words.
pub(super) struct Notice<'a> {
    pub(super) titles: [&'a str; 2],
    pub(super) lead: &'a str,
    /// The weight of its text.
    pub(super) text: usize,
    pub(super) asks_password: bool,
}

impl Notice<'_> {
    /// The barrier or error that the page is.
    pub(super) fn reason(&self) -> Option<Reason> {
        if self.says(&CHALLENGE) {
            return Some(Reason::Challenge);
        }
        if self.says(&NOT_FOUND) {
            return Some(Reason::SoftNotFound);
        }
        if self.is_titled(&CONSENT) {
            return Some(Reason::Consent);
        }
        let is_login = self.is_titled(&LOGIN) || (self.asks_password && self.text < LINE);
        is_login.then_some(Reason::Login)
    }

    fn is_titled(&self, pattern: &Pattern) -> bool {
        self.titles.iter().any(|title| pattern.is_match(title))
    }

    fn says(&self, pattern: &Pattern) -> bool {
        self.is_titled(pattern) || (self.text < LINE && pattern.is_match(self.lead))
    }
}
