//! Hours told by a part of the day or by the clock: "in the afternoon", "um 15 Uhr", "between 9 and 11".

use super::{
    Hours, MIDNIGHT,
    grammar::{AND, AROUND, BEFORE_PART, Read, Reader, TO},
    lex::Kind,
};
use crate::text::calendar_words as vocabulary;

impl Reader<'_> {
    /// Hours of a day: a part of it, or clock times.
    pub(super) fn window(&self, at: usize) -> Read<Hours> {
        let behind = self.skip(at, BEFORE_PART);
        if let Some(part) = self.word(behind).and_then(vocabulary::part) {
            // "early on Tuesday morning" and "morning" alone are told by the day they stand beside.
            return Some((self.hours(part), behind + 1));
        }
        let day_start = self.asked.day_start_minutes;
        let day_end = MIDNIGHT + day_start;
        let placed = |clock: u16| if clock < day_start { clock + MIDNIGHT } else { clock };
        if self.is(at, "between from zwischen von") {
            let link = if self.is(at, "between zwischen") { AND } else { TO };
            let linked = self.linked(at + 2, link)?;
            let until = placed(self.clock(linked)?);
            let from = match self.figure(at + 1) {
                // "between 9 and 11 pm": the half of the day is told once.
                Some((hour, _)) if hour <= 24 => {
                    let from = u16::try_from(hour).ok()? * 60;
                    if from + 12 * 60 < until { from + 12 * 60 } else { from }
                }
                _ => placed(self.clock(at + 1)?),
            };
            return (from < until).then_some((Hours { from, until }, linked + 1));
        }
        if self.is(at, "after nach") {
            let from = placed(self.clock(at + 1)?);
            return Some((Hours { from, until: day_end.max(from + 1) }, at + 2));
        }
        if self.is(at, "before until till vor bis") {
            let until = placed(self.clock(at + 1)?);
            return (day_start < until).then_some((Hours { from: day_start, until }, at + 2));
        }
        let clock = placed(self.clock(behind)?);
        Some((Hours { from: clock.saturating_sub(AROUND), until: clock + AROUND }, behind + 1))
    }

    pub(super) fn clock(&self, at: usize) -> Option<u16> {
        match self.kind(at)? {
            Kind::Clock(minutes) => Some(*minutes),
            _ => None,
        }
    }
}
