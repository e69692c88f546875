//! A design: typed blocks that know no writing style, read from plain Terraform; and what a fault changes in it.

use std::fmt::Write as _;

/// The address of a block: `aws_vpc.eks`.
pub(super) type Address = String;

/// A value as a design has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Text(String),
    /// A number or a boolean.
    Bare(String),
    /// An attribute of a block.
    Ref(Address, String),
    /// The host name in the endpoint of a cluster.
    Host(Address),
    List(Vec<Value>),
}

/// What stands between braces.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Body {
    pub(super) fields: Vec<(String, Value)>,
    pub(super) blocks: Vec<(String, Body)>,
}

#[derive(Debug, Clone)]
pub(super) struct Block {
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) body: Body,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Design {
    pub(super) blocks: Vec<Block>,
}

impl Value {
    fn read(text: &str) -> Self {
        let text = text.trim();
        if let Some(inside) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            let items = inside.split(',').filter(|item| !item.trim().is_empty());
            return Self::List(items.map(Self::read).collect());
        }
        if let Some(inside) = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
            return Self::Text(inside.to_owned());
        }
        if let Some(inside) = text.strip_prefix("trimprefix(") {
            let of = inside.split_once(".endpoint").expect("an endpoint").0;
            return Self::Host(of.to_owned());
        }
        let mut parts = text.splitn(3, '.');
        match (parts.next(), parts.next(), parts.next()) {
            (Some(kind), Some(name), Some(attribute)) if kind.starts_with("aws_") => {
                Self::Ref(format!("{kind}.{name}"), attribute.to_owned())
            }
            _ => Self::Bare(text.to_owned()),
        }
    }

    /// Every reference in it, with the attribute.
    pub(super) fn refs(&self) -> Vec<(&str, &str)> {
        match self {
            Self::Text(_) | Self::Bare(_) => vec![],
            Self::Ref(of, attribute) => vec![(of, attribute)],
            Self::Host(of) => vec![(of, "endpoint")],
            Self::List(items) => items.iter().flat_map(Self::refs).collect(),
        }
    }
}

impl Body {
    pub(super) fn refs(&self) -> Vec<(&str, &str)> {
        let own = self.fields.iter().flat_map(|(_, value)| value.refs());
        own.chain(self.blocks.iter().flat_map(|(_, body)| body.refs())).collect()
    }

    /// What it is made of, without the values: two bodies of one shape can be instances of one block.
    pub(super) fn shape(&self) -> String {
        let mut shape = String::new();
        for (name, _) in &self.fields {
            let _ = write!(shape, "{name} ");
        }
        let mut seen = Vec::new();
        for (name, body) in &self.blocks {
            let inner = format!("{name}{{{}}}", body.shape());
            if !seen.contains(&inner) {
                shape += &inner;
                seen.push(inner);
            }
        }
        shape
    }

    /// The bodies that a path leads to; a number in it chooses among blocks of one name.
    fn at(&mut self, path: &[&str]) -> Vec<&mut Self> {
        let Some((name, rest)) = path.split_first() else { return vec![self] };
        let number = rest.first().and_then(|next| next.parse::<usize>().ok());
        let rest = if number.is_some() { &rest[1..] } else { rest };
        let named = self.blocks.iter_mut().filter(|(own, _)| own == name).map(|(_, body)| body);
        let chosen = named.enumerate().filter(|(at, _)| number.is_none_or(|number| number == *at));
        chosen.flat_map(|(_, body)| body.at(rest)).collect()
    }

    fn set(&mut self, name: &str, value: Value) {
        match self.fields.iter_mut().find(|(own, _)| own == name) {
            Some((_, own)) => *own = value,
            None => self.fields.push((name.to_owned(), value)),
        }
    }

    fn remove(&mut self, name: &str) -> bool {
        let before = self.fields.len() + self.blocks.len();
        self.fields.retain(|(own, _)| own != name);
        self.blocks.retain(|(own, _)| own != name);
        self.fields.len() + self.blocks.len() < before
    }
}

