namespace Passerelle.Mail.Kinds;

/// <summary>How answering machines of all languages speak. One row a language and use; a new language is new rows, not new code.
/// Compared without accents and case.</summary>
internal static class AbsenceWords
{
    /// <summary>Subjects that begin so are a machine's: what Exchange, Gmail, Notes, Zimbra and the vacation programs put there
    /// ("Automatic reply: Your order", "Abwesenheitsnotiz: …"), and RFC 3834 §3.1.5's "Auto:".</summary>
    public const string SubjectBeginnings = """
        en | auto: | automatic reply | automatic response | automatic answer | automated reply | automated response | automated answer | auto reply | auto-reply | autoreply | auto response | auto-response | autoresponse | auto responder | auto-responder | autoresponder | auto answer | out of office | out of the office | out-of-office | out-of-the-office | ooo: | oof: | away from office | away from the office | away from my mail | away from my desk | i am out of | i'm out of | i am currently out of | i'm currently out of | currently out of the office | i am away | i'm away | i am currently away | i am on vacation | i'm on vacation | i am on leave | i'm on leave | i am on holiday | i'm on holiday | on annual leave | vacation reply | vacation response | vacation message | vacation notice | vacation auto | absence notice | absence message | away message | away notice
        fr | reponse automatique | reponse auto | reponse d'absence | repondeur automatique | accuse de reception automatique | absence du bureau | absent du bureau | absente du bureau | message d'absence | avis d'absence | notification d'absence | en dehors du bureau | hors du bureau | hors bureau | je suis absent | je suis actuellement absent | je suis en conge | actuellement en conge
        de | abwesenheitsnotiz | automatische abwesenheit | abwesenheitsnachricht | abwesenheitsmeldung | abwesenheitsmitteilung | abwesenheitsassistent | abwesenheitsantwort | automatische antwort | automatische ruckantwort | automatische rueckantwort | automatische antwortmail | automatische nachricht | automatische eingangsbestatigung | automatische eingangsbestaetigung | autoantwort | auto-antwort | außer haus | ausser haus | nicht im buro | nicht im buero | nicht im haus | ich bin nicht im | ich bin im urlaub | ich bin abwesend | ich bin derzeit nicht | ich bin außer haus | urlaubsnotiz | urlaubsmeldung | urlaubsbenachrichtigung
        es | respuesta automatica | respuesta auto | contestacion automatica | contestador automatico | fuera de la oficina | fuera de oficina | mensaje de ausencia | aviso de ausencia | ausente de la oficina | estoy fuera | estoy de vacaciones | ausencia temporal | autorespuesta | auto respuesta
        it | risposta automatica | risponditore automatico | messaggio automatico di risposta | fuori sede | fuori ufficio | fuori dall'ufficio | assente dall'ufficio | messaggio di assenza | avviso di assenza | sono fuori | sono in ferie | sono assente | autorisposta
        nl | automatisch antwoord | automatische beantwoording | automatische reactie | automatische antwoord | automatisch bericht | autoantwoord | auto-antwoord | afwezigheidsbericht | afwezigheidsmelding | afwezigheid: | niet aanwezig | niet op kantoor | buiten kantoor | ik ben afwezig | ik ben met vakantie | ik ben op vakantie | ik ben niet aanwezig
        pt | resposta automatica | resposta auto | auto resposta | auto-resposta | autoresposta | fora do escritorio | fora da empresa | fora de escritorio | ausencia do escritorio | ausencia temporaria | ausente do escritorio | mensagem de ausencia | aviso de ausencia | estou de ferias | estou ausente | estou fora
        pl | odpowiedz automatyczna | automatyczna odpowiedz | autoodpowiedz | auto-odpowiedz | autoresponder | poza biurem | nieobecnosc w biurze | nieobecnosc: | informacja o nieobecnosci | jestem poza biurem | jestem nieobecn | jestem na urlopie | przebywam na urlopie
        sv | autosvar | automatiskt svar | automatsvar | franvaromeddelande | franvaro: | franvarande | inte pa kontoret | ej pa kontoret | jag ar inte pa kontoret | jag ar ledig | jag har semester | semestermeddelande
        da | autosvar | automatisk svar | autosvarmeddelelse | fravaersmeddelelse | fravær: | fravaer: | fraværsbesked | fraværsmeddelelse | fraværende | ikke til stede | ikke pa kontoret | jeg er ikke pa kontoret | jeg er pa ferie | jeg holder ferie
        no | automatisk svar | autosvar | automatisk svarmelding | fraværsmelding | fravær: | fraværsassistent | borte fra kontoret | ikke pa kontoret | jeg er ikke pa kontoret | jeg har ferie | jeg er bortreist | ute av kontoret
        fi | automaattinen vastaus | automaattivastaus | poissa toimistosta | poissaoloilmoitus | poissaoloviesti | poissaolo: | olen poissa | olen lomalla | lomaviesti | lomavastaus | en ole toimistolla
        cs | automaticka odpoved | automaticka odpověď | autoodpoved | mimo kancelar | nepritomnost v kancelari | nepritomnost: | oznameni o nepritomnosti | jsem mimo kancelar | jsem na dovolene | cerpam dovolenou
        sk | automaticka odpoved | mimo kancelarie | nepritomnost v kancelarii | neprítomnosť: | som mimo kancelarie | som na dovolenke | oznamenie o nepritomnosti | cerpam dovolenku
        ru | автоматический ответ | автоответ | автоматическое уведомление | автоматическое сообщение | вне офиса | нет на месте | отсутствие на рабочем месте | отсутствие в офисе | сообщение об отсутствии | я в отпуске | нахожусь в отпуске | меня нет в офисе
        uk | автоматична відповідь | автоматична вiдповiдь | автовідповідь | поза офісом | немає на місці | відсутність на робочому місці | я у відпустці | перебуваю у відпустці
        bg | автоматичен отговор | извън офиса | отсъствие от офиса | съобщение за отсъствие | в отпуск съм
        sr | automatski odgovor | аутоматски одговор | van kancelarije | ван канцеларије | odsutan sa posla | na godisnjem odmoru
        hr | automatski odgovor | izvan ureda | odsutan iz ureda | obavijest o odsutnosti | na godisnjem odmoru | nisam u uredu
        sl | samodejni odgovor | samodejen odgovor | avtomatski odgovor | odsoten | odsotna | odsotnost: | nisem v pisarni | izven pisarne | na dopustu sem
        hu | automatikus valasz | automata valasz | automatikus valaszuzenet | hazon kivul | irodan kivul | tavollet: | tavolleti uzenet | tavolleti ertesites | nem vagyok az irodaban | szabadsagon vagyok
        ro | raspuns automat | raspuns automatizat | in afara biroului | absent din birou | absenta din birou | mesaj de absenta | sunt in concediu | nu sunt la birou | ma aflu in concediu
        tr | otomatik yanit | otomatik yanıt | otomatik cevap | ofis disinda | ofis dışında | ofis dısında | buro disinda | is yeri disinda | isyeri disinda | isyerinde degil | izindeyim | izinliyim | yillik izindeyim | yıllık izindeyim | ofis dısındayım | tatildeyim
        el | αυτοματη απαντηση | εκτος γραφειου | απουσια απο το γραφειο | ειδοποιηση απουσιας | απουσιαζω | ειμαι σε αδεια
        et | automaatvastus | automaatne vastus | kontorist valjas | kontorist ara | puudun | olen puhkusel
        lv | automatiska atbilde | automatiska atbilde: | arpus biroja | esmu atvalinajuma
        lt | automatinis atsakymas | ne biure | ne darbo vietoje | atostogauju
        is | sjalfvirkt svar | ekki a skrifstofunni | fjarvera:
        ca | resposta automatica | fora de l'oficina | missatge d'absencia
        eu | erantzun automatikoa | bulegotik kanpo
        ar | رد تلقائي | الرد التلقائي | رد آلي | الرد الآلي | خارج المكتب | انا خارج المكتب | في إجازة
        he | תשובה אוטומטית | מענה אוטומטי | תגובה אוטומטית | מחוץ למשרד | הודעת היעדרות | אני בחופשה | לא נמצא במשרד | לא נמצאת במשרד
        fa | پاسخ خودکار | خارج از دفتر
        hi | स्वचालित उत्तर | कार्यालय से बाहर
        ja | 自動応答 | 自動返信 | 自動送信 | 自動回答 | 不在通知 | 不在の | 不在で | 不在: | 休暇中 | 外出中 | 休業のお知らせ
        zh | 自动答复 | 自动回复 | 自动应答 | 自動答覆 | 自動回覆 | 自動回復 | 自動回复 | 不在办公室 | 不在辦公室 | 外出自动 | 外出通知 | 休假自动 | 休假通知 | 假期自动
        ko | 자동 회신 | 자동회신 | 자동 응답 | 자동응답 | 자동 답장 | 자동답장 | 부재중 | 부재 중 | 부재 알림 | 외근 중
        vi | tra loi tu dong | tu dong tra loi | thu tra loi tu dong | khong co mat tai van phong | vang mat
        th | ตอบกลับอัตโนมัติ | การตอบกลับอัตโนมัติ | ไม่อยู่ที่สำนักงาน
        id | balasan otomatis | jawaban otomatis | di luar kantor | sedang cuti
        ms | balasan automatik | jawapan automatik | di luar pejabat
        kk | автоматты жауап
        ky | автоматтык жооп
        tg | жавоби худкор
        uz | avtomatik javob | автоматик жавоб
        az | avtomatik cavab
        tk | awtomatik jogap | awtomatik jawab
        mn | автомат хариу
        mk | автоматски одговор
        be | аўтаматычны адказ
        sq | pergjigje automatike
        ka | ავტომატური პასუხი
        hy | ավտոմատ պատասխան
        mt | tweġiba awtomatika | twegiba awtomatika
        ga | freagra uathoibrioch
        cy | ateb awtomatig
        gl | resposta automatica | fora da oficina
        lb | automatesch antwert
        af | outomatiese antwoord | buite kantoor
        sw | jibu otomatiki | jibu la kiotomatiki
        fil | awtomatikong tugon
        bn | স্বয়ংক্রিয় উত্তর | স্বয়ংক্রিয় জবাব
        ta | தானியங்கு பதில் | தானியங்கி பதில்
        te | స్వయంచాలక ప్రత్యుత్తరం
        mr | स्वयंचलित उत्तर
        gu | સ્વચાલિત જવાબ
        ur | خودکار جواب
        km | ការឆ្លើយតបស្វ័យប្រវត្តិ
        """;

