# Short names for the commands of contributors. Each runs cargo or a stage of .ci.

# Lists the recipes.
default:
    @just --list

# Serves the API on 127.0.0.1:8080, with an embedded database in this folder.
run *arguments:
    cargo run -- {{arguments}}

# Runs the tests on both databases; a name runs those whose path contains it.
test *name:
    REQUIRE_POSTGRES=1 cargo test --workspace -- {{name}}

# Checks that everything compiles; the fastest check of a change.
check:
    cargo check --workspace --all-targets

# Runs Clippy as strictly as CI does, and checks the formatting.
lint: && (stage "lint")
    cargo clippy --workspace --all-targets -- --deny warnings

# Formats all three workspaces.
fmt:
    cargo fmt --all
    cargo fmt --manifest-path fuzz/Cargo.toml
    cargo fmt --manifest-path bench/Cargo.toml

# Writes the files that the program prints.
schema:
    cargo run -q -- schema > schema.graphql
    cargo run -q -- errors > docs/errors.md
    cargo run -q -- pipeline schema > samples/pipeline.schema.json
    cargo run -q -- pipeline flow samples/vendas.yaml > docs/pipeline.svg

# Documents the code, private items included, and opens the result.
docs:
    cargo doc --no-deps --document-private-items --open

# Runs all checks of a change.
ci:
    bash .ci/run

# Runs one stage of CI: just stage replicas
stage name *arguments:
    .ci/{{name}} {{arguments}}

# Measures the service beside the databases alone and beside PostGraphile.
bench *arguments:
    cargo run --release --manifest-path bench/Cargo.toml -- {{arguments}}

# Checks the dependencies against deny.toml; "offline" leaves the advisories out.
deny *arguments: (stage "deny" arguments)

# Fuzzes each target: a fixed number of inputs, or this many seconds.
fuzz *seconds: (stage "fuzz" seconds)