impl Block {
    pub(super) fn address(&self) -> Address {
        format!("{}.{}", self.kind, self.name)
    }
}

impl Design {
    /// Reads blocks with one argument a line.
    pub(super) fn read(text: &str) -> Self {
        let mut design = Self::default();
        let mut open: Vec<(String, Body)> = Vec::new();
        let lines = text.lines().map(str::trim);
        for line in lines.filter(|line| !line.is_empty() && !line.starts_with('#')) {
            if let Some(head) = line.strip_suffix('{') {
                open.push((head.trim().to_owned(), Body::default()));
            } else if line == "}" {
                let (head, body) = open.pop().expect("a brace closes what one opened");
                if let Some((_, outer)) = open.last_mut() {
                    outer.blocks.push((head, body));
                } else {
                    let words: Vec<_> = head.split('"').collect();
                    let [_, kind, _, name, _] = words[..] else { panic!("{head}") };
                    design.put(Block { kind: kind.to_owned(), name: name.to_owned(), body });
                }
            } else {
                let (name, value) = line.split_once('=').unwrap_or_else(|| panic!("{line}"));
                let (_, body) = open.last_mut().expect("an argument stands in a block");
                body.fields.push((name.trim().to_owned(), Value::read(value)));
            }
        }
        design
    }

    /// Adds a block, or puts it in the place of the one with its address.
    fn put(&mut self, block: Block) {
        match self.blocks.iter_mut().find(|own| own.address() == block.address()) {
            Some(own) => *own = block,
            None => self.blocks.push(block),
        }
    }

    pub(super) fn block(&self, address: &str) -> Option<&Block> {
        self.blocks.iter().find(|block| block.address() == address)
    }

    /// Splits `aws_vpc.eks.cidr_block` into the block and the way into it.
    fn find(&mut self, path: &str) -> Option<(&mut Block, Vec<String>)> {
        let parts: Vec<_> = path.split('.').map(str::to_owned).collect();
        let address = parts[..2].join(".");
        let block = self.blocks.iter_mut().find(|block| block.address() == address)?;
        Some((block, parts[2..].to_vec()))
    }

    /// Takes out a block, with what names it; or an argument, or the blocks of a name in it.
    fn remove(&mut self, path: &str) -> Option<()> {
        let (block, way) = self.find(path)?;
        let Some((last, way)) = way.split_last() else {
            let address = block.address();
            self.blocks.retain(|block| block.address() != address);
            return Some(());
        };
        let way: Vec<_> = way.iter().map(String::as_str).collect();
        let removed = block.body.at(&way).into_iter().any(|body| body.remove(last));
        removed.then_some(())
    }

    fn set(&mut self, path: &str, value: &str) -> Option<()> {
        let (block, way) = self.find(path)?;
        let (last, way) = way.split_last()?;
        let way: Vec<_> = way.iter().map(String::as_str).collect();
        let mut bodies = block.body.at(&way);
        for body in &mut bodies {
            body.set(last, Value::read(value));
        }
        (!bodies.is_empty()).then_some(())
    }

    /// The design with a change; none where it has not what would be changed.
    pub(super) fn changed(&self, change: &str) -> Option<Self> {
        let mut design = self.clone();
        let mut added = String::new();
        for line in change.lines() {
            if let Some(path) = line.strip_prefix("- ") {
                design.remove(path)?;
            } else if let Some(set) = line.strip_prefix("= ") {
                let (path, value) = set.split_once(' ').expect("= path value");
                design.set(path, value)?;
            } else {
                added += line;
                added.push('\n');
            }
        }
        for block in Self::read(&added).blocks {
            design.put(block);
        }
        let whole = design.blocks.iter().flat_map(|block| block.body.refs());
        let whole = whole.into_iter().all(|(of, _)| design.block(of).is_some());
        whole.then_some(design)
    }
}
