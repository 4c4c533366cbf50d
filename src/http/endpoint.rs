//! What the paths answer. The name of a handler is the id of its operation, its comment the
//! operation's description.

pub(super) mod clause;
pub(super) mod history;
pub(super) mod listing;
pub(super) mod operation;
pub(super) mod search;
pub(super) mod table;
pub(super) mod write;
