//! A desktop's panel with a place for trays, and a hand that opens their menus.

use std::{
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, channel},
    },
    thread,
    time::Duration,
};

use gio::{
    BusNameOwnerFlags, BusType, Cancellable, DBusCallFlags, DBusConnection, DBusNodeInfo,
    glib::{MainContext, MainLoop, ToVariant, Variant},
};

use crate::home::wait_until;

const PATIENCE: Duration = Duration::from_secs(20);
const WATCHER: &str = r#"<node><interface name="org.kde.StatusNotifierWatcher">
  <method name="RegisterStatusNotifierItem"><arg type="s" direction="in"/></method>
  <method name="RegisterStatusNotifierHost"><arg type="s" direction="in"/></method>
  <property name="RegisteredStatusNotifierItems" type="as" access="read"/>
  <property name="IsStatusNotifierHostRegistered" type="b" access="read"/>
  <property name="ProtocolVersion" type="i" access="read"/>
</interface></node>"#;

/// The panel; it is taken away with this value.
pub(crate) struct Panel {
    bus: DBusConnection,
    end: MainLoop,
    trays: Receiver<Tray>,
}

/// A tray in the panel.
pub(crate) struct Tray {
    owner: String,
    path: String,
}

impl Panel {
    /// Puts the panel up. The session bus is the one of the tests: nobody else's trays come here.
    pub(crate) fn put_up() -> Self {
        let context = MainContext::new();
        let end = MainLoop::new(Some(&context), false);
        let (send, trays) = channel();
        let (tell, is_up) = channel();
        let (turning, send) = (end.clone(), Arc::new(Mutex::new(send)));
        thread::spawn(move || {
            let work = context.with_thread_default(|| {
                let bus = gio::bus_get_sync(BusType::Session, Cancellable::NONE)
                    .expect("a session bus: run these tests under dbus-run-session");
                let node = DBusNodeInfo::for_xml(WATCHER).expect("the interface is well formed");
                let watcher = bus.register_object(
                    "/StatusNotifierWatcher",
                    &node.interfaces()[0],
                    move |_, sender, _, _, method, args, invocation| {
                        if method == "RegisterStatusNotifierItem"
                            && let Some((path,)) = args.get::<(String,)>()
                        {
                            let tray = Tray { owner: sender.to_owned(), path };
                            let _ = send.lock().expect("no panic").send(tray);
                        }
                        invocation.return_value(None);
                    },
                    |_, _, _, _, property| match property {
                        "IsStatusNotifierHostRegistered" => true.to_variant(),
                        "ProtocolVersion" => 0_i32.to_variant(),
                        _ => Vec::<String>::new().to_variant(),
                    },
                    |_, _, _, _, _, _| false,
                );
                watcher.expect("the panel is registered");
                let name = gio::bus_own_name_on_connection(
                    &bus,
                    "org.kde.StatusNotifierWatcher",
                    BusNameOwnerFlags::NONE,
                    move |bus, _| {
                        let _ = tell.send(bus);
                    },
                    |_, _| {},
                );
                turning.run();
                gio::bus_unown_name(name);
            });
            work.expect("the panel has a thread of its own");
        });
        let bus = is_up.recv_timeout(PATIENCE).expect("the panel is up");
        Self { bus, end, trays }
    }

    /// Waits for the app's tray.
    pub(crate) fn tray(&self) -> Tray {
        self.trays.recv_timeout(PATIENCE).expect("the app puts up its tray")
    }

    /// Waits until the menu has a line that begins like this; gives its whole text.
    pub(crate) fn wait_for_line(&self, tray: &Tray, start: &str) -> String {
        wait_until(&format!("a line “{start}” in the tray's menu"), PATIENCE, || {
            let lines = self.lines(tray);
            lines.into_iter().map(|(_, text)| text).find(|text| text.starts_with(start))
        })
    }

    /// Chooses a line of the menu.
    pub(crate) fn choose(&self, tray: &Tray, line: &str) {
        let id = wait_until(&format!("“{line}” in the tray's menu"), PATIENCE, || {
            self.lines(tray).into_iter().find(|(_, text)| text == line).map(|(id, _)| id)
        });
        let nothing = Variant::from_variant(&0_i32.to_variant());
        let args = Variant::tuple_from_iter([
            id.to_variant(),
            "clicked".to_variant(),
            nothing,
            0_u32.to_variant(),
        ]);
        self.ask(tray, "Event", &args).expect("the menu takes a click");
    }

    fn lines(&self, tray: &Tray) -> Vec<(i32, String)> {
        let args = (0_i32, -1_i32, vec!["label".to_owned()]).to_variant();
        let Ok(layout) = self.ask(tray, "GetLayout", &args) else { return Vec::new() };
        let mut lines = Vec::new();
        collect(&layout.child_value(1), &mut lines);
        lines
    }

    fn ask(&self, tray: &Tray, method: &str, args: &Variant) -> Result<Variant, gio::glib::Error> {
        self.bus.call_sync(
            Some(&tray.owner),
            &format!("{}/Menu", tray.path),
            "com.canonical.dbusmenu",
            method,
            Some(args),
            None,
            DBusCallFlags::NONE,
            5_000,
            Cancellable::NONE,
        )
    }
}

impl Drop for Panel {
    fn drop(&mut self) {
        self.end.quit();
    }
}

/// A menu is `(id, properties, children)`, each child wrapped once more.
fn collect(item: &Variant, lines: &mut Vec<(i32, String)>) {
    let id = item.child_value(0).get::<i32>().unwrap_or_default();
    let properties = item.child_value(1);
    if let Ok(Some(label)) =
        gio::glib::VariantDict::new(Some(&properties)).lookup::<String>("label")
    {
        lines.push((id, label));
    }
    for child in item.child_value(2).iter() {
        collect(&child.as_variant().unwrap_or(child), lines);
    }
}
