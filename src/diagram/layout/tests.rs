//! Geometry: nothing is on anything else, whatever the names.

use std::path::Path;

use super::*;
use crate::{Ask, Choice, Options, Paths, Request, trace};

/// The pictures of all paths of some code of the project.
fn pictures(path: &str) -> Vec<Picture> {
    drawn(path).pictures.into_values().collect()
}

fn drawn(path: &str) -> Paths {
    let request = Request {
        paths: vec![path.into()],
        config: Choice::None,
        options: Options { eks_public_dns: false, today: None },
        ..Request::default()
    };
    let ask = Ask { pictures: true, estates: true, every: true, ..Ask::default() };
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (drawn, _) = trace(&request, &ask, top).unwrap();
    assert_eq!(drawn.failures, Vec::<String>::new(), "{path}");
    drawn
}

/// The pictures of the estates of some code of the project.
fn estates(path: &str) -> Vec<Picture> {
    drawn(path).estates
}

/// The box of a straight line.
fn leg_box(a: (f32, f32), b: (f32, f32)) -> (f32, f32, f32, f32) {
    (a.0.min(b.0), a.1.min(b.1), a.0.max(b.0), a.1.max(b.1))
}

/// What of a sheet is on top of what it must not be on.
fn overlaps(sheet: &Sheet) -> Vec<String> {
    type Box4 = (f32, f32, f32, f32);
    let meet = |a: Box4, b: Box4| a.0 < b.2 && b.0 < a.2 && a.1 < b.3 && b.1 < a.3;
    let inside = |a: Box4, b: Box4| a.0 >= b.0 && a.1 >= b.1 && a.2 <= b.2 && a.3 <= b.3;
    let of = |rect: &Rect| (rect.x, rect.y, rect.x + rect.w, rect.y + rect.h);
    let mut wrong = Vec::new();
    for (at, text) in sheet.texts.iter().enumerate() {
        if !inside(text.bounds(), (0.0, 0.0, sheet.width, sheet.height)) {
            wrong.push(format!("{:?} leaves the sheet", text.line));
        }
        for other in &sheet.texts[..at] {
            if meet(text.bounds(), other.bounds()) {
                wrong.push(format!("{:?} is on {:?}", text.line, other.line));
            }
        }
        for rect in &sheet.rects {
            if meet(text.bounds(), of(rect)) && !inside(text.bounds(), of(rect)) {
                wrong.push(format!("{:?} crosses the edge of {:?}", text.line, rect.title));
            }
        }
        for stroke in sheet.strokes.iter().filter(|stroke| stroke.class == "link") {
            let mut legs = stroke.points.windows(2).map(|leg| leg_box(leg[0], leg[1]));
            // What has a margin of its own can be read across a line.
            let has_margin = text.class.contains("carries");
            if !has_margin && legs.any(|leg| meet(text.bounds(), leg)) {
                wrong.push(format!("{:?} is crossed by {:?}", text.line, stroke.title));
            }
        }
        for step in &sheet.steps {
            let circle = (step.from - 9.0, step.y - 9.0, step.from + 9.0, step.y + 9.0);
            if meet(text.bounds(), circle) {
                wrong.push(format!("{:?} is on the number {}", text.line, step.number));
            }
        }
    }
    for (at, rect) in sheet.rects.iter().enumerate() {
        for other in &sheet.rects[..at] {
            let (a, b) = (of(rect), of(other));
            if meet(a, b) && !inside(a, b) && !inside(b, a) {
                wrong.push(format!("{:?} crosses {:?}", rect.title, other.title));
            }
        }
    }
    wrong
}

#[test]
fn nothing_is_on_anything_else() {
    let (mut of_paths, mut of_estates) = (0, 0);
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    for path in files(&top) {
        let name = path.to_str().unwrap();
        let drawn = drawn(name);
        for picture in drawn.pictures.values() {
            assert_eq!(astray(picture, &layout(picture)), Vec::<String>::new(), "{name}");
        }
        for picture in drawn.pictures.values().chain(&drawn.estates) {
            let wrong = overlaps(&layout(picture));
            assert_eq!(wrong, Vec::<String>::new(), "{name}: {}", picture.heading());
        }
        of_paths += drawn.pictures.len();
        of_estates += drawn.estates.len();
    }
    assert!(of_paths > 300 && of_estates > 200, "{of_paths} and {of_estates}");
}

/// All code below a folder that can be read, in the order of names.
fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let whole = |path: &std::path::PathBuf| {
        !path.ends_with("unparsable-file") && !path.ends_with("failed-assertion")
    };
    let below = paths
        .into_iter()
        .filter(whole)
        .flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] });
    let endings = ["tf", "yaml"];
    below
        .filter(|path| path.extension().is_some_and(|end| endings.iter().any(|it| end == *it)))
        .collect()
}

