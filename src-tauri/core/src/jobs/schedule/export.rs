//! The schedules in the words of the system's own scheduler, for a machine on which neither the window nor
//! a daemon runs.
//!
//! What these files start is `rem schedule run NAME --if-due`: it gives a slot its turn as the program
//! itself does, so that both beside each other dream once. Each file asks the system to make up for a time
//! that the machine slept through, where the system can.

use std::fmt::Write as _;

use super::{Cron, TIMED, cron::Fields, rule};
use crate::{Error, Result, settings::Settings};

/// Whose words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum System {
    Systemd,
    Launchd,
    Schtasks,
    Cron,
}

/// What is to be started.
#[derive(Debug, Clone)]
pub(crate) struct Start<'a> {
    /// The program `rem`, with its whole path.
    pub(crate) program: &'a str,
    /// The journal.
    pub(crate) journal: &'a str,
    /// The folder where journals lie; `None` for the usual one.
    pub(crate) data_dir: Option<&'a str>,
}

/// A file to put where the system looks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Exported {
    pub(crate) name: String,
    pub(crate) text: String,
}

/// More times than this in one rule are not written out one by one.
const MOST_TIMES: usize = 500;

/// The files.
///
/// # Errors
/// A rule cannot be said in the words of this system; the text says which, and why.
pub(crate) fn export(
    system: System,
    settings: &Settings,
    start: &Start<'_>,
) -> Result<Vec<Exported>> {
    let mut rules = Vec::new();
    for name in TIMED {
        if let Some(text) = rule(settings, *name) {
            let cron = Cron::parse(&text)?;
            rules.push((name.as_str(), text, cron));
        }
    }
    rules.sort_by_key(|(name, ..)| *name);
    let mut files = Vec::new();
    let mut table = format!(
        "# Schedules of the journal {}, for `crontab -e`. Cron does not make up for what a machine slept\n\
         # through; the last line does, when the machine is started.\n\
         # Times are those of the machine's zone.\n",
        start.journal
    );
    for (name, text, cron) in &rules {
        let unit = format!("rem-journal-{}-{name}", start.journal);
        match system {
            System::Cron => {
                let _ = writeln!(table, "{text} {}", shell(&words(start, name)));
            }
            System::Systemd => {
                let fields = of(name, cron.fields())?;
                files
                    .push(Exported { name: format!("{unit}.service"), text: service(start, name) });
                files.push(Exported {
                    name: format!("{unit}.timer"),
                    text: timer(start, name, &fields, &settings.zone),
                });
            }
            System::Launchd => {
                let fields = of(name, cron.fields())?;
                let label = format!("org.rem-journal.{}.{name}", start.journal);
                let text = plist(&label, &words(start, name), &of(name, times(&fields))?);
                files.push(Exported { name: format!("{label}.plist"), text });
            }
            System::Schtasks => {
                let fields = of(name, cron.fields())?;
                files.push(Exported {
                    name: format!("{unit}.xml"),
                    text: task(start, name, &fields)?,
                });
            }
        }
    }
    if system == System::Cron {
        for (name, ..) in &rules {
            let _ = writeln!(table, "@reboot {}", shell(&words(start, name)));
        }
        files
            .push(Exported { name: format!("rem-journal-{}.crontab", start.journal), text: table });
    }
    Ok(files)
}

/// Names the schedule that an error is about.
fn of<T>(name: &str, result: Result<T>) -> Result<T> {
    result.map_err(|error| Error::invalid(format!("the schedule {name}: {error}")))
}

fn words<'a>(start: &Start<'a>, name: &'a str) -> Vec<&'a str> {
    let mut words = vec![start.program, "--journal", start.journal];
    if let Some(folder) = start.data_dir {
        words.extend(["--data-dir", folder]);
    }
    words.extend(["--quiet", "schedule", "run", name, "--if-due"]);
    words
}

/// Words for `sh`; in a crontab a percent sign ends the line unless it is escaped.
fn shell(words: &[&str]) -> String {
    let quoted: Vec<String> = words
        .iter()
        .map(|word| {
            let is_plain = !word.is_empty()
                && word.chars().all(|c| c.is_alphanumeric() || "-_./=:".contains(c));
            if is_plain { (*word).to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) }
        })
        .collect();
    quoted.join(" ").replace('%', "\\%")
}

