internal import ArtifactStore
public import ContentAddress
internal import OCI

/// What `bindery-context.json` says: which bytes of which release each file of a context is.
public struct ContextRecord: Equatable, Sendable {
    /// The file's name in a context.
    public static let fileName = "bindery-context.json"
    /// The Dockerfile's name in a context, where engines look for it.
    public static let dockerfileName = "Dockerfile"
    /// The name of the Dockerfile that was given, where another one had to be written.
    static let originalName = "Dockerfile.original"
    /// The list of what engines shall not copy: our own files, so that `COPY .` brings in released files only.
    static let ignoreName = ".dockerignore"
    /// The names that no artifact can have.
    static let reservedNames: Set = [
        fileName, dockerfileName, originalName, ignoreName, dockerfileName + ignoreName,
    ]
    /// The content of ``ignoreName``.
    var ignoreText: String {
        let names = [Self.dockerfileName] + (originalDigest == nil ? [] : [Self.originalName])
        return (names + [Self.ignoreName, Self.fileName]).map { $0 + "\n" }.joined()
    }
    /// The version of this form.
    static let format: Int64 = 1
    /// A larger record is none of ours, in bytes.
    static let maximumSize: Int64 = 16 << 20

    /// The files, by name.
    public let files: [ContextFile]
    /// The Dockerfile's digest.
    public let dockerfileDigest: Digest
    /// The Dockerfile's size in bytes.
    public let dockerfileSize: Int64
    /// The digest of the Dockerfile that was given, where the context has one that was written anew.
    package let originalDigest: Digest?

    /// The record of a plan.
    public init(_ plan: ContextPlan) {
        files = plan.files
        dockerfileDigest = Digest.of(plan.contextDockerfile)
        dockerfileSize = Int64(plan.contextDockerfile.count)
        originalDigest = plan.isRewritten ? Digest.of(plan.dockerfileBytes) : nil
    }

    /// The canonical bytes.
    public var bytes: [UInt8] { CanonicalJSON.encode(json) }

    /// The record as JSON: `binderyContext` is the form's version.
    public var json: JSONValue {
        var dockerfile: [String: JSONValue] = [
            "digest": .string(dockerfileDigest.description),
            "file": .string(Self.dockerfileName),
            "size": .int(dockerfileSize),
        ]
        if let originalDigest {
            dockerfile["original"] = .object([
                "digest": .string(originalDigest.description), "file": .string(Self.originalName),
            ])
        }
        return .object([
            "binderyContext": .int(Self.format),
            "dockerfile": .object(dockerfile),
            "files": .array(files.map(Self.json)),
        ])
    }

    private static func json(_ file: ContextFile) -> JSONValue {
        .object([
            "digest": .string(file.digest.description),
            "file": .string(file.name),
            "mode": .string(octal(file.mode)),
            "name": .string(file.key.name.text),
            "platform": .string(file.key.platform.description),
            "size": .int(file.size),
            "version": .string(file.key.version.text),
        ])
    }

    private static func octal(_ mode: UInt16) -> String {
        let digits = String(mode, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    /// The names of the files that a record's bytes list, with those that each context has; nil when it is no record.
    static func names(in bytes: [UInt8]) -> Set<String>? {
        guard let json = try? JSONValue(parsing: bytes), case .object(let members) = json,
            members["binderyContext"] == .int(format), case .array(let files) = members["files"]
        else { return nil }
        var names = reservedNames
        for case .object(let file) in files {
            // The first directory of a path is what stands in the context.
            guard case .string(let path) = file["file"], let name = path.split(separator: "/").first else { continue }
            names.insert(String(name))
        }
        return names
    }
}
