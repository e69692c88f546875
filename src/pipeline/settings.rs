//! What holds, and where each value comes from, for people who wonder.

use std::fmt::{self, Write};
use std::path::Path;

use super::Request;
use super::policy::Policies;
use crate::checks;
use crate::config::{Config, Placed};
use crate::report::escape;
use crate::source::{Span, Workspace, discover, workspace_root};

/// Every value that holds, with its origin.
#[derive(Debug, Default)]
pub struct Settings {
    lines: String,
    /// What is wrong.
    pub failures: Vec<String>,
}

impl fmt::Display for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.lines)
    }
}

/// The settings of the named paths.
pub fn settings(request: &Request, cwd: &Path) -> std::io::Result<Settings> {
    let cwd = cwd.canonicalize()?;
    let found = discover(&request.paths, &cwd);
    let paths: Vec<_> = found.named.iter().map(|named| named.path.clone()).collect();
    let workspace = Workspace::new(&workspace_root(&paths, &cwd), &cwd)?;
    let problems = found.problems.iter().map(ToString::to_string);
    let mut settings = Settings { lines: String::new(), failures: problems.collect() };
    let policies = match Policies::read(&workspace, &found, request) {
        Ok(policies) => policies,
        Err(faults) => {
            settings.failures.extend(faults);
            return Ok(settings);
        }
    };
    for named in &found.named {
        let given = named.given.display().to_string();
        let _ = writeln!(settings.lines, "# for {}", escape(&given));
        let config = policies.of(&named.path);
        let mut teller = Teller { workspace: &workspace, request, lines: &mut settings.lines };
        teller.rules(config);
        teller.rest(config);
    }
    Ok(settings)
}

struct Teller<'a> {
    workspace: &'a Workspace,
    request: &'a Request,
    lines: &'a mut String,
}

impl Teller<'_> {
    fn origin<T>(&self, placed: Option<&Placed<T>>) -> String {
        placed.map_or_else(|| "default".to_owned(), |placed| self.place(placed.span))
    }

    fn place(&self, span: Span) -> String {
        self.workspace.sources().place(span)
    }

    fn line(&mut self, key: &str, value: &str, origin: &str) {
        let _ = writeln!(self.lines, "{key} = {}  # {}", escape(value), escape(origin));
    }

    fn rules(&mut self, config: &Config) {
        let ids = |rules: &[Placed<&'static crate::finding::Rule>]| -> Vec<&str> {
            rules.iter().map(|rule| rule.value.id).collect()
        };
        let all: Vec<&str> = checks::ALL.iter().map(|check| check.rule.id).collect();
        let (select, ignore) = if let Some(select) = &self.request.select {
            let select = select.iter().map(|rule| rule.id).collect();
            ((select, "--select".to_owned()), (Vec::new(), "--select".to_owned()))
        } else {
            let select = config.select.as_ref().map(|select| ids(&select.value));
            let ignore = config.ignore.as_ref().map(|ignore| ids(&ignore.value));
            (
                (select.unwrap_or(all), self.origin(config.select.as_ref())),
                (ignore.unwrap_or_default(), self.origin(config.ignore.as_ref())),
            )
        };
        self.line("select", &format!("{:?}", select.0), &select.1);
        let mut ignored = ignore.0;
        ignored.extend(self.request.ignore.iter().map(|rule| rule.id));
        let origin = match (self.request.ignore.is_empty(), ignore.1.as_str()) {
            (true, origin) => origin.to_owned(),
            (false, "default" | "--select") => "--ignore".to_owned(),
            (false, origin) => format!("{origin} and --ignore"),
        };
        self.line("ignore", &format!("{ignored:?}"), &origin);
    }

    /// What is told of the world outside the code, and what must hold.
    fn told(&mut self, config: &Config) {
        for network in &config.networks {
            let blocks: Vec<_> = network.cidrs.iter().map(ToString::to_string).collect();
            let key = format!("assumptions.networks.{:?}", network.name);
            self.line(&format!("{key}.cidrs"), &format!("{blocks:?}"), &self.place(network.span));
        }
        if let Some(dns) = &config.on_premises_dns {
            let (key, place) = ("assumptions.on-premises-dns", self.place(dns.span));
            self.line(&format!("{key}.recurse"), &dns.recurse.to_string(), &place);
            let filters = dns.filter_private_answers.to_string();
            self.line(&format!("{key}.filter-private-answers"), &filters, &place);
            for one in &dns.forward {
                let value = format!("{{ domain = {:?}, to = {:?} }}", one.domain, one.to.address);
                self.line(&format!("{key}.forward"), &value, &self.place(one.span));
            }
        }
        for (key, number) in &config.quotas {
            let key = format!("assumptions.quotas.{key}");
            self.line(&key, &number.value.to_string(), &self.place(number.span));
        }
        let clients = config.clients.iter().map(|pair| ("clients", pair));
        let asserted = config.assertions.iter().map(|one| (one.must.key(), &one.pair));
        for (key, pair) in clients.chain(asserted) {
            let (from, to) = (&pair.from.address, &pair.to.address);
            let value = format!("{{ from = {from:?}, to = {to:?} }}");
            self.line(key, &value, &self.place(pair.span));
        }
    }

    fn rest(&mut self, config: &Config) {
        let exclude = config.exclude.as_ref().map(|it| it.value.as_slice()).unwrap_or_default();
        self.line("exclude", &format!("{exclude:?}"), &self.origin(config.exclude.as_ref()));
        let inline = config.inline_suppressions.as_ref();
        let word = if inline.is_none_or(|it| it.value) { "allow" } else { "deny" };
        self.line("inline-suppressions", &format!("{word:?}"), &self.origin(inline));
        let (value, origin) = match (self.request.options.eks_public_dns, &config.eks_public_dns) {
            (false, _) => (false, "--no-eks-public-dns".to_owned()),
            (true, told) => (told.as_ref().is_none_or(|it| it.value), self.origin(told.as_ref())),
        };
        self.line("assumptions.eks-public-dns", &value.to_string(), &origin);
        self.told(config);
        for (rule, severity) in &config.severities {
            let value = format!("{:?}", severity.value.as_str());
            self.line(&format!("severities.{}", rule.id), &value, &self.place(severity.span));
        }
        for root in &config.roots {
            let key = format!("roots.{:?}", root.path.value);
            for (name, files) in
                [("tfvars", &root.tfvars), ("parameter-files", &root.parameter_files)]
            {
                for file in files {
                    let path = format!("{:?}", self.workspace.display(&file.value));
                    self.line(&format!("{key}.{name}"), &path, &self.place(file.span));
                }
            }
            for (name, values) in [("variables", &root.variables), ("parameters", &root.parameters)]
            {
                for (own, text) in values {
                    let value = format!("{:?}", text.value);
                    self.line(&format!("{key}.{name}.{own}"), &value, &self.place(text.span));
                }
            }
        }
        for own in &config.modules {
            let key = format!("modules.{:?}", own.source.value);
            if let Some(versions) = &own.versions {
                let value = format!("{:?}", versions.value);
                self.line(&format!("{key}.versions"), &value, &self.place(versions.span));
            }
            let folder = format!("{:?}", self.workspace.display(&own.summary.value));
            self.line(&format!("{key}.summary"), &folder, &self.place(own.summary.span));
        }
    }
}