    /// <summary>Words that a person too may begin a subject with ("Vacation rental in June"): they must be all of it, or all before a
    /// colon, dash or bracket.</summary>
    public const string SubjectsAlone = """
        en | vacation | on vacation | holiday | on holiday | annual leave | on leave | away | absent | absence | out today | ooo | oof | pto | maternity leave | paternity leave | parental leave | sick leave | business trip | on a business trip
        fr | absent | absente | absence | en conge | conges | en vacances | vacances | conge maternite | en deplacement
        de | abwesend | abwesenheit | urlaub | im urlaub | elternzeit | mutterschutz | dienstreise | auf dienstreise | ortsabwesend
        es | ausente | ausencia | vacaciones | de vacaciones | baja por maternidad | de viaje
        it | assente | assenza | in ferie | ferie | in vacanza | in maternita | in trasferta
        nl | afwezig | afwezigheid | vakantie | met vakantie | op vakantie | zwangerschapsverlof | met verlof
        pt | ausente | ausencia | ferias | de ferias | em ferias | licenca de maternidade
        pl | nieobecnosc | nieobecny | nieobecna | urlop | na urlopie
        sv | franvaro | franvarande | semester | pa semester | ledig | foraldraledig | tjanstledig
        da | fravaer | fravær | ferie | pa ferie | barsel | pa barsel
        no | fravær | ferie | pa ferie | foreldrepermisjon | bortreist
        fi | poissa | poissaolo | lomalla | loma | vuosiloma | poissaoleva
        cs | nepritomnost | nepritomen | nepritomna | dovolena | na dovolene
        sk | nepritomnost | nepritomny | nepritomna | dovolenka | na dovolenke
        ru | отсутствие | отпуск | в отпуске | отсутствую | командировка | в командировке
        uk | відсутність | відпустка | у відпустці | відсутній | відсутня
        bg | отсъствие | отпуск | в отпуск
        hr | odsutnost | odsutan | odsutna | godisnji odmor
        sl | odsotnost | dopust | na dopustu
        hu | tavollet | szabadsag | szabadsagon
        ro | absent | absenta | concediu | in concediu
        tr | izin | tatil | izinde | tatilde
        el | απουσια | αδεια | σε αδεια
        ar | إجازة | غائب | خارج المكتب
        he | בחופשה | חופשה | היעדרות
        ja | 不在 | 休暇 | 出張 | 夏季休業 | 年末年始休業
        zh | 休假 | 外出 | 出差 | 不在 | 年假 | 度假
        ko | 부재 | 휴가 | 출장 | 외근
        """;

