//! Finds many literals at once: a filter over a few bytes of each.

mod entries;
mod grams;
mod layout;
mod literals;
mod plain;
mod spread;
mod teddy;
mod word;

pub(crate) use self::{
    layout::{Filter, Layout, Wanted},
    literals::Literals,
    plain::{Plain, Plainly, parse},
    spread::Spread,
    teddy::Teddy,
};
