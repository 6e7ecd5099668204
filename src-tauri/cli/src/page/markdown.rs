//! Days and reviews as Markdown, to be kept or passed on. What a person wrote is text in it, never markup.

use rem_core::api::{
    days::DayView,
    moments::MomentCard,
    periods::{KindHours, ReviewView},
};

use super::{feeling, review};
use crate::{clean, desk::Desk, exit::Result, times};

/// A week, a month or a year; its days follow it.
pub(crate) fn review(desk: &mut Desk<'_, '_>, review: &ReviewView) -> Result {
    let name = review::name(review.kind, &review.starts_on);
    let mut lines = vec![format!("# {}", escaped(&name.unwrap_or_default())), String::new()];
    if !review.title.is_empty() {
        lines.extend([format!("**{}**", escaped(&review.title)), String::new()]);
    }
    for text in [&review.summary, &review.differences.text] {
        if !text.is_empty() {
            lines.extend([escaped(text), String::new()]);
        }
    }
    for note in review::notes(review) {
        lines.extend([format!("*{}*", escaped(&note)), String::new()]);
    }
    if !review.hours.is_empty() {
        lines.extend(
            ["| Type | Hours | Approximate | Moments |", "|---|--:|--:|--:|"].map(Into::into),
        );
        lines.extend(review.hours.iter().map(row));
        let (minutes, about) = (review.minutes, review.approximate_minutes);
        lines.push(format!("| all | {} | {} | {} |", time(minutes), time(about), review.n_moments));
        lines.push(String::new());
    }
    if !review.outcomes.is_empty() {
        lines.extend(["## Outcomes".into(), String::new()]);
        for outcome in &review.outcomes {
            let (day, title) = (&outcome.day, escaped(&outcome.title));
            let id = outcome.moment_id;
            lines.push(format!("- {day}, {title}: {} (moment {id})", escaped(&outcome.outcome)));
        }
        lines.push(String::new());
    }
    write(desk, &lines)
}

/// A day with its story and its moments, under a heading of this level.
pub(crate) fn day(desk: &mut Desk<'_, '_>, day: &DayView, level: usize) -> Result {
    let name = times::day(&day.day).map_or_else(|| day.day.clone(), times::day_long);
    let mut lines = vec![format!("{} {}", "#".repeat(level), escaped(&name)), String::new()];
    if let Some(summary) = day.summary.as_deref().filter(|summary| !summary.is_empty()) {
        lines.extend([escaped(summary), String::new()]);
    }
    for card in &day.moments {
        lines.extend(moment(card, level + 1));
    }
    write(desk, &lines)
}

/// "### The first reed (14:10–16:30)" with topics, outcome, people and emotions below it.
fn moment(card: &MomentCard, level: usize) -> Vec<String> {
    let time = times::span(card.starts_at, card.ends_at, card.offset_minutes, card.precision);
    let mut lines =
        vec![format!("{} {} ({time})", "#".repeat(level), escaped(&card.title)), String::new()];
    if !card.summary.is_empty() {
        lines.extend([escaped(&card.summary), String::new()]);
    }
    let felt: Vec<String> = card.emotions.iter().map(feeling).collect();
    for (label, text) in [
        ("Topics", card.tags.join(", ")),
        ("Outcome", card.outcome.clone()),
        ("People", card.people.join(", ")),
        ("Emotion", felt.join(", ")),
    ] {
        if !text.trim().is_empty() {
            lines.push(format!("- {label}: {}", escaped(&text)));
        }
    }
    lines.push(String::new());
    lines
}

fn row(kind: &KindHours) -> String {
    let (minutes, about) = (time(kind.minutes), time(kind.approximate_minutes));
    format!("| {} | {minutes} | {about} | {} |", escaped(&kind.moment_type), kind.n_moments)
}

fn time(minutes: u32) -> String {
    if minutes == 0 { "–".into() } else { review::duration(minutes) }
}

fn write(desk: &mut Desk<'_, '_>, lines: &[String]) -> Result {
    for line in lines {
        writeln!(desk.terminal.out, "{line}")?;
    }
    Ok(())
}

/// What has a meaning in Markdown; a colon makes a link of an address.
const MARKUP: &str = "\\`*_{}[]<>#|!~&:";

/// The text on one line, with everything escaped that Markdown or HTML would take for more than text.
fn escaped(text: &str) -> String {
    let line = clean::one_line(text);
    let mut safe = String::with_capacity(line.len());
    for c in line.trim().chars() {
        if MARKUP.contains(c) {
            safe.push('\\');
        }
        safe.push(c);
    }
    // What would begin a list, or underline a heading.
    let (digits, rest) = safe.split_at(safe.bytes().take_while(u8::is_ascii_digit).count());
    let is_list = if digits.is_empty() {
        rest.starts_with(['-', '+', '='])
    } else {
        rest.starts_with(['.', ')'])
    };
    if is_list { format!("{digits}\\{rest}") } else { safe }
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn what_a_person_wrote_is_text_and_never_markup() {
        for (text, wanted) in [
            ("<img src=x onerror=alert(1)>", "\\<img src=x onerror=alert(1)\\>"),
            ("![x](http://evil.example)", "\\!\\[x\\](http\\://evil.example)"),
            ("# A heading\n- a list", "\\# A heading - a list"),
            ("- no list", "\\- no list"),
            ("12. October", "12\\. October"),
            ("a|b", "a\\|b"),
            ("It holds, at 14.10!", "It holds, at 14.10\\!"),
        ] {
            assert_eq!(escaped(text), wanted);
        }
    }
}
