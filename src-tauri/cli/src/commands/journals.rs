//! `rem journals`: the names of the journals.

use rem_core::journal::journals;

use crate::{
    desk::Desk,
    exit::{Exit, Result},
    line::Line,
};

pub(crate) fn run(desk: &mut Desk<'_, '_>) -> Result<Exit> {
    let names = journals(&desk.data_dir()?)?;
    if desk.is_json() {
        return desk.json(&names);
    }
    if names.is_empty() {
        desk.aside("there is no journal yet: `rem init` makes one")?;
    }
    for name in &names {
        desk.line(&Line::plain(name))?;
    }
    Ok(Exit::Done)
}