    /// <summary>Whoever writes this is a machine, wherever it stands in a short text.</summary>
    public const string MachineSentences = """
        en | this is an automatic reply | this is an automated reply | this is an auto reply | this is an auto-reply | this is an automatic response | this is an automated response | this is an automatic answer | this is an automated answer | this is an automatic message | this is an automated message | this is an automated email | this is an automated e-mail | this is an automatic email | this is an auto-generated | this is an auto generated | this is an automatically generated | this e-mail was automatically generated | this email was automatically generated | this message was automatically generated | this message was generated automatically | this email was generated automatically | this mail was generated automatically | this mailbox is not monitored | this inbox is not monitored | this is an unmonitored | please do not reply to this e-mail | please do not reply to this email | please do not reply to this message | please do not respond to this email | please do not reply directly to this | to add additional comments, reply to this | has been received and is being reviewed | please type your reply above this line
        fr | ceci est un message automatique | ceci est une reponse automatique | ceci est un mail automatique | ceci est un e-mail automatique | message genere automatiquement | message automatique, merci de ne pas | message envoye automatiquement | merci de ne pas repondre a ce message | merci de ne pas repondre a ce mail | merci de ne pas repondre a cet e-mail | ne pas repondre a ce message | ne repondez pas a ce message | ne repondez pas a cet e-mail
        de | dies ist eine automatische | dies ist eine automatisch | dies ist eine automatisierte | das ist eine automatische | diese nachricht wurde automatisch | diese e-mail wurde automatisch | diese mail wurde automatisch | automatisch generierte | automatisch erstellte | automatisch erzeugte | bitte antworten sie nicht auf diese | bitte nicht auf diese e-mail antworten | bitte nicht auf diese mail antworten
        es | este es un mensaje automatico | esta es una respuesta automatica | este es un correo automatico | mensaje generado automaticamente | correo generado automaticamente | respuesta generada automaticamente | por favor no responda a este | por favor, no responda a este | no responda a este mensaje | no responda a este correo
        it | questo e un messaggio automatico | questa e una risposta automatica | questa e un'e-mail automatica | messaggio generato automaticamente | e-mail generata automaticamente | si prega di non rispondere a quest | non rispondere a questo messaggio | non rispondere a questa e-mail
        nl | dit is een automatisch | dit is een geautomatiseerd | dit bericht is automatisch | deze e-mail is automatisch | automatisch gegenereerd | gelieve niet te antwoorden op dit | gelieve niet op dit bericht te antwoorden | niet op deze e-mail antwoorden
        pt | esta e uma resposta automatica | esta e uma mensagem automatica | este e um email automatico | este e um e-mail automatico | mensagem gerada automaticamente | mensagem automatica, por favor | por favor, nao responda a est | por favor nao responda a est | favor nao responder a est | nao responda a este e-mail
        pl | to jest automatyczna | to jest wiadomosc automatyczna | wiadomosc wygenerowana automatycznie | wiadomosc zostala wygenerowana automatycznie | prosimy nie odpowiadac na | prosze nie odpowiadac na te | prosimy na nia nie odpowiadac
        sv | detta ar ett automatiskt | detta ar ett autosvar | automatiskt genererat | vanligen svara inte pa detta | svara inte pa detta | gar inte att svara pa detta
        da | dette er et automatisk | dette er en automatisk | dette er et autosvar | automatisk genereret | svar venligst ikke pa denne | besvar venligst ikke denne
        no | dette er et automatisk | dette er en automatisk | dette er et autosvar | automatisk generert | vennligst ikke svar pa denne | ikke svar pa denne
        fi | tama on automaattinen | tama on automaattivastaus | automaattisesti luotu | automaattisesti lahetetty | ala vastaa tahan viestiin | alkaa vastatko tahan viestiin
        cs | toto je automaticka | toto je automaticky | zprava byla vygenerovana automaticky | automaticky generovana | automaticky vygenerovan | na tuto zpravu neodpovidejte | na tento e-mail neodpovidejte
        sk | toto je automaticka | toto je automaticky | automaticky generovana | automaticky vygenerovan | na tuto spravu neodpovedajte | na tento e-mail neodpovedajte
        ru | это автоматический ответ | это автоматическое сообщение | это автоматическое письмо | сообщение создано автоматически | сообщение сформировано автоматически | письмо сформировано автоматически | письмо создано автоматически | не отвечайте на это | не отвечайте на данное
        uk | це автоматична відповідь | це автоматичне повідомлення | повідомлення створено автоматично | не відповідайте на цей лист | не відповідайте на це
        bg | това е автоматично | това е автоматичен отговор | не отговаряйте на това | генерирано автоматично
        hr | ovo je automatska | ovo je automatski | automatski generirana | ne odgovarajte na ovu
        hu | ez egy automatikus | ez egy automatikusan | automatikusan generalt | kerjuk, ne valaszoljon erre | erre az uzenetre ne valaszoljon
        ro | acesta este un mesaj automat | acesta este un raspuns automat | mesaj generat automat | va rugam sa nu raspundeti la acest | nu raspundeti la acest
        tr | bu otomatik bir | bu bir otomatik | otomatik olarak olusturul | otomatik olarak oluşturul | otomatik olarak gonderil | lutfen bu e-postayi yanitlama | bu e-postayı yanıtlama | bu mesaji yanitlama
        el | αυτο ειναι ενα αυτοματο | αυτη ειναι μια αυτοματη | αυτοματοποιημενο μηνυμα | μην απαντησετε σε αυτο
        ar | هذا رد تلقائي | هذه رسالة تلقائية | هذا رد آلي | هذه رسالة آلية | يرجى عدم الرد على هذه | الرجاء عدم الرد على هذه
        he | זוהי הודעה אוטומטית | זוהי תשובה אוטומטית | זהו מענה אוטומטי | הודעה זו נשלחה באופן אוטומטי | נא לא להשיב להודעה זו | אין להשיב להודעה זו
        ja | このメールは自動 | 本メールは自動 | このメールは、自動 | 本メールは、自動 | 自動返信メールです | 自動的に送信 | 自動的に返信 | 自動送信されて | 自動配信されて | このメールに返信しないで | このメールへの返信は | 本メールへのご返信は | 本メールに返信され
        zh | 这是一封自动 | 这是自动 | 此邮件为自动 | 此邮件由系统自动 | 本邮件由系统自动 | 本邮件为系统自动 | 系统自动发送 | 系统自动回复 | 这封邮件是自动 | 請勿直接回覆此 | 请勿直接回复此 | 请勿回复此 | 請勿回覆此 | 請勿回覆本 | 这是来自qq邮箱的假期自动 | 這是一封自動 | 系統自動
        ko | 이 메일은 자동 | 본 메일은 자동 | 자동으로 발송 | 자동 발송된 | 자동 응답 메일 | 자동으로 회신 | 회신하지 마 | 답장하지 마
        vi | day la tin nhan tu dong | day la email tu dong | vui long khong tra loi email
        id | ini adalah balasan otomatis | ini adalah pesan otomatis | mohon tidak membalas email
        """;

