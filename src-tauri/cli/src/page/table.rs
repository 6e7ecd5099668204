//! Tables without borders, fitted to the terminal.

use comfy_table::{Attribute, Cell, CellAlignment, ContentArrangement, Table, presets};

use crate::{clean, desk::Desk, exit::Result};

/// Writes a table. Columns whose heading begins with a space stand to the right, for numbers.
pub(crate) fn write(desk: &mut Desk<'_, '_>, headings: &[&str], rows: &[Vec<String>]) -> Result {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(u16::try_from(desk.width()).unwrap_or(u16::MAX));
    if desk.palette.is_colored {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    table.set_header(
        headings.iter().map(|text| Cell::new(text.trim()).add_attribute(Attribute::Dim)),
    );
    for row in rows {
        table.add_row(row.iter().map(|text| clean::lines(text).join("\n")));
    }
    let last = headings.len().saturating_sub(1);
    for (n, (column, heading)) in table.column_iter_mut().zip(headings).enumerate() {
        column.set_padding((0, if n == last { 0 } else { 2 }));
        if heading.starts_with(' ') {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    for line in table.lines() {
        writeln!(desk.terminal.out, "{}", line.trim_end())?;
    }
    Ok(())
}
