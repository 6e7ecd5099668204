//! Two minds side by side: each moment as it is, and as another mind would have it.

use rem_core::api::dreams::{Compared, Said};

use super::mood;
use crate::{
    desk::{Desk, Present},
    exit::Result,
    line::Line,
    palette::Ink,
    times::{self},
    wrap,
};

/// Below this the two stand under each other: a column of a few letters cannot be read.
const SIDE_BY_SIDE: usize = 56;
const BETWEEN: &str = " │ ";

/// All that was compared, day by day.
pub(crate) fn write(desk: &mut Desk<'_, '_>, compared: &[Compared], present: Present) -> Result {
    let mut last_day = "";
    for pair in compared {
        if pair.day != last_day {
            last_day = &pair.day;
            let name = times::day(&pair.day)
                .map_or(pair.day.clone(), |date| times::day_short(date, present.year));
            desk.blank()?;
            desk.text(&Line::of(Ink::Strong, &name))?;
        }
        desk.blank()?;
        if desk.width() < SIDE_BY_SIDE {
            for (side, said) in [("before", &pair.before), ("after", &pair.after)] {
                let lines = column(side, said.as_ref(), desk.width());
                desk.lines(&lines)?;
            }
        } else {
            beside(desk, pair)?;
        }
    }
    Ok(())
}

fn beside(desk: &mut Desk<'_, '_>, pair: &Compared) -> Result {
    let columns = (desk.width() - BETWEEN.chars().count()) / 2;
    let left = column("before", pair.before.as_ref(), columns);
    let right = column("after", pair.after.as_ref(), columns);
    for n in 0..left.len().max(right.len()) {
        let of = |side: &[Line]| side.get(n).cloned().unwrap_or_default();
        let line = of(&left).pad(columns).and(Ink::Quiet, BETWEEN).then(of(&right));
        desk.line(&line)?;
    }
    Ok(())
}

/// One side, each line at most so wide.
fn column(side: &str, said: Option<&Said>, columns: usize) -> Vec<Line> {
    let Some(said) = said else {
        let nothing = Line::of(Ink::Quiet, &format!("{side}: no such moment"));
        return wrap::wrap(&nothing, columns);
    };
    let mut parts = vec![
        Line::of(Ink::Quiet, &format!("{side}, by {}", said.mind)),
        Line::of(Ink::Strong, &said.title),
        Line::of(Ink::Quiet, &said.moment_type)
            .and(Ink::Quiet, " · ")
            .then(mood(Some(said.valence))),
        Line::plain(&said.summary),
    ];
    if !said.outcome.is_empty() {
        parts.push(Line::plain("→ ").and(Ink::Plain, &said.outcome));
    }
    let topics = said.tags.iter().map(|tag| format!("#{tag}"));
    let about: Vec<String> =
        said.emotions.iter().cloned().chain(said.people.iter().cloned()).chain(topics).collect();
    if !about.is_empty() {
        parts.push(Line::of(Ink::Quiet, &about.join(" · ")));
    }
    parts.iter().flat_map(|part| wrap::wrap(part, columns)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::palette::Palette;

    fn said() -> Said {
        Said {
            mind: "qwen3:4b".into(),
            title: "Ilse and the bread that would not rise".into(),
            summary: "The bread did not rise, and Ilse laughed about it.".into(),
            outcome: "Baked flat bread".into(),
            moment_type: "meal".into(),
            tags: vec!["bread".into()],
            people: vec!["Ilse".into()],
            emotions: vec!["amused".into()],
            valence: 0.6,
        }
    }

    #[test]
    fn a_side_keeps_to_its_columns_and_says_all() {
        let lines = column("after", Some(&said()), 24);
        let text: Vec<_> =
            lines.iter().map(|line| line.paint(Palette { is_colored: false })).collect();
        assert!(lines.iter().all(|line| line.width() <= 24), "{text:?}");
        let all = text.join(" ");
        for part in ["after, by qwen3:4b", "meal", "bright", "Baked flat", "amused", "#bread"] {
            assert!(all.contains(part), "{part} in {all}");
        }
    }

    #[test]
    fn a_moment_that_would_be_new_has_nothing_before_it() {
        let lines = column("before", None, 40);
        let text = lines[0].paint(Palette { is_colored: false });
        assert_eq!(text, "before: no such moment");
    }
}
