//! What a saved file holds, as a tree that can be changed anywhere.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
    ser::SerializeMap as _,
};

/// A value of CBOR.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Node {
    Null,
    Bool(bool),
    Unsigned(u64),
    Negative(i64),
    Float(f64),
    Text(String),
    Bytes(Vec<u8>),
    Array(Vec<Node>),
    Map(Vec<(Node, Node)>),
}

impl Node {
    pub(crate) fn read(bytes: &[u8]) -> Node {
        cbor4ii::serde::from_slice(bytes).expect("CBOR")
    }

    pub(crate) fn write(&self) -> Vec<u8> {
        cbor4ii::serde::to_vec(Vec::new(), self).expect("room")
    }

    /// The member of this name.
    pub(crate) fn member(&mut self, name: &str) -> &mut Node {
        let Node::Map(members) = self else {
            panic!("no map with {name}");
        };
        let mut members = members.iter_mut();
        let found = members.find(|(key, _)| *key == Node::Text(name.into()));
        &mut found.unwrap_or_else(|| panic!("no {name}")).1
    }

    /// The places of all values in it, each with the names on the way there; of those
    /// whose way has the same names, the first `most`.
    pub(crate) fn places(&self, most: usize) -> Vec<(String, Vec<usize>)> {
        let mut places = Vec::new();
        self.add_places(most, (&mut String::new(), &mut Vec::new()), &mut places);
        places
    }

    fn add_places(
        &self,
        most: usize,
        (name, way): (&mut String, &mut Vec<usize>),
        places: &mut Vec<(String, Vec<usize>)>,
    ) {
        if places.iter().filter(|(known, _)| known == name).count() >= most {
            return;
        }
        places.push((name.clone(), way.clone()));
        let len = name.len();
        for at in 0..self.len() {
            match self {
                Node::Map(members) => match &members[at].0 {
                    Node::Text(member) => name.extend(["/", member]),
                    _ => name.push_str("/0"),
                },
                _ => name.push_str("/-"),
            }
            way.push(at);
            self.child(at).add_places(most, (name, way), places);
            way.pop();
            name.truncate(len);
        }
    }

    /// How many values it holds directly.
    fn len(&self) -> usize {
        match self {
            Node::Array(all) => all.len(),
            Node::Map(all) => all.len(),
            _ => 0,
        }
    }

    fn child(&self, at: usize) -> &Node {
        match self {
            Node::Array(all) => &all[at],
            Node::Map(all) => &all[at].1,
            _ => unreachable!("it holds none"),
        }
    }

    /// The value at a place.
    pub(crate) fn at(&mut self, way: &[usize]) -> &mut Node {
        way.iter().fold(self, |node, &at| match node {
            Node::Array(all) => &mut all[at],
            Node::Map(all) => &mut all[at].1,
            _ => unreachable!("it holds none"),
        })
    }

    /// What may stand in its place.
    pub(crate) fn forgeries(&self) -> Vec<Node> {
        let mut all = vec![
            Node::Null,
            Node::Unsigned(0),
            Node::Unsigned(1),
            Node::Unsigned(u64::MAX),
            Node::Negative(-1),
            Node::Negative(i64::MIN),
            Node::Float(f64::NAN),
            Node::Text(String::new()),
            Node::Bytes(Vec::new()),
            Node::Array(Vec::new()),
            Node::Map(Vec::new()),
        ];
        match self {
            Node::Bool(value) => all.push(Node::Bool(!value)),
            Node::Unsigned(value) => {
                all.push(Node::Unsigned(value.wrapping_add(1)));
                all.push(Node::Unsigned(1 << 55));
                all.push(Node::Unsigned(i64::MAX as u64));
            }
            Node::Text(text) => {
                all.push(Node::Text(text.repeat(5000)));
                all.push(Node::Text(format!("{text}\0(")));
            }
            Node::Bytes(bytes) => {
                all.push(Node::Bytes(bytes.repeat(3)));
                all.push(Node::Bytes(vec![0xff; bytes.len()]));
                all.push(Node::Bytes(vec![0; bytes.len()]));
                all.push(Node::Bytes(bytes[..bytes.len().saturating_sub(1)].to_vec()));
            }
            Node::Array(values) => all.extend(rearranged(values).into_iter().map(Node::Array)),
            Node::Map(members) => {
                all.extend(rearranged(members).into_iter().map(Node::Map));
                for at in 0..members.len() {
                    let mut others = members.clone();
                    others.remove(at);
                    all.push(Node::Map(others));
                    let mut renamed = members.clone();
                    renamed[at].0 = Node::Text("renamed".into());
                    all.push(Node::Map(renamed));
                }
            }
            Node::Null | Node::Negative(_) | Node::Float(_) => {}
        }
        all.retain(|node| node != self);
        all
    }
}

/// The same values doubled, backwards, and without the last.
fn rearranged<T: Clone>(values: &[T]) -> Vec<Vec<T>> {
    let backwards = values.iter().rev().cloned().collect();
    let without = &values[..values.len().saturating_sub(1)];
    vec![[values, values].concat(), backwards, without.to_vec()]
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Node::Null => serializer.serialize_none(),
            Node::Bool(value) => serializer.serialize_bool(*value),
            Node::Unsigned(value) => serializer.serialize_u64(*value),
            Node::Negative(value) => serializer.serialize_i64(*value),
            Node::Float(value) => serializer.serialize_f64(*value),
            Node::Text(value) => serializer.serialize_str(value),
            Node::Bytes(value) => serializer.serialize_bytes(value),
            Node::Array(values) => values.serialize(serializer),
            Node::Map(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (key, value) in members {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
        }
    }
}

struct AnyNode;

impl<'de> Visitor<'de> for AnyNode {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_none<E: Error>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Bool(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Unsigned(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Negative(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Node, E> {
        Ok(Node::Float(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Text(value.into()))
    }

    fn visit_bytes<E: Error>(self, value: &[u8]) -> Result<Node, E> {
        Ok(Node::Bytes(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Node, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = seq.next_element()? {
            values.push(value);
        }
        Ok(Node::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Node::Map(members))
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_any(AnyNode)
    }
}
