import ContentAddress
import ImageAssembler
import OCI
import Printable
import Release

/// What `context` made, as a table, as commands to go on with, and in JSON (docs/cli.md).
struct ContextResult {
    /// The contexts; an empty name is the directory itself.
    let parts: [(directory: String, plan: ContextPlan)]
    let directory: String
    let isSplit: Bool
    let isDryRun: Bool
    let target: String?
    let arguments: BuildArguments
    let release: ReleaseKey?

    private var platforms: [Platform] { parts.flatMap(\.plan.platforms) }

    private func path(_ part: String) -> String { part.isEmpty ? directory : directory + "/" + part }

    var table: Table {
        var table = Table(
            [("FILE", .path), ("RELEASE", .left), ("PLATFORM", .left), ("SIZE", .right), ("DIGEST", .left)],
            leftOut: ["DIGEST", "PLATFORM"]
        )
        for (directory, plan) in parts {
            for file in plan.files {
                table.add(
                    directory.isEmpty ? file.name : directory + "/" + file.name,
                    "\(file.key.release)",
                    "\(file.key.platform)",
                    ByteCount.text(file.size),
                    file.digest.short
                )
            }
        }
        return table
    }

    /// The commands that build an image of each context, and join them.
    var commands: [String] {
        let builds = parts.map { directory, plan in
            let platforms = plan.platforms.map(\.description).joined(separator: ",")
            var words = ["docker", "buildx", "build", path(directory)]
            if !platforms.isEmpty { words += ["--platform", platforms] }
            if let target { words += ["--target", target] }
            let unused = Set(ContextPlan.unused(arguments, in: plan.dockerfile))
            for (name, value) in arguments.common(to: plan.platforms).sorted(by: { $0.key < $1.key })
            where !unused.contains(name) {
                words += ["--build-arg", "\(name)=\(value)"]
            }
            for (name, content) in plan.contexts.contents.sorted(by: { $0.key < $1.key }) {
                switch content {
                case .image(let reference): words += ["--build-context", "\(name)=docker-image://\(reference)"]
                case .release:
                    let place = "\(path(directory))/\(ContextFile.contextsName)/\(name)"
                    words += ["--build-context", "\(name)=\(place)"]
                }
            }
            return isSplit ? words + ["--load", "-t", tag(directory)] : words
        }
        let imports = parts.map { directory, _ in
            ["bindery", "import", "docker-daemon:\(tag(directory))", "-t", tag(directory)]
        }
        let join = ["bindery", "index", "create", tag("")] + parts.map { tag($0.directory) }
        return (isSplit ? builds + imports + [join] : builds).map { words in
            words.map(ShellWord.quoted).joined(separator: " ")
        }
    }

    private func tag(_ directory: String) -> String {
        let name = release.map { "\($0.name):\($0.version.text)" } ?? "image"
        return directory.isEmpty ? name : name + "-" + directory
    }

    var shape: Shape {
        var warnings: [Warning] = []
        for warning in parts.flatMap(\.plan.warnings).map(Warning.init) where !warnings.contains(warning) {
            warnings.append(warning)
        }
        let contexts = parts.map { Context(directory: path($0.directory), content: ContextRecord($0.plan).json) }
        return Shape(
            directory: directory,
            dryRun: isDryRun,
            platforms: platforms.map(\.description),
            context: isSplit ? nil : contexts.first?.content,
            contexts: isSplit ? contexts : nil,
            warnings: warnings
        )
    }

    struct Shape: Encodable {
        let directory: String
        let dryRun: Bool
        let platforms: [String]
        let context: JSONValue?
        let contexts: [Context]?
        let warnings: [Warning]
    }

    struct Context: Encodable {
        let directory: String
        let content: JSONValue

        enum CodingKeys: String, CodingKey {
            case directory
            case content = "context"
        }
    }

    struct Warning: Encodable, Equatable {
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
