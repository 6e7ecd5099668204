//! What a scan found and did, and what a person should look at.

use rem_core::api::sources::{FileProblem, ScanReport};

use super::table;
use crate::{
    desk::Desk,
    exit::Result,
    line::Line,
    palette::Ink,
    times::{count, thousands},
};

/// Problems shown unless all are asked for.
const FEW: usize = 20;

/// A scan's report.
pub(crate) fn write(desk: &mut Desk<'_, '_>, label: &str, report: &ScanReport) -> Result {
    if !desk.globals.quiet {
        desk.text(&Line::of(Ink::Strong, label))?;
        desk.indented(2, &Line::plain(&files(report)))?;
        desk.indented(2, &Line::plain(&records(report)))?;
    }
    if let Some(reason) = &report.held_back {
        let note = format!(
            "{reason} If they are really gone: rem sources scan {} --accept-missing",
            report.source_id
        );
        desk.indented(2, &Line::of(Ink::Warning, &note))?;
    }
    if report.is_cancelled {
        desk.indented(
            2,
            &Line::of(Ink::Warning, "Stopped before the end; what was read is kept."),
        )?;
    }
    Ok(())
}

/// The files that are not in the journal as they should be.
pub(crate) fn problems(desk: &mut Desk<'_, '_>, problems: &[FileProblem]) -> Result {
    if problems.is_empty() {
        return Ok(());
    }
    let shown = if desk.is_verbose() { problems.len() } else { problems.len().min(FEW) };
    let rows: Vec<_> = problems
        .iter()
        .take(shown)
        .map(|problem| vec![problem.status.clone(), problem.file.clone(), problem.reason.clone()])
        .collect();
    table::write(desk, &["status", "file", "why"], &rows)?;
    if shown < problems.len() {
        let more = format!("… and {} more: add --verbose", problems.len() - shown);
        desk.text(&Line::of(Ink::Quiet, &more))?;
    }
    Ok(())
}

fn files(report: &ScanReport) -> String {
    let parts = [
        (report.n_new, "new"),
        (report.n_changed, "changed"),
        (report.n_unchanged, "unchanged"),
        (report.n_renamed, "moved"),
        (report.n_duplicates, "duplicate"),
        (report.n_removed, "gone"),
        (report.n_skipped, "skipped"),
        (report.n_failed, "failed"),
    ];
    let said: Vec<_> = parts
        .iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, word)| format!("{} {word}", thousands(*n)))
        .collect();
    let files = count(report.n_files, "file");
    if said.is_empty() { files } else { format!("{files}: {}", said.join(", ")) }
}

fn records(report: &ScanReport) -> String {
    format!(
        "{} new, {} changed",
        count(report.n_records_added, "record"),
        thousands(report.n_records_changed)
    )
}

/// Whether a scan met anything worth a line.
pub(crate) fn is_news(report: &ScanReport) -> bool {
    let changes = [
        report.n_new,
        report.n_changed,
        report.n_renamed,
        report.n_removed,
        report.n_failed,
        report.n_records_added,
        report.n_records_changed,
    ];
    changes.iter().any(|n| *n > 0) || report.held_back.is_some()
}

/// A scan on one line.
pub(crate) fn in_short(report: &ScanReport) -> String {
    format!("{}; {}", files(report), records(report))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_says_only_what_happened() {
        let report = ScanReport {
            n_files: 3,
            n_new: 2,
            n_failed: 1,
            n_records_added: 1,
            ..ScanReport::default()
        };
        assert_eq!(in_short(&report), "3 files: 2 new, 1 failed; 1 record new, 0 changed");
        assert!(is_news(&report));
        assert!(!is_news(&ScanReport { n_files: 9, n_unchanged: 9, ..ScanReport::default() }));
    }
}
