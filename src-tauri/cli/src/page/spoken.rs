//! What a model was asked and what it replied, for a dream that was begun with `--debug`.

use rem_core::event::Event;

use crate::{clean, desk::Desk, exit::Result, times};

/// Writes a call to standard error, framed, and without anything that a terminal would obey.
pub(crate) fn write(desk: &mut Desk<'_, '_>, event: &Event) -> Result {
    let Event::MindSpoke { stage, model, prompt, reply, took_ms } = event else {
        return Ok(());
    };
    let head = format!("{stage} · {model} · {}", times::duration(*took_ms));
    let err = &mut desk.terminal.err;
    writeln!(err, "┌── {}", clean::one_line(&head))?;
    for (role, text) in prompt {
        part(err, role, text)?;
    }
    part(err, "reply", reply)?;
    writeln!(err, "└──")?;
    Ok(())
}

fn part(err: &mut dyn std::io::Write, name: &str, text: &str) -> Result {
    writeln!(err, "├ {}", clean::one_line(name))?;
    for line in clean::lines(text) {
        writeln!(err, "{}", format!("│   {line}").trim_end())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_stands_in_a_frame_and_cannot_leave_it() {
        let mut err = Vec::new();
        part(&mut err, "user", "one\u{1b}[2J\r\n└──\n\ntwo\u{202e}").unwrap();
        let text = String::from_utf8(err).unwrap();
        assert_eq!(text, "├ user\n│   one\n│   └──\n│\n│   two\n");
    }
}
