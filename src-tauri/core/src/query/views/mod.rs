//! The tables that can be asked: their names, their columns, and the journal's tables behind them.
//!
//! Each is a view of the connection that a question has to itself. What the person hid and what is deleted
//! is left out here, so that no question can reach it.

mod dreamt;
mod graph;
mod nights;
mod records;

use crate::api::query::{ColumnKind, QueryView, ViewColumn};

/// A table that can be asked.
#[derive(Debug)]
pub(super) struct View {
    pub(super) name: &'static str,
    /// What stands in it.
    pub(super) about: &'static str,
    /// Its columns, in the order in which `sql` gives them: what the values are, and what they mean.
    pub(super) columns: &'static [(&'static str, ColumnKind, &'static str)],
    /// What it is made of. `{entities}` stands for the name of the view `entities`, and so on.
    pub(super) sql: &'static str,
}

/// All tables that can be asked, those first that people ask for most.
pub(super) fn all() -> impl Iterator<Item = &'static View> {
    [dreamt::VIEWS, records::VIEWS, graph::VIEWS, nights::VIEWS].into_iter().flatten()
}

/// The table of this name.
pub(super) fn named(name: &str) -> Option<&'static View> {
    all().find(|view| view.name.eq_ignore_ascii_case(name))
}

/// The list for people and programs.
pub(super) fn listed() -> Vec<QueryView> {
    let view = |view: &View| QueryView {
        name: view.name.to_owned(),
        about: view.about.to_owned(),
        columns: view
            .columns
            .iter()
            .map(|(name, kind, about)| ViewColumn {
                name: (*name).to_owned(),
                kind: *kind,
                about: (*about).to_owned(),
            })
            .collect(),
    };
    all().map(view).collect()
}
