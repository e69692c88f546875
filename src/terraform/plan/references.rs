//! References of a plan's configuration: which resource an open value is taken from.

use hashbrown::HashMap;

use serde_json::Value as Json;

use super::format::{ConfigModule, ConfigResource, Document};

/// Modules are followed no deeper than this.
const MAX_DEPTH: u32 = 32;

/// A reference that was followed to a resource: an instance, or (without a key) its whole family.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    /// `module.a.aws_vpc.main`, `aws_subnet.a[0]`.
    pub(super) address: String,
    /// The attribute and the way into it: `id`, `vpc_config[0].cluster_security_group_id`.
    pub(super) path: String,
    /// Whether the expression takes the instance with its own index.
    pub(super) counted: bool,
}

/// The configuration by module.
pub(super) struct References<'d> {
    root: &'d ConfigModule<'d>,
    resources: HashMap<String, &'d ConfigResource<'d>>,
}

impl<'d> References<'d> {
    pub(super) fn new(document: &'d Document<'d>) -> Self {
        let root = &document.configuration.root_module;
        let mut resources = HashMap::new();
        add(root, "", &mut resources, 0);
        Self { root, resources }
    }

    /// The configuration of an instance.
    pub(super) fn of(&self, address: &str) -> Option<&'d ConfigResource<'d>> {
        self.resources.get(&without_keys(address)).copied()
    }

    /// All that an expression refers to, followed to resources; `None` where it cannot be told.
    pub(super) fn targets(&self, module: &str, expression: &Json) -> Option<Vec<Target>> {
        self.follow(module, expression, 0)
    }

    fn follow(&self, module: &str, expression: &Json, depth: u32) -> Option<Vec<Target>> {
        if depth > MAX_DEPTH {
            return None;
        }
        let references = expression.get("references")?.as_array()?;
        let all: Vec<&str> = references.iter().filter_map(Json::as_str).collect();
        let longer = |short: &str| {
            let more = |one: &&&str| {
                one.strip_prefix(short).is_some_and(|rest| rest.starts_with(['.', '[']))
            };
            all.iter().any(|one| more(&one))
        };
        let counted = all.contains(&"count.index");
        let mut targets = Vec::new();
        for reference in all.iter().filter(|one| !longer(one) && **one != "count.index") {
            for mut target in self.one(module, reference, depth)? {
                target.counted |= counted;
                if !targets.contains(&target) {
                    targets.push(target);
                }
            }
        }
        Some(targets)
    }

    fn one(&self, module: &str, reference: &str, depth: u32) -> Option<Vec<Target>> {
        let parts = parts(reference);
        match (parts.first()?.as_str(), parts.get(1).map(String::as_str)) {
            ("var", Some(name)) => {
                let (outer, call) = parent(module)?;
                let calls = &self.module(&outer)?.module_calls;
                let raw = calls.get(without_keys(&call).as_str())?.expressions?;
                let expressions: Json = serde_json::from_str(raw.get()).ok()?;
                self.follow(&outer, expressions.get(name)?, depth + 1)
            }
            ("module", Some(call)) => {
                let inner = format!("{module}module.{call}.");
                let output = self.module(&inner)?.outputs.get(parts.get(2)?.as_str())?;
                // A path beyond the output is lost in it.
                let exact = parts.len() == 3;
                self.follow(&inner, &output.expression, depth + 1).filter(|_| exact)
            }
            ("each" | "count" | "local" | "self" | "path" | "terraform" | "var", _) => None,
            (first, Some(_)) => {
                let used = if first == "data" { 3 } else { 2 };
                let address = format!("{module}{}", parts.get(..used)?.join("."));
                self.of(&address)?;
                let path = parts.get(used..).unwrap_or_default().join(".");
                Some(vec![Target { address, path, counted: false }])
            }
            _ => None,
        }
    }

    fn module(&self, path: &str) -> Option<&'d ConfigModule<'d>> {
        let mut at = self.root;
        for call in without_keys(path).split('.').filter(|part| *part != "module") {
            if !call.is_empty() {
                at = at.module_calls.get(call)?.module.as_ref()?;
            }
        }
        Some(at)
    }
}

fn add<'d>(
    module: &'d ConfigModule<'d>,
    prefix: &str,
    all: &mut HashMap<String, &'d ConfigResource<'d>>,
    depth: u32,
) {
    if depth > MAX_DEPTH {
        return;
    }
    for resource in &module.resources {
        all.insert(format!("{prefix}{}", resource.address), resource);
    }
    for (name, call) in &module.module_calls {
        if let Some(inner) = &call.module {
            add(inner, &format!("{prefix}module.{name}."), all, depth + 1);
        }
    }
}

/// The module of an instance: `module.a["x"].`, empty for the root.
pub(super) fn module_of(address: &str) -> String {
    let parts = parts(address);
    let modules = parts.chunks(2).take_while(|pair| pair[0] == "module").count();
    dotted(&parts[..modules * 2])
}

fn dotted(parts: &[String]) -> String {
    parts.iter().flat_map(|part| [part.as_str(), "."]).collect()
}

/// The caller's module, and the call.
fn parent(module: &str) -> Option<(String, String)> {
    let all = parts(module.strip_suffix('.')?);
    let (call, outer) = all.split_last()?;
    let outer = &outer[..outer.len().checked_sub(1)?];
    Some((dotted(outer), call.clone()))
}

/// `module.a["x.y"].aws_vpc.b[0]` at its dots; keys stay with their names.
pub(super) fn parts(address: &str) -> Vec<String> {
    let (mut parts, mut quoted, mut escaped) = (vec![String::new()], false, false);
    for c in address.chars() {
        match c {
            '.' if !quoted => {
                parts.push(String::new());
                continue;
            }
            '"' if !escaped => quoted = !quoted,
            _ => {}
        }
        escaped = c == '\\' && !escaped;
        if let Some(last) = parts.last_mut() {
            last.push(c);
        }
    }
    parts
}

/// An address without `[0]` and `["key"]`.
pub(super) fn without_keys(address: &str) -> String {
    let plain = |part: &String| part.split('[').next().unwrap_or_default().to_owned();
    parts(address).iter().map(plain).collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_apart() {
        let address = "module.a[\"x.y\"].module.b.data.aws_vpc.c[0]";
        assert_eq!(module_of(address), "module.a[\"x.y\"].module.b.");
        assert_eq!(without_keys(address), "module.a.module.b.data.aws_vpc.c");
        let outer = ("module.a[\"x.y\"].".to_owned(), "b".to_owned());
        assert_eq!(parent(&module_of(address)), Some(outer));
        assert_eq!(parent(""), None);
        assert_eq!(module_of("aws_vpc.a"), "");
    }
}
