//! People: whom the moments name, in lists and page by page.

mod list;
mod page;

pub(crate) use list::list;
pub(crate) use page::show;