/// Words for systemd's `ExecStart`: quoted, with its own signs doubled.
fn exec(words: &[&str]) -> String {
    let quoted: Vec<String> = words
        .iter()
        .map(|word| {
            let word = word.replace('%', "%%").replace('$', "$$");
            let is_plain = !word.is_empty()
                && word.chars().all(|c| c.is_alphanumeric() || "-_./=:%$".contains(c));
            if is_plain {
                word
            } else {
                format!("\"{}\"", word.replace('\\', "\\\\").replace('"', "\\\""))
            }
        })
        .collect();
    quoted.join(" ")
}

fn service(start: &Start<'_>, name: &str) -> String {
    format!(
        "[Unit]\n\
         Description=REM Journal {}: {name}\n\
         \n\
         [Service]\n\
         Type=oneshot\n\
         ExecStart={}\n\
         # It gives way to whatever the person does.\n\
         Nice=19\n\
         IOSchedulingClass=idle\n\
         CPUWeight=20\n\
         # Another program dreams already: that is no failure.\n\
         SuccessExitStatus=4\n",
        start.journal,
        exec(&words(start, name))
    )
}

fn timer(start: &Start<'_>, name: &str, fields: &Fields, zone: &str) -> String {
    let list = |values: &[u16]| {
        values.iter().map(|value| format!("{value:02}")).collect::<Vec<_>>().join(",")
    };
    let or_every = |values: &Option<Vec<u16>>| values.as_ref().map_or("*".into(), |v| list(v));
    const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
    let weekdays = fields.weekdays.as_ref().map_or(String::new(), |days| {
        let names: Vec<&str> = days.iter().map(|day| DAYS[usize::from(*day) % 7]).collect();
        format!("{} ", names.join(","))
    });
    let hours = if fields.hours.len() == 24 { "*".into() } else { list(&fields.hours) };
    let minutes = if fields.minutes.len() == 60 { "*".into() } else { list(&fields.minutes) };
    format!(
        "[Unit]\n\
         Description=REM Journal {}: when {name} is due\n\
         \n\
         [Timer]\n\
         OnCalendar={weekdays}*-{}-{} {hours}:{minutes}:00 {zone}\n\
         # A machine that slept makes up for it when it wakes.\n\
         Persistent=true\n\
         AccuracySec=1min\n\
         \n\
         [Install]\n\
         WantedBy=timers.target\n",
        start.journal,
        or_every(&fields.months),
        or_every(&fields.days)
    )
}

/// One time of a rule.
#[derive(Debug, Clone, Copy)]
struct Time {
    minute: u16,
    hour: Option<u16>,
    day: Option<u16>,
    month: Option<u16>,
    weekday: Option<u16>,
}

/// Every time of a rule, one by one.
fn times(fields: &Fields) -> Result<Vec<Time>> {
    let some = |values: &Option<Vec<u16>>| match values {
        Some(values) => values.iter().copied().map(Some).collect(),
        None => vec![None],
    };
    let hours = if fields.hours.len() == 24 {
        vec![None]
    } else {
        fields.hours.iter().copied().map(Some).collect()
    };
    let mut all = Vec::new();
    for month in some(&fields.months) {
        for day in some(&fields.days) {
            for weekday in some(&fields.weekdays) {
                for hour in &hours {
                    for minute in &fields.minutes {
                        all.push(Time { minute: *minute, hour: *hour, day, month, weekday });
                    }
                }
            }
        }
        if all.len() > MOST_TIMES {
            return Err(Error::invalid(format!(
                "it has more than {MOST_TIMES} times, which this system wants one by one: make it rarer"
            )));
        }
    }
    Ok(all)
}

fn xml(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// What launchd starts; it makes up for times that the machine slept through by itself.
fn plist(label: &str, words: &[&str], times: &[Time]) -> String {
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \
         \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n\
         <plist version=\"1.0\">\n<dict>\n",
    );
    let _ = writeln!(text, "  <key>Label</key>\n  <string>{}</string>", xml(label));
    text.push_str("  <key>ProgramArguments</key>\n  <array>\n");
    for word in words {
        let _ = writeln!(text, "    <string>{}</string>", xml(word));
    }
    text.push_str("  </array>\n  <key>StartCalendarInterval</key>\n  <array>\n");
    for time in times {
        text.push_str("    <dict>\n");
        let parts = [
            ("Month", time.month),
            ("Day", time.day),
            ("Weekday", time.weekday),
            ("Hour", time.hour),
            ("Minute", Some(time.minute)),
        ];
        for (key, value) in parts {
            if let Some(value) = value {
                let _ = writeln!(text, "      <key>{key}</key>\n      <integer>{value}</integer>");
            }
        }
        text.push_str("    </dict>\n");
    }
    text.push_str(
        "  </array>\n  <key>ProcessType</key>\n  <string>Background</string>\n  \
         <key>LowPriorityIO</key>\n  <true/>\n  <key>Nice</key>\n  <integer>19</integer>\n\
         </dict>\n</plist>\n",
    );
    text
}

