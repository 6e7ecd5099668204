//! Carrying the journal out, and a whole one in again.

/// Moods as CSV, moments as a calendar.
mod files;
/// JSON: schemas, and a journal made of it again.
mod json;
/// Markdown: a folder of pages.
mod markdown;

use std::path::PathBuf;

use rem_core::{
    Error, Journal,
    api::{
        export::{ExportFormat, ExportPart, ExportReport, ExportRequest, export_journal},
        moments::{CorrectMoment, Correction, correct_moment},
    },
};

use crate::world::World;

const TUESDAY: &str = "# Tuesday\n\n## 09:30 – 10:00 Call with Ilse\n\nIlse called about the grant letter. I was \
     worried that the budget would not be enough. We agreed to send the letter on Friday.\n\n## 15:00 Canal\n\n\
     Walked along the canal with Tomas and saw a heron. Calm and happy.\n";
const WEDNESDAY: &str = "# Wednesday\n\n## 11:05 The letter is out\n\nSent the grant letter with Ilse. Relieved \
     and proud! #grant\n";
const CHAT: &str = "13/10/2026, 18:02 - Ilse: Did you hear from the foundation about the grant?\n\
     13/10/2026, 18:05 - Hester Voss: Not yet. I am nervous about the budget.\n\
     13/10/2026, 18:06 - Ilse: It will be fine, you did great work on the letter\n\
     13/10/2026, 18:07 - Hester Voss: The reeds for the harmonium came, too\n\
     13/10/2026, 18:08 - Ilse: Lovely, so we can glue them at the lake\n\
     13/10/2026, 18:09 - Hester Voss: On Saturday?\n\
     13/10/2026, 18:10 - Ilse: On Saturday, by the lake\n\
     13/10/2026, 18:11 - Hester Voss: I will bring the glue and the reeds\n\
     13/10/2026, 18:12 - Ilse: And I the bread and the cheese\n\
     14/10/2026, 12:15 - Ilse: They said yes!!!\n\
     14/10/2026, 12:16 - Hester Voss: What?! I am so happy\n";

/// A journal that has read and dreamt two days of notes and a chat.
fn dreamt() -> World {
    let world = World::new();
    world.write("2026-10-13.md", TUESDAY);
    world.write("2026-10-14.md", WEDNESDAY);
    world.write("WhatsApp Chat with Ilse.txt", CHAT);
    world.scan();
    world.dream();
    world
}

fn request(world: &World, format: ExportFormat, name: &str) -> ExportRequest {
    let path = place(world, name).to_string_lossy().into_owned();
    ExportRequest { format, path, since: None, until: None, parts: Vec::new() }
}

fn place(world: &World, name: &str) -> PathBuf {
    world.home().canonicalize().expect("the folder is there").join(name)
}

fn export(world: &World, format: ExportFormat, name: &str) -> ExportReport {
    export_journal(&world.journal, request(world, format, name)).expect("it is exported")
}

fn export_parts(world: &World, parts: &[ExportPart], name: &str) -> ExportReport {
    let request =
        ExportRequest { parts: parts.to_vec(), ..request(world, ExportFormat::Markdown, name) };
    export_journal(&world.journal, request).expect("it is exported")
}

fn refused(world: &World, format: ExportFormat, name: &str) -> Error {
    export_journal(&world.journal, request(world, format, name)).expect_err("it is refused")
}

fn read(world: &World, name: &str) -> String {
    std::fs::read_to_string(place(world, name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn correct(journal: &Journal, id: i64, correction: Correction) {
    correct_moment(journal, CorrectMoment { id, correction }).expect("it is corrected");
}

fn hide(world: &World, words: &str) -> i64 {
    let id = world.moment_about(words).moment.id;
    correct(&world.journal, id, Correction::Hidden { hidden: true });
    id
}
