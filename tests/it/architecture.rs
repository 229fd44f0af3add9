//! Which module uses which: data moves one way through the layers.
//!
//! Read from the source: `use` declarations and all other paths, except those in tests and in the
//! bodies of macros.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use syn::{
    Attribute, ItemMod, ItemUse, UseTree,
    visit::{self, Visit},
};

/// What each layer uses of the others. `config`, `db` and `telemetry` are below the layers. Of the
/// entities `graphql` reads fields, and an entity has the enums of `domain` as types of columns.
const LAYERS: [(&str, &[&str]); 11] = [
    (
        "cli",
        &[
            "config",
            "db",
            "demo",
            "domain",
            "graphql",
            "http",
            "pipeline_file",
            "store",
            "telemetry",
        ],
    ),
    ("config", &["db", "domain"]),
    ("db", &["domain"]),
    ("demo", &["db", "domain", "entity", "pipeline_file", "store"]),
    ("domain", &[]),
    ("entity", &["domain"]),
    ("graphql", &["db", "domain", "entity", "store", "telemetry"]),
    ("http", &["config", "db", "domain", "graphql", "store", "telemetry"]),
    ("pipeline_file", &["domain"]),
    ("store", &["db", "domain", "entity"]),
    ("telemetry", &["config"]),
];

/// What the parts of a layer use of each other. Parts that are not named here are resources, which
/// may use all that are.
const GRAPHQL: [(&str, &[&str]); 3] =
    [("engine", &[]), ("parts", &["engine"]), ("types", &["parts"])];
const STORE: [(&str, &[&str]); 2] = [("kit", &[]), ("unit_of_work", &["kit"])];

/// The one folder whose files may use each other in a circle: the types of the schema do.
const CYCLIC: &str = "graphql::types";

/// The path of a module below `src/`, as `["graphql", "engine", "price"]`.
type Module = Vec<String>;

/// The modules that each module uses.
type Uses = BTreeMap<Module, BTreeSet<Module>>;

/// Collects the paths of one file that lead to modules of the crate.
struct Paths<'a> {
    module: &'a Module,
    modules: &'a BTreeSet<Module>,
    uses: BTreeSet<Module>,
}

impl Paths<'_> {
    /// Adds the module that a path leads to, if it is one of the crate.
    fn add(&mut self, path: &[String]) {
        let Some((first, rest)) = path.split_first() else { return };
        let mut target: Module = match first.as_str() {
            "crate" | "crm_steps" => Vec::new(),
            "self" => self.module.clone(),
            "super" => self.module[..self.module.len().saturating_sub(1)].to_vec(),
            child => {
                let mut target = self.module.clone();
                target.push(child.to_owned());
                if !self.modules.contains(&target) {
                    return;
                }
                target
            }
        };
        for segment in rest {
            match segment.as_str() {
                "super" => drop(target.pop()),
                segment => target.push(segment.to_owned()),
            }
        }
        while !target.is_empty() && !self.modules.contains(&target) {
            target.pop();
        }
        if !target.is_empty() && target != *self.module {
            self.uses.insert(target);
        }
    }

    fn add_tree(&mut self, before: &[String], tree: &UseTree) {
        let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        match tree {
            UseTree::Path(path) => self.add_tree(&with(&path.ident), &path.tree),
            UseTree::Name(name) => self.add(&with(&name.ident)),
            UseTree::Rename(rename) => self.add(&with(&rename.ident)),
            UseTree::Glob(_) => self.add(before),
            UseTree::Group(group) => {
                group.items.iter().for_each(|tree| self.add_tree(before, tree));
            }
        }
    }
}

fn is_test(attributes: &[Attribute]) -> bool {
    let is_test = |attribute: &Attribute| {
        attribute.path().is_ident("cfg")
            && attribute.parse_args::<syn::Ident>().is_ok_and(|cfg| cfg == "test")
    };
    attributes.iter().any(is_test)
}

impl<'ast> Visit<'ast> for Paths<'_> {
    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        if !is_test(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.add_tree(&[], &item.tree);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.segments.len() > 1 {
            let segments: Vec<_> =
                path.segments.iter().map(|segment| segment.ident.to_string()).collect();
            self.add(&segments);
        }
        visit::visit_path(self, path);
    }
}

