import ArgumentParser
import ArtifactStore
import ContentAddress
import Dockerfile
import ImageAssembler
import OCI
import Printable
import Release

struct ContextCommand: ProjectCommand {
    static let configuration = CommandConfiguration(
        commandName: "context",
        abstract: "Makes the tree that docker buildx build reads, from released files.",
        discussion: """
            Before a byte is written, the Dockerfile is checked for each platform: every source of COPY and ADD is a file
            of the releases, for that platform, and nothing runs or fetches at build time. The directory is made whole or
            not at all; an earlier context in it, or an empty directory, is replaced. bindery-context.json in it tells which
            bytes of which release each file is.

            Examples:
              bindery context mount-monitor@1.2.3 -f Dockerfile.release -o docker-context
              bindery context agent@2.0.0 ca-bundle@2026.11 -o docker-context --platform linux/arm64
              bindery context agent@2.0.0 --split -o contexts
              bindery context agent@2.0.0 --build-context base=debian:12 --build-context certs=ca-bundle@2026.11
              bindery context agent@2.0.0 --dry-run
            """
    )

    @OptionGroup var build: BuildOptionGroup

    @Option(name: .shortAndLong, help: "The directory to make.", completion: .directory)
    var output = "docker-context"

    @Flag(help: "Let the engine run what RUN says, and fetch what ADD names; the image gets a label that says so.")
    var allowRun = false

    @Flag(help: "Make a tree for each platform, to be built one by one and joined.")
    var split = false

    @Flag(help: "Check, print what would be made, and make nothing.")
    var dryRun = false

    @Flag(help: "Hash every stored blob, also those that were hashed in the last day and whose files haven't changed.")
    var verify = false

    @OptionGroup var options: StoreOptionGroup

    func validate() throws {
        if build.releases.isEmpty { throw ValidationError("give at least one release, name@version") }
        if output.isEmpty { throw ValidationError("--output is empty: give a directory") }
        if output == "-" {
            throw ValidationError("a context is a directory, which standard output can't take; one called '-' is ./-")
        }
    }

    func run() throws {
        try OutputPlaces.check(output, outside: options.path)
        var places = OutputPlaces()
        places.addInputs(build.file)
        places.add("the context's Dockerfile", file: output + "/Dockerfile")
        try places.take(json: options.json, store: options.path)
        let epoch = try BuildOptionGroup.epoch()
        // Not for reading only: which blobs were found unchanged is recorded, where the store can be written.
        let store = try dryRun ? options.openForReading() : options.open(for: .recording, rehashing: verify)
        var parts: [(directory: String, plan: ContextPlan)]
        if split {
            parts = try build.split(in: store, allowsRun: allowRun).map { ($0.directory, $0.plan) }
        } else {
            parts = [("", try build.plan(in: store, allowsRun: allowRun))]
        }
        parts = parts.map { ($0.directory, $0.plan.withTriggers(knownTo: store)) }
        let arguments = try build.buildArguments(in: store)
        for (_, plan) in parts {
            let unused = ContextPlan.unused(arguments, in: plan.dockerfile)
            for name in arguments.differing(between: plan.platforms) where !unused.contains(name) {
                throw UsageError(
                    description: "--build-arg \(name) differs by platform, and one call of docker builds them all: "
                        + "take --split, or one --platform"
                )
            }
        }
        warn(of: parts.map(\.plan))
        if !dryRun {
            let progress = Progress("copying", total: parts.flatMap(\.plan.files).map(\.size).reduce(0, &+))
            defer { progress.finish() }
            try ContextWriter(store: store, epoch: epoch).write(parts, to: output) { progress.add($0) }
        }
        let result = ContextResult(
            parts: parts,
            directory: output,
            isSplit: split,
            isDryRun: dryRun,
            target: build.target,
            arguments: arguments,
            release: build.releases.first
        )
        if options.json { return try Output.json(result.shape) }
        result.table.print()
        if dryRun { return Output.note("\(output) would be made; nothing was written") }
        let commands = result.commands
        Output.note("\(output) is ready:" + Message(commands.count == 1 ? " \(commands[0])" : ""))
        if commands.count > 1 { for command in commands { Output.note("  \(command)") } }
    }

    // What all platforms' contexts share is told once.
    private func warn(of plans: [ContextPlan]) {
        var told: Set<String> = []
        for plan in plans {
            for warning in plan.warnings where told.insert("\(warning)").inserted {
                Output.warning("\(build.file), \(warning)")
            }
            for warning in plan.dockerfile.warnings where told.insert("\(warning)").inserted {
                Output.warning("\(warning)")
            }
        }
        let lines = Set(plans.flatMap(\.allowed).map(\.lines.lowerBound)).sorted().map(String.init)
        if !lines.isEmpty {
            Output.warning(
                "the engine runs or fetches something by line \(lines.joined(separator: ", ")) of \(build.file): the image is "
                    + "labelled with that, and `bindery audit` reports it (BND063)"
            )
        }
    }
}