/// A task for Windows, to be taken over with `schtasks /Create /TN "REM Journal" /XML FILE`.
fn task(start: &Start<'_>, name: &str, fields: &Fields) -> Result<String> {
    const DAYS: [&str; 7] =
        ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let in_words = |names: &[&str], values: &[u16], first: u16| -> String {
        values.iter().map(|v| format!("<{}/>", names[usize::from(v - first)])).collect()
    };
    let all_months: Vec<u16> = (1..=12).collect();
    let months = || {
        let months = fields.months.as_ref().unwrap_or(&all_months);
        format!("<Months>{}</Months>", in_words(&MONTHS, months, 1))
    };
    let days = match (&fields.weekdays, &fields.days, &fields.months) {
        (None, None, None) => {
            "<ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay>".into()
        }
        (Some(days), None, None) => format!(
            "<ScheduleByWeek><WeeksInterval>1</WeeksInterval><DaysOfWeek>{}</DaysOfWeek></ScheduleByWeek>",
            in_words(&DAYS, days, 0)
        ),
        (Some(days), ..) => format!(
            "<ScheduleByMonthDayOfWeek><Weeks><Week>1</Week><Week>2</Week><Week>3</Week><Week>4</Week>\
             <Week>Last</Week></Weeks><DaysOfWeek>{}</DaysOfWeek>{}</ScheduleByMonthDayOfWeek>",
            in_words(&DAYS, days, 0),
            months()
        ),
        (None, days, _) => {
            let all: Vec<u16> = (1..=31).collect();
            let days = days.as_ref().unwrap_or(&all);
            let days: String = days.iter().map(|day| format!("<Day>{day}</Day>")).collect();
            format!(
                "<ScheduleByMonth><DaysOfMonth>{days}</DaysOfMonth>{}</ScheduleByMonth>",
                months()
            )
        }
    };
    if fields.hours.len() * fields.minutes.len() > MOST_TIMES {
        return Err(Error::invalid(format!(
            "the schedule {name}: it has more than {MOST_TIMES} times a day, which this system wants one by \
             one: make it rarer"
        )));
    }
    let mut triggers = String::new();
    for hour in &fields.hours {
        for minute in &fields.minutes {
            // Any day of the past: from then on.
            let _ = write!(
                triggers,
                "    <CalendarTrigger>\n      <StartBoundary>2026-01-01T{hour:02}:{minute:02}:00</StartBoundary>\n      \
                 <Enabled>true</Enabled>\n      {days}\n    </CalendarTrigger>\n"
            );
        }
    }
    let words = words(start, name);
    let arguments: Vec<String> = words[1..].iter().map(|word| windows(word)).collect();
    Ok(format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <Task version=\"1.2\" xmlns=\"http://schemas.microsoft.com/windows/2004/02/mit/task\">\n  \
         <RegistrationInfo>\n    <Description>REM Journal {}: {name}</Description>\n  </RegistrationInfo>\n  \
         <Triggers>\n{triggers}  </Triggers>\n  \
         <Settings>\n    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>\n    \
         <DisallowStartIfOnBatteries>true</DisallowStartIfOnBatteries>\n    \
         <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>\n    \
         <StartWhenAvailable>true</StartWhenAvailable>\n    <Priority>7</Priority>\n  </Settings>\n  \
         <Actions>\n    <Exec>\n      <Command>{}</Command>\n      <Arguments>{}</Arguments>\n    </Exec>\n  \
         </Actions>\n</Task>\n",
        xml(start.journal),
        xml(start.program),
        xml(&arguments.join(" "))
    ))
}

