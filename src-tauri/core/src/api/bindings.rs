//! Collects the TypeScript declarations of all types that a root type reaches.

use std::collections::BTreeMap;

use ts_rs::{Config, TS, TypeVisitor};

#[derive(Default)]
pub(super) struct Collected {
    declarations: BTreeMap<String, String>,
}

impl Collected {
    pub(super) fn visit_with<T: TS + 'static + ?Sized>(&mut self, config: &Config) {
        Visit { collected: self, config }.visit::<T>();
    }

    pub(super) fn into_map(self) -> BTreeMap<String, String> {
        self.declarations
    }
}

struct Visit<'a> {
    collected: &'a mut Collected,
    config: &'a Config,
}

impl TypeVisitor for Visit<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        // Types without a file of their own (numbers, strings, lists) have nothing to declare, but may
        // hold types that have.
        if T::output_path().is_some() {
            let name = T::ident(self.config);
            if self.collected.declarations.contains_key(&name) {
                return;
            }
            let docs = T::docs().unwrap_or_default();
            let declaration = format!("{docs}export {}", T::decl(self.config));
            self.collected.declarations.insert(name, declaration);
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}