    /// <summary>"I am not here": a person may say it too.</summary>
    public const string Absences = """
        en | out of the office | out of office | out-of-office | away from the office | away from my office | away from my desk | not in the office | on annual leave | on vacation | on holiday | on leave | on maternity leave | on parental leave | on sick leave | on a business trip | traveling on business | travelling on business | currently away | currently unavailable | currently traveling | currently travelling | i am away | i will be away | i'm away | no longer with the company | no longer works | no longer work at | no longer work for | no longer working at | no longer working for | no longer at this company | have left the company | am no longer with | no longer employed | has left the company | our office is closed | our offices are closed | the office is closed | we are closed | ticket has been created | we have received your request | we have received your enquiry | we have received your inquiry | we have received your message
        fr | absent du bureau | absente du bureau | hors du bureau | en conge | en vacances | je suis absent | je serai absent | actuellement absent | en deplacement | ne suis pas au bureau | pas joignable | indisponible | je suis actuellement en | nos bureaux sont fermes | conge de maternite | conge maternite | ne fait plus partie | ne fais plus partie | avons bien recu votre demande | avons bien recu votre message
        de | nicht im buro | nicht im buero | nicht im hause | nicht im haus | außer haus | ausser haus | im urlaub | in urlaub | abwesend | in elternzeit | im mutterschutz | auf dienstreise | nicht erreichbar | nicht am platz | nicht am arbeitsplatz | unterwegs | derzeit nicht verfugbar | nicht mehr fur | nicht mehr bei | unser buro ist | betriebsferien | haben ihre anfrage erhalten | haben ihre nachricht erhalten | ihre anfrage ist bei uns eingegangen
        es | fuera de la oficina | fuera de oficina | de vacaciones | estare ausente | estoy ausente | me encuentro ausente | me encuentro fuera | no estoy en la oficina | no estare en la oficina | de baja | de viaje | ausente | hemos recibido su solicitud | hemos recibido su mensaje | hemos recibido tu mensaje
        it | fuori ufficio | fuori sede | fuori dall'ufficio | in ferie | in vacanza | sono assente | saro assente | non sono in ufficio | non saro in ufficio | in trasferta | in maternita | assente dall'ufficio | abbiamo ricevuto la sua richiesta | abbiamo ricevuto la tua richiesta
        nl | niet op kantoor | niet aanwezig | afwezig | met vakantie | op vakantie | met verlof | buiten kantoor | niet bereikbaar | zwangerschapsverlof | ons kantoor is gesloten | hebben uw bericht ontvangen | hebben uw aanvraag ontvangen
        pt | fora do escritorio | de ferias | em ferias | estou ausente | estarei ausente | encontro-me ausente | nao estou no escritorio | fora da empresa | em viagem | licenca | recebemos a sua mensagem | recebemos sua mensagem | recebemos o seu pedido
        pl | poza biurem | na urlopie | jestem nieobecn | nieobecny | nieobecna | nie ma mnie w biurze | bede nieobecn | przebywam na | w delegacji | na zwolnieniu
        sv | inte pa kontoret | pa semester | har semester | ar ledig | ar franvarande | franvarande | foraldraledig | tjanstledig | bortrest | tjansteresa | pa resande fot
        da | ikke pa kontoret | pa ferie | holder ferie | har ferie | fravaerende | fraværende | ikke til stede | pa barsel | bortrejst | pa forretningsrejse | holder fri
        no | ikke pa kontoret | ute av kontoret | pa ferie | har ferie | fravaerende | fraværende | bortreist | pa reise | i permisjon | foreldrepermisjon | ikke til stede
        fi | en ole toimistolla | en ole paikalla | olen lomalla | olen poissa | poissa toimistolta | poissa toimistosta | vuosilomalla | vanhempainvapaalla | aitiyslomalla | tyomatkalla | en ole tavoitettavissa | tavoittamattomissa
        cs | mimo kancelar | nejsem v kancelari | na dovolene | cerpam dovolenou | nepritomen | nepritomna | na sluzebni ceste | na materske | nebudu v kancelari
        sk | mimo kancelarie | nie som v kancelarii | na dovolenke | cerpam dovolenku | nepritomny | nepritomna | na sluzobnej ceste | na materskej
        ru | в отпуске | меня нет в офисе | отсутствую | вне офиса | в командировке | нет на рабочем месте | не на рабочем месте | нахожусь вне | на больничном | в декретном отпуске | буду отсутствовать
        uk | у відпустці | в відпустці | відсутній | відсутня | поза офісом | у відрядженні | мене немає в офісі | не в офісі | на лікарняному
        bg | в отпуск | извън офиса | отсъствам | в командировка | няма да бъда в офиса
        sr | van kancelarije | na godisnjem odmoru | odsutan | odsutna | na odmoru | ван канцеларије | на годишњем одмору
        hr | izvan ureda | nisam u uredu | na godisnjem odmoru | odsutan | odsutna | na sluzbenom putu | necu biti u uredu
        sl | nisem v pisarni | na dopustu | odsoten | odsotna | na sluzbeni poti | izven pisarne
        hu | szabadsagon | nem vagyok az irodaban | irodan kivul | hazon kivul | tavol vagyok | tavol leszek | uzleti uton | nem vagyok elerheto | kikuldetesben
        ro | in concediu | nu sunt la birou | in afara biroului | absent din birou | plecat din birou | in delegatie | nu voi fi la birou | lipsesc
        tr | ofis disinda | ofis dısında | ofiste degilim | izindeyim | izinliyim | yillik izin | yıllık izin | tatildeyim | seyahatteyim | is seyahatinde | iş seyahatinde | ofiste olmayacagim | ofiste olmayacağım
        el | εκτος γραφειου | σε αδεια | απουσιαζω | θα απουσιαζω | δεν βρισκομαι στο γραφειο | σε διακοπες | επαγγελματικο ταξιδι
        et | puhkusel | kontorist eemal | kontoris kohal | viibin puhkusel | tookohalt eemal
        lv | atvalinajuma | neesmu biroja | arpus biroja
        lt | atostogauju | nesu biure | atostogose
        ar | خارج المكتب | في إجازة | لست في المكتب | غير متواجد | في رحلة عمل | غائب
        he | מחוץ למשרד | בחופשה | לא אהיה במשרד | איני במשרד | אינני במשרד | לא נמצא במשרד | לא נמצאת במשרד | בחופשת | נסיעת עסקים
        ja | 不在にして | 不在とさせて | 不在のため | 不在です | 不在となり | 休暇をいただ | 休暇を頂 | 休暇中 | 休暇のため | 出張中 | 出張のため | 外出して | 休業とさせて | 休業いたし | 休業期間 | お休みをいただ | お休みを頂 | 産休
        zh | 不在办公室 | 不在公司 | 休假 | 外出 | 出差 | 度假 | 正在休 | 不在辦公室 | 請假 | 请假 | 年假 | 产假 | 无法及时 | 無法及時 | 不能及时 | 不能及時
        ko | 부재중 | 부재 중 | 휴가 중 | 휴가중 | 휴가로 | 휴가입니다 | 휴가이오니 | 휴가를 사용 | 출장입니다 | 연차 | 출장 중 | 출장중 | 출장으로 | 외근 중 | 자리를 비우 | 사무실에 없 | 육아휴직 | 출산휴가
        vi | khong co mat tai van phong | dang nghi phep | di cong tac | vang mat
        id | di luar kantor | sedang cuti | perjalanan dinas | tidak berada di kantor
        """;

