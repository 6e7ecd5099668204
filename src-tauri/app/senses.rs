//! What can be felt of the machine: its battery, and how long nobody has touched it.

use std::time::Duration;

use rem_core::mind::around::Senses;
use starship_battery::{Manager, State};

/// The machine's own battery and input devices.
pub(crate) struct Machine;

impl Senses for Machine {
    fn is_on_battery(&self) -> Option<bool> {
        let batteries = Manager::new().and_then(|manager| manager.batteries()).ok()?;
        let states: Vec<State> =
            batteries.filter_map(Result::ok).map(|battery| battery.state()).collect();
        // A machine without a battery has nothing to spare.
        Some(states.contains(&State::Discharging))
    }

    fn idle_for(&self) -> Option<Duration> {
        system_idle_time::get_idle_time().ok()
    }

    fn load(&self) -> Option<f32> {
        let load = sysinfo::System::load_average().ok()?.one;
        let n_cores = std::thread::available_parallelism().ok()?.get();
        Some((load / n_cores as f64) as f32)
    }
}
