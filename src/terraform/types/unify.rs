//! The type that values of several types can be converted to.

use std::collections::BTreeMap;

use super::{Field, Type};

/// One type for all; `None` where there is none. Types that cannot be told have no say.
pub(in crate::terraform) fn unify(types: &[Type]) -> Option<Type> {
    let known: Vec<&Type> = types.iter().filter(|kind| !matches!(kind, Type::Any)).collect();
    if known.len() == types.len() {
        return of_known(&known);
    }
    // What cannot be told may be anything, and then so is the result; a primitive has its say.
    let primitive = |kind: &&Type| matches!(kind, Type::String | Type::Number | Type::Bool);
    let found = if known.iter().all(primitive) { of_known(&known) } else { None };
    let never = known.iter().any(|kind| is_object(kind)) && known.iter().any(|kind| is_tuple(kind));
    found.or((!never).then_some(Type::Any))
}

fn of_known(types: &[&Type]) -> Option<Type> {
    let Some(first) = types.first() else { return Some(Type::Any) };
    let all = |test: fn(&Type) -> bool| types.iter().all(|kind| test(kind));
    let any = |test: fn(&Type) -> bool| types.iter().any(|kind| test(kind));
    let one = |wrap: fn(Box<Type>) -> Type| Some(wrap(Box::new(unify(&inner(types)?)?)));
    if all(is_object) {
        return objects(types).or_else(|| Some(Type::Map(Box::new(unify(&flat(types))?))));
    }
    if all(is_tuple) {
        return tuples(types).or_else(|| Some(Type::List(Box::new(unify(&flat(types))?))));
    }
    if all(is_map) {
        return one(Type::Map);
    }
    if all(is_list) {
        return one(Type::List);
    }
    if all(is_set) {
        return one(Type::Set);
    }
    if any(is_object) && any(is_tuple) {
        return None;
    }
    // Objects are often maps in disguise, and tuples lists.
    let disguised = if all(|kind| is_map(kind) || is_object(kind)) {
        one(Type::Map)
    } else if all(|kind| is_list(kind) || is_tuple(kind)) {
        one(Type::List)
    } else {
        None
    };
    if disguised.is_some() {
        return disguised;
    }
    let preferred = types.iter().filter(|kind| matches!(kind, Type::String));
    let sets = types.iter().filter(|kind| is_set(kind));
    let lists = types.iter().filter(|kind| is_list(kind));
    preferred
        .chain(lists)
        .chain(sets)
        .chain([first])
        .chain(types)
        .find(|wanted| types.iter().all(|kind| converts(kind, wanted)))
        .map(|wanted| (*wanted).clone())
}

fn is_map(kind: &Type) -> bool {
    matches!(kind, Type::Map(_))
}

fn is_object(kind: &Type) -> bool {
    matches!(kind, Type::Object(_))
}

fn is_list(kind: &Type) -> bool {
    matches!(kind, Type::List(_))
}

fn is_set(kind: &Type) -> bool {
    matches!(kind, Type::Set(_))
}

fn is_tuple(kind: &Type) -> bool {
    matches!(kind, Type::Tuple(_))
}

/// The types of all elements.
fn flat(types: &[&Type]) -> Vec<Type> {
    let mut out = Vec::new();
    for kind in types {
        match kind {
            Type::Tuple(kinds) => out.extend(kinds.iter().cloned()),
            Type::Object(fields) => out.extend(fields.values().map(|field| field.kind.clone())),
            _ => {}
        }
    }
    out
}

/// The one type of the elements of each.
fn inner(types: &[&Type]) -> Option<Vec<Type>> {
    let element = |kind: &&Type| match kind {
        Type::List(of) | Type::Set(of) | Type::Map(of) => Some((**of).clone()),
        Type::Tuple(kinds) => unify(kinds),
        Type::Object(fields) => {
            unify(&fields.values().map(|field| field.kind.clone()).collect::<Vec<_>>())
        }
        _ => None,
    };
    types.iter().map(element).collect()
}

/// Objects of the same attributes, attribute by attribute.
fn objects(types: &[&Type]) -> Option<Type> {
    let fields: Vec<&BTreeMap<_, Field>> = types
        .iter()
        .filter_map(|kind| match kind {
            Type::Object(fields) => Some(fields),
            _ => None,
        })
        .collect();
    let first = fields.first()?;
    if !fields.iter().all(|other| other.keys().eq(first.keys())) {
        return None;
    }
    let unified = first.keys().map(|name| {
        let kinds: Vec<Type> = fields.iter().map(|fields| fields[name].kind.clone()).collect();
        Some((name.clone(), unify(&kinds)?.into()))
    });
    Some(Type::Object(unified.collect::<Option<_>>()?))
}

/// Tuples of the same length, position by position.
fn tuples(types: &[&Type]) -> Option<Type> {
    let kinds: Vec<&Vec<Type>> = types
        .iter()
        .filter_map(|kind| match kind {
            Type::Tuple(kinds) => Some(kinds),
            _ => None,
        })
        .collect();
    let length = kinds.first()?.len();
    if kinds.iter().any(|other| other.len() != length) {
        return None;
    }
    let unified = (0..length)
        .map(|at| unify(&kinds.iter().map(|kinds| kinds[at].clone()).collect::<Vec<_>>()));
    Some(Type::Tuple(unified.collect::<Option<_>>()?))
}

/// Whether a value of one type may be converted to another.
fn converts(from: &Type, to: &Type) -> bool {
    match (from, to) {
        (Type::Any, _) | (_, Type::Any) => true,
        (Type::String | Type::Number | Type::Bool, Type::String) => true,
        (Type::String | Type::Number, Type::Number) => true,
        (Type::String | Type::Bool, Type::Bool) => true,
        (Type::List(a) | Type::Set(a), Type::List(b) | Type::Set(b)) => converts(a, b),
        (Type::Tuple(kinds), Type::List(b) | Type::Set(b)) => {
            kinds.iter().all(|kind| converts(kind, b))
        }
        (Type::Tuple(a), Type::Tuple(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| converts(a, b))
        }
        (Type::Map(a), Type::Map(b)) => converts(a, b),
        (Type::Object(fields), Type::Map(b)) => {
            fields.values().all(|field| converts(&field.kind, b))
        }
        (Type::Map(a), Type::Object(fields)) => {
            fields.values().all(|field| converts(a, &field.kind))
        }
        (Type::Object(a), Type::Object(b)) => b
            .iter()
            .all(|(name, field)| a.get(name).is_some_and(|own| converts(&own.kind, &field.kind))),
        _ => false,
    }
}
