//! Who the person is lately.

use rem_core::api::profile::{
    Activity, Level, ProfileInterest, ProfilePerson, ProfileRhythm, ProfileVersion, ProfileView,
};

use super::{dotted, glyph, heading};
use crate::{
    desk::{Desk, Present},
    exit::Result,
    line::Line,
    palette::Ink,
    times::{self, count, thousands},
};

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
/// Heights of a bar.
const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// The profile.
pub(crate) fn write(desk: &mut Desk<'_, '_>, view: &ProfileView, present: Present) -> Result {
    if let Some(head) = head(view, present) {
        desk.text(&Line::of(Ink::Quiet, &head))?;
    }
    if !view.why_none.is_empty() {
        desk.text(&Line::of(Ink::Strong, "No profile yet"))?;
        let why = format!("{}.", upper(&view.why_none));
        desk.text(&Line::of(Ink::Quiet, &why))?;
    }
    if !view.summary.is_empty() {
        desk.blank()?;
        desk.text(&Line::plain(&view.summary))?;
    }
    if view.is_provisional && !view.is_summary_by_hand {
        let note = "Told without a model, only until there is one.";
        desk.text(&Line::of(Ink::Warning, note))?;
    }
    desk.blank()?;
    desk.text(&Line::of(Ink::Quiet, &activity(&view.activity, present)))?;
    if let Some(mood) = mood(view) {
        desk.text(&mood)?;
    }
    interests(desk, &view.interests, present)?;
    people(desk, &view.people, present)?;
    rhythms(desk, view)?;
    if desk.is_verbose() {
        evidence(desk, view, present)?;
    }
    for (what, names) in [("hidden", &view.hidden_people), ("removed", &view.removed_interests)] {
        if !names.is_empty() {
            desk.blank()?;
            let line = format!("By your word {what}: {}", names.join(", "));
            desk.text(&Line::of(Ink::Quiet, &line))?;
        }
    }
    desk.hint("`rem profile edit --help` shows how to correct it; your word stands.")
}

fn head(view: &ProfileView, present: Present) -> Option<String> {
    let version = view.version?;
    let mind = if view.is_summary_by_hand { "in your own words" } else { view.mind.as_str() };
    let days = format!("{} to {}", present.name(&view.first_day), present.name(&view.last_day));
    let from = format!(
        "{}, {}, {}",
        count(view.n_days, "dreamt day"),
        count(view.n_moments, "moment"),
        count(view.n_sessions, "conversation")
    );
    Some(dotted([format!("version {version}").as_str(), days.as_str(), from.as_str(), mind]))
}

