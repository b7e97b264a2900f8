package import ContentAddress
import OCI
import Printable

/// What `bindery-context.json` says: which bytes of which release each file of a context is.
package struct ContextRecord: Equatable, Sendable {
    /// A file of the context that isn't an artifact.
    package struct Document: Equatable, Sendable {
        package let digest: Digest
        /// In bytes.
        package let size: Int64

        package init(_ bytes: [UInt8]) {
            digest = Digest.of(bytes)
            size = Int64(bytes.count)
        }
    }

    /// An instruction that the engine runs or fetches by.
    package struct Allowed: Equatable, Sendable {
        /// Its keyword.
        package let instruction: String
        /// Its first line, from 1.
        package let line: Int

        package init(instruction: String, line: Int) {
            self.instruction = instruction
            self.line = line
        }
    }

    /// What a name that the engine is given stands for.
    package enum BuildContext: Equatable, Sendable {
        /// An image, by its reference.
        case image(String)
        /// A release, `name@version`.
        case release(String)
    }

    /// The file's name in a context.
    package static var fileName: String { ContextFile.recordName }
    /// The version of this form.
    static let format: Int64 = 1
    /// No record is larger, in bytes.
    package static let maximumSize = 16 << 20

    /// The files, by name.
    package let files: [ContextFile]
    /// The Dockerfile that stands in the context.
    package let dockerfile: Document
    /// The Dockerfile that was given, where the context has one that was written anew.
    package let original: Document?
    /// What the engine runs or fetches by, in the order of the Dockerfile.
    package let allowed: [Allowed]
    /// The contexts with names of their own.
    package let buildContexts: [String: BuildContext]

    package init(
        files: [ContextFile],
        dockerfile: Document,
        original: Document?,
        allowed: [Allowed],
        buildContexts: [String: BuildContext]
    ) {
        self.files = files
        self.dockerfile = dockerfile
        self.original = original
        self.allowed = allowed
        self.buildContexts = buildContexts
    }

    /// The content of ``ContextFile/ignoreName``.
    package var ignoreText: String {
        Self.ignoreText(withOriginal: original != nil, withContexts: files.contains { Self.isInRelease($0.name) })
    }

    /// The canonical bytes.
    package var bytes: [UInt8] { CanonicalJSON.encode(json) }

    /// The record as JSON: `binderyContext` is the form's version.
    package var json: JSONValue {
        var dockerfile: [String: JSONValue] = [
            "digest": .string(self.dockerfile.digest.description),
            "file": .string(ContextFile.dockerfileName),
            "size": .int(self.dockerfile.size),
        ]
        if let original {
            dockerfile["original"] = .object([
                "digest": .string(original.digest.description), "file": .string(ContextFile.originalName),
            ])
        }
        var members: [String: JSONValue] = [
            "binderyContext": .int(Self.format),
            "dockerfile": .object(dockerfile),
            "files": .array(files.map(Self.json)),
        ]
        if !allowed.isEmpty {
            members["allowedRun"] = .array(
                allowed.map { ["instruction": .string($0.instruction), "line": .int(Int64($0.line))] }
            )
        }
        if !buildContexts.isEmpty {
            members["buildContexts"] = .array(buildContexts.sorted { $0.key < $1.key }.map(Self.json))
        }
        return .object(members)
    }

    private static func json(_ file: ContextFile) -> JSONValue {
        var members: [String: JSONValue] = [
            "digest": .string(file.digest.description),
            "file": .string(file.name),
            "mode": .string(FileMode.text(file.mode)),
            "name": .string(file.key.name.text),
            "platform": .string(file.key.platform.description),
            "size": .int(file.size),
            "version": .string(file.key.version.text),
        ]
        if !file.key.isProgram { members["path"] = .string(file.key.file.text) }
        return .object(members)
    }

    private static func json(_ name: String, _ context: BuildContext) -> JSONValue {
        switch context {
        case .image(let reference): ["image": .string(reference), "name": .string(name)]
        case .release(let release): ["name": .string(name), "release": .string(release)]
        }
    }

    static func isInRelease(_ name: String) -> Bool { name.hasPrefix(ContextFile.contextsName + "/") }

    static func ignoreText(withOriginal: Bool, withContexts: Bool) -> String {
        let names = [ContextFile.dockerfileName] + (withOriginal ? [ContextFile.originalName] : [])
        let directories = withContexts ? [ContextFile.contextsName] : []
        return (names + [ContextFile.ignoreName, fileName] + directories).map { $0 + "\n" }.joined()
    }
}
