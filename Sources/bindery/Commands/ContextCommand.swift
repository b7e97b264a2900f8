import ArgumentParser
import ArtifactStore
import ContentAddress
import Dockerfile
import ImageAssembler
import OCI
import Printable
import Release

struct ContextCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "context",
        abstract: "Makes the tree that docker buildx build reads, from released files.",
        discussion: """
            Before a byte is written, the Dockerfile is checked for each platform: every source of COPY and ADD is a file
            of the releases, for that platform, and nothing runs or fetches at build time. The folder is made whole or
            not at all; an earlier context in it, or an empty folder, is replaced. bindery-context.json in it tells which
            bytes of which release each file is.

            Examples:
              bindery context mount-monitor@1.2.3 -f Dockerfile.release -o docker-context
              bindery context agent@2.0.0 ca-bundle@2026.11 -o docker-context --platform linux/arm64
              bindery context agent@2.0.0 --dry-run
            """
    )

    @OptionGroup var build: BuildOptionGroup

    @Option(name: .shortAndLong, help: "The folder to make.", completion: .directory)
    var output = "docker-context"

    @Flag(help: "Warn only of instructions that run or fetch something.")
    var allowRun = false

    @Flag(help: "Check, print what would be made, and make nothing.")
    var dryRun = false

    @Flag(help: "Hash every stored blob, also those that were hashed in the last day and whose files haven't changed.")
    var verify = false

    @OptionGroup var options: StoreOptionGroup

    func validate() throws {
        if build.releases.isEmpty { throw ValidationError("give at least one release, name@version") }
        if output.isEmpty { throw ValidationError("--output is empty: give a folder") }
    }

    func run() throws {
        let epoch = try BuildOptionGroup.epoch()
        // Not for reading only: which blobs were found unchanged is noted, where the store can be written.
        let store = try dryRun ? options.openForReading() : options.open(rehashing: verify)
        let plan = try build.plan(in: store, allowsRun: allowRun)
        for warning in plan.warnings { Output.warning("\(build.file), \(warning)") }
        for warning in plan.dockerfile.warnings { Output.warning("\(warning)") }
        if !dryRun {
            let progress = Progress("copying", total: plan.files.map(\.size).reduce(0, &+))
            defer { progress.finish() }
            try ContextWriter(store: store, epoch: epoch).write(plan, to: output) { progress.add($0) }
        }
        if options.json { return try Output.json(Shape(plan, directory: output, dryRun: dryRun)) }
        var table = Table(
            [("FILE", .path), ("RELEASE", .left), ("PLATFORM", .left), ("SIZE", .right), ("DIGEST", .left)],
            leftOut: ["DIGEST", "PLATFORM"]
        )
        for file in plan.files {
            table.add(
                file.name,
                "\(file.key.release)",
                "\(file.key.platform)",
                ByteCount.text(file.size),
                file.digest.short
            )
        }
        table.print()
        let platforms = plan.platforms.map(\.description).joined(separator: ",")
        let build =
            "docker buildx build \(output)" + (platforms.isEmpty ? "" : " --platform \(platforms)")
            + (self.build.target.map { " --target \($0)" } ?? "")
        Output.note(dryRun ? "\(output) would be made; nothing was written" : "\(output) is ready: \(build)")
    }

    private struct Shape: Encodable {
        let directory: String
        let dryRun: Bool
        let platforms: [String]
        let context: JSONValue
        let warnings: [Warning]

        init(_ plan: ContextPlan, directory: String, dryRun: Bool) {
            self.directory = directory
            self.dryRun = dryRun
            platforms = plan.platforms.map(\.description)
            context = ContextRecord(plan).json
            warnings = plan.warnings.map(Warning.init)
        }
    }

    private struct Warning: Encodable {
        let line: Int
        let instruction: String
        let message: String

        init(_ problem: PlanProblem) {
            line = problem.lines.lowerBound
            instruction = problem.instruction
            message = problem.description
        }
    }
}