/// A word for Windows' own way of cutting a line into words.
fn windows(word: &str) -> String {
    let is_plain = !word.is_empty() && !word.contains([' ', '\t', '"']);
    if is_plain {
        return word.to_owned();
    }
    let mut quoted = String::from("\"");
    let mut n_back = 0;
    for c in word.chars() {
        match c {
            '\\' => n_back += 1,
            '"' => {
                quoted.push_str(&"\\".repeat(n_back + 1));
                n_back = 0;
            }
            _ => n_back = 0,
        }
        quoted.push(c);
    }
    quoted.push_str(&"\\".repeat(n_back));
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start() -> Start<'static> {
        Start { program: "/opt/rem & co/rem", journal: "personal", data_dir: None }
    }

    fn files(system: System, change: impl FnOnce(&mut Settings)) -> Result<Vec<Exported>> {
        let mut settings = Settings { zone: "Europe/Berlin".into(), ..Settings::default() };
        change(&mut settings);
        export(system, &settings, &start())
    }

    fn file<'f>(files: &'f [Exported], part: &str) -> &'f str {
        let found = files.iter().find(|file| file.name.contains(part));
        &found.unwrap_or_else(|| panic!("no {part} among {files:?}")).text
    }

    #[test]
    fn systemd_wakes_at_the_times_and_makes_up_for_those_it_slept_through() {
        let files = files(System::Systemd, |_| {}).expect("plain rules");
        assert_eq!(files.len(), 10, "a service and a timer for each of five schedules");
        let night = file(&files, "night.timer");
        assert!(night.contains("OnCalendar=*-*-* 03:00:00 Europe/Berlin\n"), "{night}");
        assert!(night.contains("Persistent=true\n"));
        assert!(file(&files, "light.timer").contains("OnCalendar=*-*-* 00,06,12,18:00:00"));
        assert!(file(&files, "sessions.timer").contains("OnCalendar=*-*-* *:00:00"));
        assert!(file(&files, "deep.timer").contains("OnCalendar=Sun *-*-* 02:00:00"));
        let service = file(&files, "night.service");
        let line = "ExecStart=\"/opt/rem & co/rem\" --journal personal --quiet schedule run night --if-due\n";
        assert!(service.contains(line), "{service}");
    }

    #[test]
    fn launchd_gets_each_time_of_its_own() {
        let files = files(System::Launchd, |_| {}).expect("plain rules");
        let light = file(&files, "light");
        assert_eq!(light.matches("<key>Hour</key>").count(), 4);
        assert!(light.contains("<string>/opt/rem &amp; co/rem</string>"));
        assert!(file(&files, "deep").contains("<key>Weekday</key>\n      <integer>0</integer>"));
    }

    #[test]
    fn windows_starts_what_it_missed_and_not_on_battery() {
        let files = files(System::Schtasks, |_| {}).expect("plain rules");
        let deep = file(&files, "deep");
        assert!(deep.contains("<DaysOfWeek><Sunday/></DaysOfWeek>"), "{deep}");
        assert!(deep.contains("<StartWhenAvailable>true</StartWhenAvailable>"));
        assert!(deep.contains("<Command>/opt/rem &amp; co/rem</Command>"));
        assert_eq!(file(&files, "light").matches("<CalendarTrigger>").count(), 4);
    }

    #[test]
    fn cron_gets_the_rules_as_they_are_and_a_line_for_the_start() {
        let files = files(System::Cron, |_| {}).expect("plain rules");
        let text = file(&files, "crontab");
        assert!(text.contains("\n0 3 * * * '/opt/rem & co/rem' --journal personal"), "{text}");
        assert_eq!(text.matches("@reboot").count(), 5);
    }

    #[test]
    fn what_is_off_is_not_exported_and_what_cannot_be_said_is_refused() {
        let off = files(System::Systemd, |settings| settings.schedule.deep = "off".into());
        assert_eq!(off.expect("plain rules").len(), 8);
        let both = files(System::Systemd, |s| s.schedule.deep = "0 2 1 * 1".into());
        assert!(both.expect_err("two kinds of days").to_string().contains("the schedule deep"));
        let many = files(System::Launchd, |s| s.schedule.light = "* 1-23 * * *".into());
        assert!(many.expect_err("1380 times").to_string().contains("500"));
    }

    #[test]
    fn words_are_quoted_for_who_reads_them() {
        assert_eq!(shell(&["a b", "it's", "50%"]), "'a b' 'it'\\''s' '50\\%'");
        assert_eq!(exec(&["a b", "50%", "$HOME"]), "\"a b\" 50%% $$HOME");
        assert_eq!(windows("C:\\My Journals\\"), "\"C:\\My Journals\\\\\"");
        assert_eq!(windows("say \"hi\""), "\"say \\\"hi\\\"\"");
    }
}
