//! The same code is the same bytes: whatever the threads, the order in which the system lists files, the
//! language of the user, the folder in which it runs, and the run.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The files of a tree, relative to its top.
fn files(top: &Path) -> Vec<PathBuf> {
    let mut open = vec![top.to_owned()];
    let mut files = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            match entry.file_type().unwrap() {
                kind if kind.is_dir() && entry.file_name() != ".git" => open.push(entry.path()),
                kind if kind.is_file() => files.push(entry.path()),
                _ => {}
            }
        }
    }
    files.sort();
    files.into_iter().map(|path| path.strip_prefix(top).unwrap().to_owned()).collect()
}

/// A copy of a tree; where memory is a file system, it lists what was made last first.
fn copy(from: &Path, files: &[&PathBuf]) -> (tempfile::TempDir, PathBuf) {
    let memory = Path::new("/dev/shm");
    let temp = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    let temp = temp.unwrap();
    let top = temp.path().canonicalize().unwrap().join("tree");
    std::fs::create_dir_all(top.join(".git")).unwrap();
    for file in files {
        let path = top.join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::copy(from.join(file), path).unwrap();
    }
    (temp, top)
}

/// Runs the program in a folder of a tree: what it prints, and what it writes.
fn printed(top: &Path, below: &str, arguments: &[String], variables: &[(&str, &str)]) -> String {
    let out = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_eksdns-lint"));
    command.current_dir(top.join(below)).stdin(Stdio::null()).env_remove("RUST_BACKTRACE");
    command.envs(variables.iter().copied());
    for argument in arguments {
        command.arg(argument.replace("OUT", out.path().to_str().unwrap()));
    }
    let output = command.output().unwrap();
    let mut all = vec![
        format!("{:?}", output.status.code()),
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    ];
    for file in files(out.path()) {
        let text = std::fs::read_to_string(out.path().join(&file)).unwrap();
        all.push(format!("{}\n{text}", file.display()));
    }
    all.concat()
}

/// All formats of the main job, and what else can be asked of a tree.
fn questions(paths: &[String]) -> Vec<Vec<String>> {
    let own = |list: &[&str]| list.iter().map(|&it| it.to_owned()).collect::<Vec<_>>();
    let mut formats = own(&["--format", "text", "-v"]);
    for format in ["json", "sarif", "github", "gitlab", "junit", "markdown"] {
        formats.extend(own(&["--format", format, "--output", &format!("OUT/{format}")]));
    }
    let all = [formats, own(&["--explain-values"]), own(&["report", "-o", "OUT/report.html"])];
    all.into_iter().map(|it| [it, paths.to_vec()].concat()).collect()
}

/// Compares every way to run on a tree with the first.
fn is_the_same(from: &Path, name: &str, paths: &[String]) {
    let all = files(from);
    let forward: Vec<_> = all.iter().collect();
    let backward: Vec<_> = all.iter().rev().collect();
    let (_one, one) = copy(from, &forward);
    let (_other, other) = copy(from, &backward);
    let reversed: Vec<_> = paths.iter().rev().cloned().collect();
    let turkish = [
        ("RAYON_NUM_THREADS", "3"),
        ("LC_ALL", "tr_TR.UTF-8"),
        ("LANG", "tr_TR.UTF-8"),
        ("TZ", "Pacific/Kiritimati"),
    ];
    for (question, turned) in questions(paths).into_iter().zip(questions(&reversed)) {
        let first = printed(&one, ".", &question, &[("RAYON_NUM_THREADS", "1"), ("LC_ALL", "C")]);
        assert!(first.len() > 20, "{name}: {first}");
        for (what, top, question, variables) in [
            ("threads", &one, &question, &[("RAYON_NUM_THREADS", "8")][..]),
            ("a second run", &one, &question, &[("RAYON_NUM_THREADS", "1")]),
            ("order of files", &other, &question, &[("RAYON_NUM_THREADS", "2")]),
            ("order of arguments", &other, &turned, &[("RAYON_NUM_THREADS", "2")]),
            ("language", &one, &question, &turkish),
        ] {
            let again = printed(top, ".", question, variables);
            let differs = first.lines().zip(again.lines()).find(|(a, b)| a != b);
            assert_eq!(differs, None, "{name}: {what}, {:?}", question[0]);
            assert_eq!(first.len(), again.len(), "{name}: {what}, {:?}", question[0]);
        }
    }
    // Forges find their files from the top of the repository, wherever the program runs.
    let below =
        all.iter().filter_map(|file| file.parent()).max_by_key(|it| it.components().count());
    let below = below.unwrap().to_str().unwrap();
    let up = "../".repeat(below.split('/').count());
    for (format, results) in [("sarif", "/runs/0/results"), ("gitlab", "")] {
        let [here, there] = [(".", ""), (below, &*up)].map(|(folder, up)| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_eksdns-lint"));
            command.current_dir(one.join(folder)).args(["--format", format]);
            command.args(paths.iter().map(|path| format!("{up}{path}")));
            let output = command.output().unwrap();
            let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
            report.pointer(results).cloned()
        });
        let is_same = here.is_some() && here == there;
        assert!(is_same, "{name}: {format} differs from {below}");
    }
}

#[test]
fn fixtures() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let flagged = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy();
        name == "flag.tf"
            || name == "flag.yaml"
            || path.starts_with("figures") && name.ends_with(".tf")
    };
    let paths = files(&top).into_iter().filter(flagged);
    let paths: Vec<_> = paths.map(|path| path.to_str().unwrap().to_owned()).collect();
    assert!(paths.len() > 80, "{}", paths.len());
    is_the_same(&top, "fixtures", &paths);
}

#[test]
fn real_repositories() {
    let Some(top) = std::env::var_os("LABELLED").map(PathBuf::from) else {
        return eprintln!("real_repositories: skipped, LABELLED names no folder of them");
    };
    let mut folders: Vec<_> =
        std::fs::read_dir(top).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    for folder in folders.iter().filter(|folder| folder.is_dir()) {
        is_the_same(folder, &folder.file_name().unwrap().to_string_lossy(), &[".".to_owned()]);
    }
}
