//! The user guide: every command in it prints what it says.

use std::{fs, path::Path, process::Command};

/// A command of the guide, and what follows it there.
struct Recipe {
    command: String,
    output: String,
}

fn recipes(text: &str) -> Vec<Recipe> {
    let mut recipes: Vec<Recipe> = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        if let Some(kind) = line.strip_prefix("```") {
            inside = kind == "console";
        } else if let (true, Some(command)) = (inside, line.strip_prefix("$ ")) {
            recipes.push(Recipe {
                command: command.into(),
                output: String::new(),
            });
        } else if let (true, Some(recipe)) = (inside, recipes.last_mut()) {
            recipe.output += line;
            recipe.output.push('\n');
        }
    }
    recipes
}

/// The words of a command, as a shell takes them apart: `'...'` keeps all
/// there is in it.
fn words(command: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted) = (Vec::new(), None::<String>, false);
    for char in command.chars() {
        match char {
            '\'' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            ' ' if !quoted => words.extend(word.take()),
            _ => word.get_or_insert_default().push(char),
        }
    }
    assert!(!quoted, "a quote is open: {command}");
    words.extend(word);
    words
}

fn printed(folder: &Path, command: &str) -> String {
    let (command, echo) = match command.strip_suffix("; echo $?") {
        Some(command) => (command, true),
        None => (command, false),
    };
    let words = words(command);
    assert_eq!(words[0], "swathe");
    let output = Command::new(env!("CARGO_BIN_EXE_swathe"))
        .current_dir(folder)
        .args(&words[1..])
        .env_remove("SWATHE_CONFIG_PATH")
        .output()
        .expect("the program starts");
    let mut text = String::from_utf8(output.stdout).expect("UTF-8");
    text += &String::from_utf8(output.stderr).expect("UTF-8");
    let code = output.status.code().expect("it ends by itself");
    if echo {
        text.push_str(&code.to_string());
        text.push('\n');
    } else {
        assert_eq!(code, 0, "{command}: {text}");
    }
    text
}

#[test]
fn every_recipe_prints_what_the_guide_says() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let text = fs::read_to_string(docs.join("guide.md")).expect("the guide");
    let recipes = recipes(&text);
    assert!(recipes.len() >= 20);
    for recipe in recipes {
        let printed = printed(&docs.join("guide"), &recipe.command);
        assert_eq!(printed, recipe.output, "{}", recipe.command);
    }
}

#[test]
fn commands_are_taken_apart() {
    assert_eq!(
        words(r#"a 'b c' --d='" $1' ''"#),
        ["a", "b c", "--d=\" $1", ""]
    );
}
