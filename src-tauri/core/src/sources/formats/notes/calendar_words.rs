//! The names of months, weekdays and times of day in the languages that dates are read in: English,
//! German, French, Spanish, Italian, Dutch, Portuguese. Abbreviations that are everyday words in
//! another of these languages (“set”, “out”, “mag”) are left out.

use chrono::NaiveTime;

/// The month a lower-case word names, from 1.
pub(super) fn month(word: &str) -> Option<u32> {
    let number = match word {
        "january" | "jan" | "januar" | "jänner" | "janvier" | "janv" | "enero" | "ene"
        | "gennaio" | "januari" | "janeiro" => 1,
        "february" | "feb" | "februar" | "février" | "févr" | "febrero" | "febbraio"
        | "februari" | "fevereiro" => 2,
        "march" | "mar" | "märz" | "mär" | "mrz" | "maerz" | "mars" | "marzo" | "maart" | "mrt"
        | "março" => 3,
        "april" | "apr" | "avril" | "avr" | "abril" | "abr" | "aprile" => 4,
        "may" | "mai" | "mayo" | "maggio" | "mei" | "maio" => 5,
        "june" | "jun" | "juni" | "juin" | "junio" | "giugno" | "giu" | "junho" => 6,
        "july" | "jul" | "juli" | "juillet" | "juil" | "julio" | "luglio" | "lug" | "julho" => 7,
        "august" | "aug" | "août" | "agosto" | "ago" | "augustus" => 8,
        "september" | "sep" | "sept" | "septembre" | "septiembre" | "settembre" | "setembro" => 9,
        "october" | "oct" | "oktober" | "okt" | "octobre" | "octubre" | "ottobre" | "ott"
        | "outubro" => 10,
        "november" | "nov" | "novembre" | "noviembre" | "novembro" => 11,
        "december" | "dec" | "dezember" | "dez" | "décembre" | "déc" | "diciembre" | "dic"
        | "dicembre" | "dezembro" => 12,
        _ => return None,
    };
    Some(number)
}

/// Whether a lower-case word names a day of the week.
pub(super) fn is_weekday(word: &str) -> bool {
    matches!(
        word,
        "monday"
            | "tuesday"
            | "wednesday"
            | "thursday"
            | "friday"
            | "saturday"
            | "sunday"
            | "mon"
            | "tue"
            | "tues"
            | "wed"
            | "thu"
            | "thur"
            | "thurs"
            | "fri"
            | "sat"
            | "sun"
            | "montag"
            | "dienstag"
            | "mittwoch"
            | "donnerstag"
            | "freitag"
            | "samstag"
            | "sonnabend"
            | "sonntag"
            | "mo"
            | "di"
            | "mi"
            | "do"
            | "fr"
            | "sa"
            | "so"
            | "lundi"
            | "mardi"
            | "mercredi"
            | "jeudi"
            | "vendredi"
            | "samedi"
            | "dimanche"
            | "lunes"
            | "martes"
            | "miércoles"
            | "jueves"
            | "viernes"
            | "sábado"
            | "domingo"
            | "lunedì"
            | "martedì"
            | "mercoledì"
            | "giovedì"
            | "venerdì"
            | "sabato"
            | "domenica"
            | "maandag"
            | "dinsdag"
            | "woensdag"
            | "donderdag"
            | "vrijdag"
            | "zaterdag"
            | "zondag"
            | "segunda"
            | "terça"
            | "quarta"
            | "quinta"
            | "sexta"
            | "segunda-feira"
            | "terça-feira"
            | "quarta-feira"
            | "quinta-feira"
            | "sexta-feira"
    )
}

/// Words that may stand before or inside a date without changing it.
pub(super) fn is_date_filler(word: &str) -> bool {
    matches!(
        word,
        "the"
            | "of"
            | "on"
            | "den"
            | "der"
            | "dem"
            | "am"
            | "vom"
            | "le"
            | "el"
            | "il"
            | "del"
            | "de"
            | "do"
            | "op"
    )
}

/// The canonical hour of the time of day that a heading speaks of.
///
/// “Morgen” and “mañana” alone may as well mean tomorrow, so they do not count.
pub(super) fn time_of_day(heading: &str) -> Option<NaiveTime> {
    let lower = heading.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric() && c != '-')
        .filter(|word| !word.is_empty())
        .collect();
    let is_other_day = |word: &&str| {
        matches!(*word, "tomorrow" | "yesterday" | "gestern" | "demain" | "hier" | "ayer")
    };
    if words.len() > 5 || words.iter().any(is_other_day) {
        return None;
    }
    let hour = words.iter().enumerate().find_map(|(n, word)| {
        let before = n.checked_sub(1).map_or("", |n| words[n]);
        hour_of(word, before)
    })?;
    NaiveTime::from_hms_opt(hour, 0, 0)
}

fn hour_of(word: &str, before: &str) -> Option<u32> {
    let hour = match word {
        "morning" | "mornings" | "morgens" | "vormittag" | "vormittags" | "frühmorgens"
        | "matin" | "mattina" | "ochtend" | "manhã" => 9,
        "morgen" if matches!(before, "am" | "jeden") => 9,
        "mañana" if before == "la" => 9,
        "noon" | "midday" | "lunchtime" | "mittag" | "mittags" | "midi" | "mediodía"
        | "mezzogiorno" | "middag" | "meio-dia" => 12,
        "afternoon" | "afternoons" | "nachmittag" | "nachmittags" | "après-midi" | "pomeriggio"
        | "namiddag" => 15,
        "tarde" => 15,
        "evening" | "evenings" | "abend" | "abends" | "feierabend" | "soir" | "soirée" | "sera"
        | "avond" => 19,
        "night" | "tonight" | "nachts" | "nacht" | "nuit" | "noche" | "notte" | "noite" => 22,
        _ => return None,
    };
    Some(hour)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_day_are_found_in_short_headings_only() {
        let hour = |text: &str| time_of_day(text).map(|t| chrono::Timelike::hour(&t));
        assert_eq!(hour("Morning"), Some(9));
        assert_eq!(hour("Friday afternoon, in the garden"), Some(15));
        assert_eq!(hour("Nachmittags"), Some(15));
        assert_eq!(hour("Am Morgen"), Some(9));
        assert_eq!(hour("Morgen"), None, "tomorrow, perhaps");
        assert_eq!(hour("Plans for tomorrow morning"), None);
        assert_eq!(hour("What I think about the night and its stars"), None);
        assert_eq!(hour("Nightmare"), None);
    }
}