/// The links of a path's picture whose line does not begin and end in the boxes that it joins.
fn astray(picture: &Picture, sheet: &Sheet) -> Vec<String> {
    let is_group = |rect: &&Rect| rect.class == "vpc" || rect.class == "outside";
    let boxes: Vec<&Rect> = sheet.rects.iter().filter(is_group).collect();
    assert_eq!(boxes.len(), picture.groups.len());
    let within = |x: f32, group: usize| boxes[group].x < x && x < boxes[group].x + boxes[group].w;
    let drawn = sheet.strokes.iter().filter(|stroke| stroke.class == "link");
    let whole = drawn.filter(|stroke| stroke.points.len() > 2);
    let pairs: Vec<_> = picture.links.iter().zip(whole).collect();
    assert_eq!(pairs.len(), picture.links.len());
    let is_astray = |(link, stroke): &(&crate::diagram::picture::Link, &Stroke)| {
        let (first, last) = (stroke.points[0].0, stroke.points[stroke.points.len() - 1].0);
        !within(first, link.ends[0]) || !within(last, link.ends[link.ends.len() - 1])
    };
    pairs.into_iter().filter(is_astray).map(|(link, _)| link.name.clone()).collect()
}

#[test]
fn names_of_any_kind_have_room() {
    let names = [
        "</script>\"><img onerror=x>",
        "\u{202e}\u{1b}[31m",
        "\u{1f512}\u{7db2}\u{7d61}",
        &"x".repeat(5000),
        "",
    ];
    let figure = "fixtures/figures/4/main.tf";
    for picture in pictures(figure).into_iter().chain(estates(figure)) {
        for name in names {
            let mut picture = picture.clone();
            picture.title = name.to_owned();
            for group in &mut picture.groups {
                group.name = name.to_owned();
                group.areas = vec![name.to_owned(), format!("{name}{name}")];
                group.details.push(name.to_owned());
                group.rows.iter_mut().for_each(|row| row.text = name.to_owned());
                for node in &mut group.nodes {
                    node.name = name.to_owned();
                    node.cells.iter_mut().for_each(|(_, text)| *text = name.to_owned());
                }
            }
            picture.links.iter_mut().for_each(|link| link.name = name.to_owned());
            picture.arrows.iter_mut().for_each(|arrow| arrow.text = name.to_owned());
            assert_eq!(overlaps(&layout(&picture)), Vec::<String>::new(), "{name:?}");
        }
    }
}

#[test]
fn the_test_of_overlaps_sees_them() {
    let picture = &pictures("fixtures/figures/4/main.tf")[0];
    let mut sheet = layout(picture);
    let moved = Text { x: sheet.texts[0].x + 3.0, ..sheet.texts[0].clone() };
    sheet.texts.push(moved);
    let rect = sheet.rects.last().unwrap();
    let (x, y) = (rect.x - 5.0, rect.y + 10.0);
    sheet.texts.push(Text { x, y, class: "name", line: "across".to_owned() });
    let wrong = overlaps(&sheet).join("\n");
    assert!(wrong.contains("is on") && wrong.contains("\"across\" crosses the edge"), "{wrong}");
}

/// What a picture says, in both languages: kinds of nodes and their groups, arrows and their ends.
fn shape(picture: &Picture) -> Vec<String> {
    let node = |(group, node): (usize, usize)| {
        let group = &picture.groups[group];
        format!("{:?}/{}", group.kind, group.nodes[node].kind)
    };
    let arrows = picture.arrows.iter().map(|arrow| {
        let carries = arrow.text.split(',').next().unwrap_or_default().to_owned();
        format!("{} -> {}: {carries}: {:?}", node(arrow.from), node(arrow.to), arrow.way)
    });
    let links = picture.links.iter().map(|link| format!("{} {:?}", link.kind, link.ends));
    arrows.chain(links).collect()
}

#[test]
fn the_figures_are_alike_in_both_languages() {
    for figure in 1..=4 {
        let of = |file: &str| -> Vec<Vec<String>> {
            let all = pictures(&format!("fixtures/figures/{figure}/{file}"));
            all.iter().map(shape).collect()
        };
        let (terraform, template) = (of("main.tf"), of("template.yaml"));
        assert!(terraform.len() > 1 && terraform == template, "{terraform:#?}\n{template:#?}");
    }
}

#[test]
fn the_figures_show_what_those_of_the_note_show() {
    let client = |figure: usize| {
        let all = pictures(&format!("fixtures/figures/{figure}/main.tf"));
        let found = all.into_iter().find(|picture| picture.title.starts_with("aws_vpc.shared "));
        shape(&found.unwrap())
    };
    let last =
        |shape: &[String]| shape.iter().rev().find(|line| line.contains("->")).cloned().unwrap();
    for figure in [1, 3] {
        assert!(last(&client(figure)).contains("NXDOMAIN: Broken"), "{:#?}", client(figure));
    }
    let second = client(2);
    assert!(second[1].contains("resolver (+2) -> Vpc/outbound endpoint"), "{second:#?}");
    assert!(second[2].contains("outbound endpoint -> OnPremises/DNS server"), "{second:#?}");
    let fourth = client(4);
    assert!(fourth[1].contains("resolver (+2) -> Vpc/outbound endpoint"), "{fourth:#?}");
    assert!(fourth[2].contains("outbound endpoint -> Vpc/inbound endpoint"), "{fourth:#?}");
    assert_eq!(last(&fourth), "Vpc/client -> Vpc/EKS endpoint: TCP 443: Whole");
}
