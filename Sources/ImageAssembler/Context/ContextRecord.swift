import ArtifactStore
package import ContentAddress
import OCI
import Release

/// What `bindery-context.json` says: which bytes of which release each file of a context is.
package struct ContextRecord: Equatable, Sendable {
    /// The file's name in a context.
    package static var fileName: String { ContextFile.recordName }
    /// The content of ``ContextFile/ignoreName``.
    var ignoreText: String {
        Self.ignoreText(withOriginal: originalDigest != nil, withContexts: files.contains { Self.isInRelease($0.name) })
    }
    /// The version of this form.
    static let format: Int64 = 1
    /// A larger record is none of ours, in bytes.
    static let maximumSize = 16 << 20

    /// The files, by name.
    package let files: [ContextFile]
    /// The Dockerfile's digest.
    package let dockerfileDigest: Digest
    /// The Dockerfile's size in bytes.
    package let dockerfileSize: Int64
    /// The digest of the Dockerfile that was given, where the context has one that was written anew.
    package let originalDigest: Digest?

    /// The instructions that the engine runs or fetches by, in the order of the file.
    package let allowed: [PlanProblem]

    private let contexts: NamedContexts

    /// The record of a plan.
    package init(_ plan: ContextPlan) {
        files = plan.files
        dockerfileDigest = Digest.of(plan.contextDockerfile)
        dockerfileSize = Int64(plan.contextDockerfile.count)
        allowed = plan.allowed
        contexts = plan.contexts
        originalDigest = plan.isRewritten ? Digest.of(plan.dockerfileBytes) : nil
    }

    /// The canonical bytes.
    package var bytes: [UInt8] { CanonicalJSON.encode(json) }

    /// The record as JSON: `binderyContext` is the form's version.
    package var json: JSONValue {
        var dockerfile: [String: JSONValue] = [
            "digest": .string(dockerfileDigest.description),
            "file": .string(ContextFile.dockerfileName),
            "size": .int(dockerfileSize),
        ]
        if let originalDigest {
            dockerfile["original"] = .object([
                "digest": .string(originalDigest.description), "file": .string(ContextFile.originalName),
            ])
        }
        var members: [String: JSONValue] = [
            "binderyContext": .int(Self.format),
            "dockerfile": .object(dockerfile),
            "files": .array(files.map(Self.json)),
        ]
        if !allowed.isEmpty {
            members["allowedRun"] = .array(
                allowed.map { problem in
                    .object([
                        "instruction": .string(problem.instruction),
                        "line": .int(Int64(problem.lines.lowerBound)),
                    ])
                }
            )
        }
        if !contexts.contents.isEmpty { members["buildContexts"] = .array(contexts.json) }
        return .object(members)
    }

    private static func json(_ file: ContextFile) -> JSONValue {
        var members: [String: JSONValue] = [
            "digest": .string(file.digest.description),
            "file": .string(file.name),
            "mode": .string(octal(file.mode)),
            "name": .string(file.key.name.text),
            "platform": .string(file.key.platform.description),
            "size": .int(file.size),
            "version": .string(file.key.version.text),
        ]
        if !file.key.isProgram { members["path"] = .string(file.key.file.text) }
        return .object(members)
    }

    private static func octal(_ mode: UInt16) -> String {
        let digits = String(mode, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    private static func isInRelease(_ name: String) -> Bool { name.hasPrefix(ContextFile.contextsName + "/") }

    private static func ignoreText(withOriginal: Bool, withContexts: Bool) -> String {
        let names = [ContextFile.dockerfileName] + (withOriginal ? [ContextFile.originalName] : [])
        let directories = withContexts ? [ContextFile.contextsName] : []
        return (names + [ContextFile.ignoreName, fileName] + directories).map { $0 + "\n" }.joined()
    }

    /// The digest of each file of the context that a record's bytes are of, the record itself and the list of what engines
    /// leave out included; nil when it is no record.
    ///
    /// By their paths in the folder; a path may be anything, and leads out of it perhaps.
    static func digests(in bytes: [UInt8]) -> [String: Digest]? {
        guard bytes.count <= maximumSize, let json = try? JSONValue(parsing: bytes), case .object(let members) = json,
            members["binderyContext"] == .int(format), case .array(let files) = members["files"],
            case .object(let dockerfile) = members["dockerfile"]
        else { return nil }
        var digests: [String: Digest] = [:]
        for case .object(let file) in files {
            guard case .string(let name) = file["file"], case .string(let text) = file["digest"],
                let digest = try? Digest(parsing: text)
            else { return nil }
            digests[name] = digest
        }
        guard case .string(let text) = dockerfile["digest"], let digest = try? Digest(parsing: text) else { return nil }
        digests[ContextFile.dockerfileName] = digest
        if case .object(let original) = dockerfile["original"], case .string(let text) = original["digest"] {
            digests[ContextFile.originalName] = try? Digest(parsing: text)
        }
        digests[ContextFile.ignoreName] = Digest.of(
            ignoreText(
                withOriginal: digests[ContextFile.originalName] != nil,
                withContexts: digests.keys.contains(where: isInRelease)
            )
        )
        digests[fileName] = Digest.of(bytes)
        return digests
    }
}

extension NamedContexts {
    /// The names, each with its image or release.
    fileprivate var json: [JSONValue] {
        contents.sorted { $0.key < $1.key }.map { name, content in
            switch content {
            case .image(let reference): .object(["image": .string(reference), "name": .string(name)])
            case .release(let artifacts):
                .object([
                    "name": .string(name), "release": .string(artifacts.first?.key.release.description ?? ""),
                ])
            }
        }
    }
}
