# The program alone, static, as a user without rights; mount what is to be analysed at /work.
FROM rust:1.95-alpine3.22 AS build
WORKDIR /src
COPY Cargo.toml Cargo.lock build.rs README.md ./
COPY src src
COPY rules rules
COPY benches benches
COPY tests tests
RUN cargo build --release --locked --bin eksdns-lint

FROM scratch
COPY --from=build /src/target/release/eksdns-lint /eksdns-lint
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["/eksdns-lint"]
CMD ["."]
