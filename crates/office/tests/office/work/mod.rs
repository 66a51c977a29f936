//! The work account: nothing can be done without its permission, and every way in and out is tried.

mod client;
mod coming_in;
mod firm;
mod lasting;
mod matrix;
mod record;
mod rules;
mod shown;

use view::EnvironmentName;

const HERE: EnvironmentName = EnvironmentName::Practice;