    /// <summary>What machines say beside it: until when, who else, how late the answer will be, thanks for the mail.</summary>
    public const string Besides = """
        en | has not been forwarded | will not be forwarded | for any enquir | for any inquir | any further enquir | please direct | until | returning on | i return on | return to the office | back in the office | be back on | back on | upon my return | when i return | on my return | as soon as i return | as soon as possible | limited access | no access to | without access | intermittent access | in my absence | during my absence | for urgent | for anything urgent | if urgent | if your matter is urgent | if it is urgent | if this is urgent | urgent matters | immediate assistance | please contact | thank you for your email | thank you for your e-mail | thank you for your message | thanks for your email | thanks for your message | thank you for contacting | your message will not be forwarded | will not be forwarded | delayed response | slow to respond | i will respond | i will reply | returning monday | returning tuesday | returning wednesday | returning thursday | returning friday | if your enquiry is urgent | if your query is urgent | if your inquiry is urgent | if your request is urgent | when we return | we will reply to your | get back to you | an agent will | a member of our team | please address | your enquiry to | your inquiry to
        fr | jusqu'au | jusqu'a | de retour | mon retour | pendant mon absence | durant mon absence | en mon absence | en cas d'urgence | pour toute urgence | pour toute demande urgente | pour toute question urgente | vous pouvez contacter | veuillez contacter | merci de contacter | je vous repondrai | je traiterai votre | merci pour votre message | merci pour votre mail | merci de votre message | j'ai bien recu votre | acces limite | acces restreint | dans les meilleurs delais | merci d'adresser | merci de vous adresser | adresser vos messages | vos messages a | merci de nous avoir contactes | reviendra vers vous | reviendrons vers vous
        de | bis zum | bis einschließlich | bis einschliesslich | wieder im | wieder erreichbar | wieder da | ruckkehr | rueckkehr | in dringenden fallen | in dringenden faellen | dringende | wenden sie sich | kontaktieren sie | vertretung | vertritt mich | vertreten mich | wird nicht weitergeleitet | werden nicht weitergeleitet | nicht automatisch weitergeleitet | vielen dank fur ihre | danke fur ihre | vielen dank fuer ihre | eingeschrankten zugriff | keinen zugriff | bearbeiten | antworte ich | baldmoglichst | schnellstmoglich | in dieser zeit | keine e-mails | meine e-mails nicht | melden uns
        es | hasta el | a mi regreso | a mi vuelta | mi regreso | mi vuelta | regreso el | vuelvo el | en caso de urgencia | para asuntos urgentes | si es urgente | urgente | pongase en contacto | por favor contacte | puede contactar | contactar con | durante mi ausencia | en mi ausencia | acceso limitado | gracias por su mensaje | gracias por su correo | gracias por tu mensaje | gracias por contactar | responderé | respondere | contestare | nos pondremos en contacto
        it | fino al | al mio rientro | al mio ritorno | rientro il | rientrero | tornero | in caso di urgenza | per urgenze | per comunicazioni urgenti | in mia assenza | durante la mia assenza | contattare | potete rivolgervi | puo rivolgersi | rivolgersi a | grazie per la sua | grazie per il suo | grazie per il tuo | grazie per la tua | grazie per averci | accesso limitato | rispondero | appena possibile | questioni urgenti | al collega | il collega | la collega | la ricontatteremo
        nl | tot en met | tot | bij terugkomst | na terugkomst | mijn terugkeer | weer aanwezig | weer bereikbaar | weer op kantoor | bij spoed | in dringende gevallen | voor dringende | tijdens mijn afwezigheid | contact opnemen met | neem contact op | bedankt voor uw | bedankt voor je | dank voor uw | beperkt toegang | wordt niet doorgestuurd | zo spoedig mogelijk | t/m | mail niet | voor spoed | nemen zo
        pt | ate ao | ate o dia | ate dia | no meu regresso | quando regressar | no meu retorno | retorno no dia | retornarei | regresso a | em caso de urgencia | para assuntos urgentes | casos urgentes | por favor contacte | por favor, contacte | favor contatar | entre em contato | entrar em contato | contactar | na minha ausencia | durante a minha ausencia | durante minha ausencia | acesso limitado | obrigado pela sua | obrigado pelo seu | obrigada pela sua | agradeco o contato | responderei | ate | sem acesso | assim que possivel | entraremos em contato | entraremos em contacto
        pl | do dnia | wracam | powrotu | po powrocie | w pilnych sprawach | w sprawach pilnych | w razie pilnych | prosze o kontakt | prosze kontaktowac | prosze sie kontaktowac | zastepuje mnie | zastepstwo | podczas mojej nieobecnosci | w czasie mojej nieobecnosci | dziekuje za wiadomosc | dziekuje za wiadomosc | ograniczony dostep | odpowiem
        sv | till och med | tillbaka | ater pa kontoret | aterkommer | vid bradskande | vid akuta | i bradskande arenden | kontakta | under min franvaro | tack for ditt | tack for ditt mail | begransad tillgang | vidarebefordras inte | svarar sa snart
        da | til og med | indtil | tilbage | nar jeg er tilbage | ved hastesager | i hastetilfælde | hvis det haster | haster | kontakt venligst | kontakte | i mit fravaer | i mit fravær | under mit fravaer | tak for din | tak for din mail | begrænset adgang | videresendes ikke | vender tilbage | svarer
        no | til og med | tilbake | nar jeg er tilbake | ved hastesaker | ved behov | hvis det haster | haster | ta kontakt | kontakt | i mitt fravaer | i mitt fravær | under mitt fravær | takk for din | takk for henvendelsen | begrenset tilgang | videresendes ikke | svarer
        fi | saakka | asti | palaan | takaisin | kiireellisissa | kiireelliset | ota yhteytta | ottakaa yhteytta | poissaoloni aikana | sijaiseni | sijaisenani | kiitos viestistasi | kiitos viestista | vastaan viestiisi | luen sahkopostia | toissa jalleen
        cs | do dne | vratim se | po navratu | po mem navratu | v nalehavych pripadech | v pripade nalehavosti | v nutnych pripadech | kontaktujte | obratte se | obracejte se | zastupuje me | po dobu me nepritomnosti | v me nepritomnosti | dekuji za vasi | dekuji za zpravu | omezeny pristup | odpovim
        sk | do dna | vratim sa | po navrate | v naliehavych pripadoch | v pripade nalehavosti | v surnych pripadoch | kontaktujte | obratte sa | zastupuje ma | pocas mojej nepritomnosti | v mojej nepritomnosti | dakujem za vasu | dakujem za spravu | obmedzeny pristup | odpoviem
        ru | до | по возвращении | вернусь | после возвращения | в срочных случаях | по срочным вопросам | в случае срочной | срочн | обращайтесь | обратитесь | свяжитесь | на время моего отсутствия | в мое отсутствие | спасибо за ваше | спасибо за письмо | ограничен доступ | отвечу
        uk | до | після повернення | повернусь | у термінових | з термінових питань | термінов | звертайтесь | звертайтеся | зверніться | на час моєї відсутності | за моєї відсутності | дякую за ваш | відповім
        bg | до | след завръщането | ще се върна | при спешни | за спешни | спешни | свържете се | обърнете се | в мое отсъствие | благодаря за | ще отговоря
        sr | do | vracam se | po povratku | za hitne | u hitnim | obratite se | kontaktirajte | hvala na
        hr | do | vracam se | po povratku | za hitne | u hitnim | obratite se | kontaktirajte | u mojoj odsutnosti | hvala na | odgovorit cu
        sl | do | vrnem se | po vrnitvi | v nujnih primerih | za nujne | obrnite se | kontaktirajte | v moji odsotnosti | hvala za
        hu | -ig | visszater | visszateresem | vissza | surgos esetben | surgos ugyben | surgos | forduljon | keresse | tavolletem | helyettesit | koszonom levelet | koszonom a levelet | koszonjuk | valaszolok | valaszolni
        ro | pana la | pana pe | pana in | ma intorc | revin | la intoarcere | in caz de urgenta | pentru urgente | urgente | va rog sa contactati | contactati | in lipsa mea | in absenta mea | va multumesc pentru | multumesc pentru | acces limitat | voi raspunde
        tr | tarihine kadar | kadar | donecegim | döneceğim | dondugumde | döndüğümde | acil durum | acil konu | acil | iletisime gec | iletişime geç | irtibata gec | basvur | başvur | mesajiniz icin tesekkur | mesajınız için teşekkür | e-postaniz icin | e-postanız için | sinirli erisim | sınırlı erişim | yanitlayacagim | yanıtlayacağım | cevap verecegim
        el | εως | μεχρι | επιστρεφω | επιστρεψω | επιστροφη μου | επειγον | επειγοντα | επικοινωνησ | απευθυνθ | κατα την απουσια μου | ευχαριστω για το | σας ευχαριστω | περιορισμενη προσβαση | θα απαντησω
        et | kuni | tagasi | kiireloomul | kiirete kusimuste | poorduge | votke uhendust | palun votke | tanan | vastan
        lv | lidz | atgriezisos | steidzamos | steidzamos gadijumos | sazinieties | paldies
        lt | iki | grisiu | skubiais | susisiekite | kreipkites | dekoju | aciu
        ar | حتى | سأعود | عند عودتي | للحالات العاجلة | في الحالات العاجلة | للضرورة | يرجى التواصل | يرجى الاتصال | الرجاء الاتصال | أثناء غيابي | شكرا لرسالتك | شكرا على رسالتك | شكرا لتواصلك | سأرد
        he | עד | אחזור | אשוב | עם שובי | במקרים דחופים | לעניינים דחופים | בנושאים דחופים | דחוף | ניתן לפנות | נא לפנות | אנא פנו | בהיעדרי | תודה על פנייתך | תודה על הודעתך | אענה
        ja | まで | 以降 | より順次 | 後ほど | 帰社 | 戻り次第 | 出社 | 緊急の | お急ぎの | 急ぎの | 至急 | ご連絡ください | ご連絡いただけ | ご連絡をお願い | までご連絡 | メールありがとう | ご連絡ありがとう | お問い合わせいただき | 返信いたします | 返信させて | 対応いたし | 対応させて | ご了承 | ご不便 | ご迷惑
        zh | 直到 | 期间 | 期間 | 返回 | 回来 | 回來 | 如有急事 | 如有紧急 | 如有緊急 | 如遇紧急 | 紧急事务 | 緊急事務 | 紧急情况 | 请联系 | 請聯繫 | 請聯絡 | 请致电 | 請致電 | 请拨打 | 请与 | 邮件已收到 | 来信已收到 | 您的邮件 | 您的來信 | 您的来信 | 尽快回复 | 盡快回覆 | 儘快回覆 | 稍后回复 | 会尽快 | 會盡快 | 紧急事宜 | 可能会延迟 | 请致电 | 緊急事宜 | 請致電
        ko | 까지 | 복귀 | 돌아와서 | 돌아온 | 긴급한 | 급한 | 급하신 | 연락 주시 | 연락주시 | 연락 부탁 | 연락바랍 | 문의해 | 문의하 | 메일 감사 | 메일을 보내 | 확인 후 | 회신 드리 | 회신드리 | 답변 드리 | 답변드리 | 회신이 늦 | 급한 용무 | 연락 바랍니다
        vi | cho den | den ngay | lien he | khan cap | tro lai | cam on
        id | sampai | hingga | hubungi | mendesak | kembali | terima kasih atas
        """;
}
