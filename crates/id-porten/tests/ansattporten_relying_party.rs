//! Every row of `relying_party` again, for the second issuer: the provider plays Ansattporten, with work accounts, groups
//! and organisations.

#[path = "relying_party/main.rs"]
mod relying_party;