/// What the modules of these files use: each with its module's path, as `graphql/engine.rs`.
fn uses(files: &[(String, String)]) -> Uses {
    let module = |path: &str| -> Module {
        path.trim_end_matches(".rs").split('/').map(str::to_owned).collect()
    };
    let modules: BTreeSet<Module> = files.iter().map(|(path, _)| module(path)).collect();
    let of_file = |(path, text): &(String, String)| {
        let file = syn::parse_file(text).unwrap_or_else(|error| panic!("{path}: {error}"));
        let module = module(path);
        let mut paths = Paths { module: &module, modules: &modules, uses: BTreeSet::new() };
        paths.visit_file(&file);
        let uses = paths.uses;
        (module, uses)
    };
    files.iter().map(of_file).collect()
}

/// The source of the program, without the files that only declare modules.
fn source() -> Uses {
    fn add(folder: &Path, name: &str, files: &mut Vec<(String, String)>) {
        for entry in fs::read_dir(folder).expect("the folder can be read") {
            let path = entry.expect("the folder can be read").path();
            let file = path.file_name().and_then(|name| name.to_str()).expect("a name");
            let name = format!("{name}{file}");
            if path.is_dir() {
                add(&path, &format!("{name}/"), files);
            } else if path.extension().is_some_and(|it| it == "rs")
                && name != "lib.rs"
                && name != "main.rs"
            {
                files.push((name, fs::read_to_string(&path).expect("the file can be read")));
            }
        }
    }
    let mut files = Vec::new();
    add(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), "", &mut files);
    uses(&files)
}

/// What the children of a folder use of each other, each taken together with all that is below it.
/// The folder's own file is left out: it declares the children, and they use what it has for them.
fn among_children(graph: &Uses, folder: &[&str]) -> BTreeMap<String, BTreeSet<String>> {
    let child = |module: &Module| {
        let is_below = module.len() > folder.len()
            && module.iter().zip(folder).all(|(one, other)| one == other);
        is_below.then(|| module[folder.len()].clone())
    };
    let mut children: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (module, used) in graph {
        let Some(user) = child(module) else { continue };
        let others = used.iter().filter_map(child).filter(|other| *other != user);
        children.entry(user.clone()).or_default().extend(others);
    }
    children
}

/// The uses that are not among those that are allowed, and what is allowed and not used.
fn wrong(
    children: &BTreeMap<String, BTreeSet<String>>,
    allowed: &[(&str, &[&str])],
) -> Vec<String> {
    let mut wrong = Vec::new();
    for (user, used) in children {
        let Some((_, allowed)) = allowed.iter().find(|(name, _)| name == user) else { continue };
        let used: BTreeSet<&str> = used.iter().map(String::as_str).collect();
        let allowed = allowed.iter().copied().collect();
        wrong.extend(used.difference(&allowed).map(|used| format!("{user} -> {used}")));
        wrong.extend(allowed.difference(&used).map(|used| format!("{user} -> {used}: unused")));
    }
    wrong
}

/// The children of a folder that use each other in a circle.
fn cycle(mut children: BTreeMap<String, BTreeSet<String>>) -> BTreeSet<String> {
    // What uses none of the others is in no circle, and then what uses only such, and so on.
    loop {
        let left: BTreeSet<String> = children.keys().cloned().collect();
        children.retain(|_, used| used.iter().any(|used| left.contains(used)));
        if children.len() == left.len() {
            break;
        }
    }
    // Likewise what none of the others uses.
    loop {
        let used: BTreeSet<String> = children.values().flatten().cloned().collect();
        let before = children.len();
        children.retain(|user, _| used.contains(user));
        if children.len() == before {
            return children.into_keys().collect();
        }
    }
}

/// The circles of all folders but the one that may have them, each with its folder.
fn cycles(uses: &Uses) -> Vec<(String, BTreeSet<String>)> {
    let folders: BTreeSet<&[String]> =
        uses.keys().map(|module| &module[..module.len() - 1]).collect();
    folders
        .into_iter()
        .filter(|folder| folder.join("::") != CYCLIC)
        .map(|folder| {
            let names: Vec<&str> = folder.iter().map(String::as_str).collect();
            (folder.join("::"), cycle(among_children(uses, &names)))
        })
        .filter(|(_, cycle)| !cycle.is_empty())
        .collect()
}

