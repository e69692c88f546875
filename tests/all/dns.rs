//! What queries get: the whole precedence, every place to ask from, and what must never change an answer.

mod firewall;
mod parts;
mod places;
mod precedence;
mod properties;
mod ways;

use eksdns_lint::dns::{Answer, Assumptions, Dns, Origin, Question};
use eksdns_lint::graph::Graph;
use eksdns_lint::network::{Name, Network};
use eksdns_lint::source::Workspace;
use eksdns_lint::{cloudformation, terraform};

/// The graph of one text in a file of its own.
pub(crate) fn graph(file: &str, text: &str) -> Graph {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(file);
    std::fs::write(&path, text).unwrap();
    let workspace = Workspace::new(folder.path(), folder.path()).unwrap();
    if file == "main.tf" {
        let folders = [folder.path().to_path_buf()];
        let project = terraform::Project::parse(&workspace, &folders, &[]);
        project.load(&workspace, &project.roots()[0])
    } else {
        let file = workspace.read(&path).unwrap();
        cloudformation::parse(&workspace, file).unwrap().load(&workspace)
    }
}

fn terraform(text: &str) -> Network {
    Network::new(&graph("main.tf", text))
}

fn cloudformation(resources: &str) -> Network {
    Network::new(&graph("template.yaml", &format!("Resources:\n{resources}")))
}

/// Asks as the hosts of the VPC whose name ends in `vpc`.
fn ask(network: &Network, vpc: &str, name: &str) -> String {
    let vpc = network.vpcs.iter().find(|one| one.name.ends_with(vpc)).unwrap();
    from(network, Origin::Host(vpc.id), name)
}

/// Asks for a name; `endpoint` is that of the only cluster.
fn from(network: &Network, origin: Origin, name: &str) -> String {
    let question = match name {
        "endpoint" => Question::Endpoint(network.clusters.iter().next().unwrap().id),
        name => Question::Name(Name::new(name)),
    };
    let trace = Dns::new(network, Assumptions::default()).resolve(&question, origin);
    trace.end.map_or_else(|_| "undecided".to_owned(), |answer| word(network, &answer))
}

fn word(network: &Network, answer: &Answer) -> String {
    let last = |name: &str| name.rsplit('.').next().unwrap_or_default().to_lowercase();
    match answer {
        Answer::Zone(zone) => last(&network.zones[*zone].name),
        Answer::Namespace(space) => last(&network.namespaces[*space].name),
        Answer::Service(endpoint) => last(&network.vpc_endpoints[*endpoint].name),
        Answer::Elsewhere(server, then) => format!("{server}: {}", word(network, then)),
        Answer::Private(_) => "private".to_owned(),
        Answer::Public(_) => "public".to_owned(),
        Answer::Own(_) => "own".to_owned(),
        Answer::Loop(vpc) => format!("loop at {}", last(&network.vpc(*vpc).name)),
        Answer::Blocked(response) => format!("blocked: {response:?}"),
        other => format!("{other:?}").to_lowercase(),
    }
}