fn upper(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// "Active: wrote on 20 of the 30 days up to 12 Oct (active from 12, moderate from 4)".
fn activity(activity: &Activity, present: Present) -> String {
    let name = |level: Level| match level {
        Level::Active => "active",
        Level::Moderate => "moderately active",
        Level::Inactive => "inactive",
    };
    let level = upper(name(activity.level));
    let own = if activity.level == activity.counted {
        String::new()
    } else {
        format!(" by your word, {} as counted", name(activity.counted))
    };
    match &activity.last_day {
        None => format!("{level}{own}: nothing is written yet"),
        Some(last) => format!(
            "{level}{own}: wrote on {} of the {} days up to {} (active from {}, moderate from {})",
            activity.n_days,
            activity.of_days,
            present.name(last),
            activity.active_days,
            activity.moderate_days
        ),
    }
}

fn mood(view: &ProfileView) -> Option<Line> {
    let valence = view.valence?;
    let ever = view.valence_ever.map_or_else(String::new, |ever| format!(", {ever:+.2} ever"));
    let told = format!("{valence:+.2} in {}{ever}", count(view.n_felt, "moment"));
    Some(super::mood(Some(valence)).and(Ink::Quiet, "  ").and(Ink::Quiet, &told))
}

fn interests(desk: &mut Desk<'_, '_>, all: &[ProfileInterest], present: Present) -> Result {
    if all.is_empty() {
        return Ok(());
    }
    desk.blank()?;
    desk.line(&heading("Interests"))?;
    for one in all {
        let told = if one.n_days == 0 {
            "by your word".to_owned()
        } else {
            let own = if one.is_by_hand { "by your word" } else { "" };
            let days = format!("{:.0} % of the days", one.weight * 100.0);
            let is_usual = (one.lift - 1.0).abs() < 0.05;
            let lift =
                if is_usual { String::new() } else { format!("{:.1} times the usual", one.lift) };
            let since = format!("since {}", present.name(&one.first_day));
            dotted([days.as_str(), &lift, &since, own])
        };
        row(desk, &one.name, &told)?;
    }
    Ok(())
}

fn people(desk: &mut Desk<'_, '_>, all: &[ProfilePerson], present: Present) -> Result {
    if all.is_empty() {
        return Ok(());
    }
    desk.blank()?;
    desk.line(&heading("People"))?;
    for one in all {
        let days = format!("on {}", count(one.n_days, "day"));
        let last = format!("last {}", present.name(&one.last_day));
        let felt = match one.n_felt {
            0 => String::new(),
            n => format!("felt in {}", count(n, "moment")),
        };
        let told = dotted([days.as_str(), &last, &felt]);
        let line = Line::spaces(2)
            .and(Ink::Plain, &one.name)
            .pad(26)
            .then(glyph(one.valence))
            .and(Ink::Quiet, " ")
            .and(Ink::Quiet, &told);
        desk.line(&line.fit(desk.width()))?;
    }
    Ok(())
}

fn row(desk: &mut Desk<'_, '_>, name: &str, told: &str) -> Result {
    let line = Line::spaces(2).and(Ink::Plain, name).pad(26).and(Ink::Plain, " ");
    desk.line(&line.and(Ink::Quiet, told).fit(desk.width()))
}

fn rhythms(desk: &mut Desk<'_, '_>, view: &ProfileView) -> Result {
    if view.rhythms.is_empty() {
        return Ok(());
    }
    desk.blank()?;
    desk.line(&heading("Hours of the day and weekdays, Monday first"))?;
    for one in &view.rhythms {
        row(desk, name_of(one), &bars_of(one))?;
    }
    let days: Vec<String> = WEEKDAYS
        .iter()
        .zip(&view.weekday_days)
        .map(|(name, n)| format!("{name} {}", thousands(*n)))
        .collect();
    let note = format!("dreamt days: {}", days.join(", "));
    desk.text(&Line::of(Ink::Quiet, &note))
}

fn name_of(rhythm: &ProfileRhythm) -> &str {
    if rhythm.activity_type.is_empty() { "all" } else { &rhythm.activity_type }
}

/// "▁▁▁▁▁▁▁▁█▃▁▁… ▇▃▁▁▁▁▂ 41 moments, 30 with an hour".
fn bars_of(rhythm: &ProfileRhythm) -> String {
    let n = count(rhythm.n_moments, "moment");
    format!(
        "{} {} {n}, {} with an hour",
        bars(&rhythm.hours),
        bars(&rhythm.weekdays),
        thousands(rhythm.n_timed)
    )
}

fn bars(counts: &[u32]) -> String {
    let most = counts.iter().copied().max().unwrap_or_default().max(1);
    counts.iter().map(|n| BARS[(n * 7).div_ceil(most).min(7) as usize]).collect()
}

/// What speaks for each line.
fn evidence(desk: &mut Desk<'_, '_>, view: &ProfileView, present: Present) -> Result {
    desk.blank()?;
    desk.line(&heading("What speaks for it"))?;
    for line in &view.lines {
        desk.text(&Line::plain(&line.text))?;
        if line.evidence.is_empty() {
            let note = format!("counted from {}", count(line.n_things, "moment"));
            desk.indented(2, &Line::of(Ink::Quiet, &note))?;
        }
        for one in &line.evidence {
            let day = one.day.as_deref().map(|day| present.name(day)).unwrap_or_default();
            let id = format!("{}:{}", one.kind, one.id);
            let told = dotted([id.as_str(), day.as_str(), one.title.as_str()]);
            desk.indented(2, &Line::of(Ink::Quiet, &told))?;
        }
    }
    Ok(())
}

/// The versions, the newest first.
pub(crate) fn list(desk: &mut Desk<'_, '_>, all: &[ProfileVersion], present: Present) -> Result {
    for (n, version) in all.iter().enumerate() {
        if n > 0 {
            desk.blank()?;
        }
        let days =
            format!("{} to {}", present.name(&version.first_day), present.name(&version.last_day));
        let made = times::distance(version.generated_at, present.now);
        let told = dotted([days.as_str(), version.mind.as_str(), made.as_str()]);
        let head = Line::of(Ink::Strong, &format!("version {}", version.version));
        desk.line(&head.and(Ink::Plain, "  ").and(Ink::Quiet, &told).fit(desk.width()))?;
        desk.indented(2, &Line::plain(&version.summary))?;
    }
    desk.hint("`rem profile --version N` shows one.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_high_as_their_share_of_the_highest_and_nothing_is_the_lowest() {
        assert_eq!(bars(&[0, 1, 7, 14]), "▁▂▅█");
        assert_eq!(bars(&[0, 0]), "▁▁");
    }
}
