//! The stages of a dream, one file each.

pub(super) mod collect;
pub(super) mod episodes;
pub(super) mod moments;
pub(super) mod story;

use std::path::Path;

use crate::{
    Result,
    mind::{builtin::Builtin, caller::Caller},
};

pub(super) struct Prompts;

impl Prompts {
    pub(super) fn load(_data_dir: &Path) -> Result<Self> {
        Ok(Self)
    }
}

#[derive(Clone, Copy)]
pub(super) struct Reading<'a> {
    pub(super) builtin: &'a Builtin,
    pub(super) caller: Option<&'a Caller<'a>>,
    pub(super) prompts: &'a Prompts,
}