#[test]
fn layers_use_only_what_is_below_them() {
    let layers = among_children(&source(), &[]);
    let names: BTreeSet<&str> = layers.keys().map(String::as_str).collect();
    assert_eq!(names, LAYERS.iter().map(|(name, _)| *name).collect(), "each layer is in the list");
    assert_eq!(wrong(&layers, &LAYERS), [""; 0]);
}

#[test]
fn parts_of_a_layer_use_only_what_is_below_them() {
    let source = source();
    assert_eq!(wrong(&among_children(&source, &["graphql"]), &GRAPHQL), [""; 0]);
    assert_eq!(wrong(&among_children(&source, &["store"]), &STORE), [""; 0]);
    let engine: BTreeSet<_> = source
        .iter()
        .filter(|(module, _)| module.starts_with(&["graphql".to_owned(), "engine".to_owned()]))
        .flat_map(|(_, used)| used)
        .filter(|used| !used.starts_with(&["graphql".to_owned(), "engine".to_owned()]))
        .collect();
    assert_eq!(engine, BTreeSet::new(), "the engine uses nothing of the service");
}

#[test]
fn no_modules_use_each_other_in_a_circle() {
    assert_eq!(cycles(&source()), []);
}

/// The check itself, on a source in which each kind of fault is.
#[test]
fn a_turned_arrow_and_a_circle_are_found() {
    let file = |path: &str, text: &str| (path.to_owned(), text.to_owned());
    let sound = [
        file("domain.rs", "pub mod step; pub use step::Step;"),
        file("domain/step.rs", "use super::text; pub struct Step;"),
        file("domain/text.rs", "#[cfg(test)] mod tests { use crate::store::rows; }"),
        file("store.rs", "use crate::domain::{self, step::Step};"),
        file("store/rows.rs", "fn read() { crate::domain::text::trim() }"),
    ];
    let allowed: [(&str, &[&str]); 2] = [("domain", &[]), ("store", &["domain"])];
    let check = |files: &[(String, String)]| {
        let uses = uses(files);
        (wrong(&among_children(&uses, &[]), &allowed), cycles(&uses))
    };
    assert_eq!(check(&sound), (vec![], vec![]));

    let in_use = file("domain/turned.rs", "use crate::{store::{rows::Row as Stored}, other};");
    let in_path = file("domain/turned.rs", "fn turned() -> super::super::store::rows::Row { .. }");
    let circle = ["domain", "store"].map(str::to_owned).into();
    for turned in [in_use, in_path] {
        let text = turned.1.replace("{ .. }", "{ todo }");
        let (arrows, circles) = check(&[&sound[..], &[file(&turned.0, &text)]].concat());
        assert_eq!(arrows, ["domain -> store"], "{text}");
        assert_eq!(circles, [(String::new(), BTreeSet::clone(&circle))], "{text}");
    }

    let back = file("domain/text.rs", "use super::step::*;");
    let (arrows, circles) = check(&[&sound[..2], &[back], &sound[3..]].concat());
    assert_eq!(arrows, [""; 0]);
    assert_eq!(circles, [("domain".to_owned(), ["step", "text"].map(str::to_owned).into())]);

    let unused = check(&sound[..4]).0;
    assert_eq!(unused, [""; 0]);
    assert_eq!(check(&sound[..3]).0, [""; 0], "a layer that is not there uses nothing");
    let (arrows, _) = check(&[file("store.rs", ""), file("domain.rs", "")]);
    assert_eq!(arrows, ["store -> domain: unused"]);
}

/// A test in a file that no module declares is not compiled, and never runs.
#[test]
fn each_file_of_tests_is_declared() {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it")];
    let mut undeclared = vec![];
    while let Some(folder) = folders.pop() {
        let parents = [folder.join("main.rs"), folder.join("mod.rs"), folder.with_extension("rs")];
        let declarations: String =
            parents.iter().filter_map(|parent| fs::read_to_string(parent).ok()).collect();
        for entry in fs::read_dir(&folder).expect("the folder can be read") {
            let path = entry.expect("the folder can be read").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.file_stem().and_then(|name| name.to_str()).expect("a name");
            let declaration = format!("mod {name};");
            let is_declared =
                declarations.lines().any(|line| line.trim_start_matches("pub ") == declaration);
            let is_rust = path.extension().is_some_and(|it| it == "rs");
            if is_rust && !parents.contains(&path) && !is_declared {
                undeclared.push(path);
            }
        }
    }
    assert_eq!(undeclared, Vec::<PathBuf>::new());
}
