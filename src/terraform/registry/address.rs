//! Module sources as people write them, as one name each.

/// A module of the public registry, whichever way it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    /// `terraform-aws-modules/vpc/aws`, `terraform-aws-modules/vpc/aws//modules/vpc-endpoints`; of a
    /// repository that the registry could not publish, `owner/name`.
    pub(super) module: String,
    /// `ref` of a git source.
    pub(super) revision: Option<String>,
}

/// Hosts whose modules are those of the public registry.
const REGISTRIES: [&str; 2] = ["registry.terraform.io/", "registry.opentofu.org/"];

/// Ways to say that a repository is on GitHub.
const GITHUB: [&str; 6] = [
    "github.com/",
    "https://github.com/",
    "http://github.com/",
    "ssh://git@github.com/",
    "git@github.com:",
    "git@github.com/",
];

impl Address {
    /// Reads a source, of any host; `None` for local modules. What is no module of the public registry
    /// goes by its source as it stands.
    pub(super) fn anywhere(source: &str) -> Option<Self> {
        let source = source.trim();
        let local = source.is_empty() || source.starts_with(['.', '/']);
        Self::read(source).or_else(|| {
            let (place, query) = source.split_once('?').unwrap_or((source, ""));
            let place = place.trim_end_matches('/').to_owned();
            (!local).then(|| Self { module: place, revision: revision(query) })
        })
    }

    /// Reads a source; `None` for archives, buckets, private registries and other hosts.
    pub(super) fn read(source: &str) -> Option<Self> {
        let source = source.trim();
        let forced = source.strip_prefix("git::");
        let plain = forced.unwrap_or(source);
        let on_github = GITHUB.iter().find_map(|prefix| plain.strip_prefix(prefix));
        match (on_github, forced) {
            (Some(path), _) => Self::repository(path),
            (None, Some(_)) => None,
            (None, None) => Self::registry(source),
        }
    }

    /// `namespace/terraform-provider-name.git//modules/x?ref=v1`.
    fn repository(path: &str) -> Option<Self> {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let (repository, inner) = path.split_once("//").unwrap_or((path, ""));
        let repository = repository.trim_end_matches('/');
        let (namespace, name) =
            repository.strip_suffix(".git").unwrap_or(repository).split_once('/')?;
        if namespace.is_empty() || name.is_empty() || name.contains('/') {
            return None;
        }
        let published = name.strip_prefix("terraform-").and_then(|name| name.split_once('-'));
        let module = match published {
            Some((provider, name)) => format!("{namespace}/{name}/{provider}"),
            None => format!("{namespace}/{name}"),
        };
        Some(Self { module: with_inner(&module, inner), revision: revision(query) })
    }

    /// `namespace/name/provider//modules/x`.
    fn registry(source: &str) -> Option<Self> {
        let public = REGISTRIES.iter().find_map(|host| source.strip_prefix(host));
        let source = public.unwrap_or(source);
        let (module, inner) = source.split_once("//").unwrap_or((source, ""));
        let parts: Vec<&str> = module.split('/').collect();
        let named = |part: &&str| !part.is_empty() && !part.contains(['.', ':', '?', '@']);
        (parts.len() == 3 && parts.iter().all(named))
            .then(|| Self { module: with_inner(module, inner), revision: None })
    }
}

fn revision(query: &str) -> Option<String> {
    query.split('&').find_map(|pair| pair.strip_prefix("ref=")).map(str::to_owned)
}

fn with_inner(module: &str, inner: &str) -> String {
    let inner = inner.trim_matches('/');
    let module = module.to_ascii_lowercase();
    if inner.is_empty() { module } else { format!("{module}//{inner}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(source: &str) -> Option<(String, Option<String>)> {
        Address::read(source).map(|address| (address.module, address.revision))
    }

    #[test]
    fn one_module_is_written_in_many_ways() {
        let vpc = "terraform-aws-modules/vpc/aws";
        for source in [
            vpc,
            "registry.terraform.io/terraform-aws-modules/vpc/aws",
            "github.com/terraform-aws-modules/terraform-aws-vpc",
            "git::https://github.com/terraform-aws-modules/terraform-aws-vpc.git",
            "git@github.com:terraform-aws-modules/terraform-aws-vpc.git",
            "git::ssh://git@github.com/terraform-aws-modules/terraform-aws-vpc.git",
        ] {
            assert_eq!(read(source), Some((vpc.into(), None)), "{source}");
        }
        let inner = "terraform-aws-modules/vpc/aws//modules/vpc-endpoints".to_owned();
        assert_eq!(read(&inner), Some((inner.clone(), None)));
        let git = "git::https://github.com/terraform-aws-modules/terraform-aws-vpc.git//modules/vpc-endpoints?ref=v5.1.0&depth=1";
        assert_eq!(read(git), Some((inner, Some("v5.1.0".into()))));
        assert_eq!(read("github.com/acme/network"), Some(("acme/network".into(), None)));
    }

    #[test]
    fn other_places_are_other_modules() {
        for source in [
            "app.terraform.io/acme/vpc/aws",
            "git::https://example.com/terraform-aws-modules/terraform-aws-vpc.git",
            "https://example.com/vpc.zip",
            "s3::https://s3-eu-west-1.amazonaws.com/bucket/vpc.zip",
            "./vpc",
            "a/b",
            "github.com/acme",
            "",
        ] {
            assert_eq!(read(source), None, "{source}");
        }
    }
}
