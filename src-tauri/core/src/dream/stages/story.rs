//! shim
use super::Reading;
use crate::{Result, api::moments::MomentCard, periods::Story};

pub(in crate::dream) struct Told {
    pub(in crate::dream) story: Option<Story>,
    pub(in crate::dream) is_provisional: bool,
}
pub(in crate::dream) fn tell(_cards: &[MomentCard], reading: &Reading<'_>) -> Result<Told> {
    Ok(Told { story: None, is_provisional: reading.caller.is_none() })
}
