"""How the languages that Teams speaks say "password", so that each sentence with one is found."""

# German, French, Spanish, Portuguese, Italian and Romanian, Dutch, Polish, Czech, Swedish, Danish,
# Norwegian, Finnish, Hungarian, Turkish, Croatian, Indonesian, Russian, Greek, Chinese, Japanese,
# Korean; then the others, and "is" in them.
FOREIGN = (
    r"kennwort|passwort|mots?[ _]de[ _]passe|contrase[nñ]a|\bclave|\bsenha|palavra[ -]passe"
    r"|\bparol[aăe](?:[ _]d'ordine)?|passord|salasana|jelsz[oó]|\bheslo|lozinka|zaporka|kata sandi"
    r"|wachtwoord|\bhas[lł]o|l[oö]senord|adgangskode|kodeord|\b[sş]ifre|парол[ья]|κωδικ[οό]ς"
    r"|密码|密碼|口令|パスワード|비밀번호|암호"
    r"|contrasenya|contrasinal|pasahitza|pasfhocal|cyfrinair|\bgeslo|kata laluan|\bparool"
    r"|fjalëkalim\w{0,3}|slaptažod\w{1,3}|lykilorð\w{0,3}|mật khẩu|лозинка|құпиясөз|пароли"
    r"|كلمة (?:المرور|السر)|رمز عبور|گذرواژه|پاس ورڈ|סיסמ[הא]|रहस्यशब्द|पासवर्ड|कूटशब्द|पारण शब्द"
    r"|পাসওয়ার্ড|પાસવર્ડ|கடவுச்சொல்|పాస్‌వర్డ్|ಪಾಸ್ವರ್ಡ್|รหัสผ่าน|პაროლი|գաղտնաբառ"
)
FOREIGN_COPULA = (
    r"(?:to|je|jest|är|er|on|este|adalah|ialah|είναι|είναι:|lautet|ist|est|es|è|é|là|dir|är:|е"
    r"|है|হল|છે|คือ|هي|هو|است|ہے|היא|הוא|是|为|為|は|が|는|은|이|가|—|-)"
)
# How those words begin, found much faster one by one than by a pattern with all of them.
BEGINNINGS = (
    *("kennwort", "mot", "contras", "clave", "senha", "palavra", "parol", "passord", "salasana"),
    *("jelsz", "heslo", "lozinka", "zaporka", "kata sandi", "kata laluan", "wachtwoord", "haslo"),
    *("losenord", "adgangskode", "kodeord", "sifre", "pasahitza", "pasfhocal", "cyfrinair"),
    *("geslo", "parool"),
)
OTHER_BEGINNINGS = (
    *(
        "hasł",
        "lösenord",
        "şifre",
        "κωδικ",
        "парол",
        "密",
        "口令",
        "パスワード",
        "비밀번호",
        "암호",
    ),
    *("fjalëkalim", "slaptažod", "lykilorð", "mật khẩu", "лозинка", "құпиясөз", "كلمة", "رمز"),
    *("گذرواژه", "پاس", "סיסמ", "पासवर्ड", "कूटशब्द", "पारण", "পাসওয়ার্ড", "પાસવર્ડ", "கடவுச்சொல்"),
    *("పాస్", "ಪಾಸ್", "รหัสผ่าน", "პაროლი", "գաղտնաբառ"),
)
